/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.llmstream.autoconfigure;

import io.llmstream.relay.RelaySettings;
import io.llmstream.relay.RunOptions;
import io.llmstream.relay.RunSettings;

import org.springframework.util.unit.DataSize;

/**
 * From the properties of the relay to its settings.
 */
final class RelaySettingsMapper {

	private static final PropertyChecks checks = new PropertyChecks("llm-stream.relay.");

	private static final DataSize SMALLEST_RUN = DataSize.ofKilobytes(1);

	private final LlmStreamProperties.Relay properties;

	RelaySettingsMapper(LlmStreamProperties.Relay properties) {
		this.properties = properties;
	}

	RelaySettings settings() {
		LlmStreamProperties.Relay relay = this.properties;
		checks.notNegative("heartbeat", relay.getHeartbeat(), "15s");
		checks.notNegative("coalescing-window", relay.getCoalescingWindow(), "15ms");
		checks.notNegative("write-timeout", relay.getWriteTimeout(), "30s");
		checks.notNegative("shutdown-timeout", relay.getShutdownTimeout(), "10s");
		checks.check(relay.getMaxConnections() > 0, "max-connections", relay.getMaxConnections(), "must be positive",
				"256");
		RelaySettings defaults = RelaySettings.defaults();
		return defaults.withHeartbeat(relay.getHeartbeat())
			.withCoalescing(relay.getCoalescingWindow(), defaults.mergeLimit())
			.withMaxBatch(bytes("max-batch-size", relay.getMaxBatchSize(), "32KB"))
			.withMaxLag(bytes("max-lag", relay.getMaxLag(), "256KB"))
			.withWriteTimeout(relay.getWriteTimeout())
			.withMaxConnections(relay.getMaxConnections());
	}

	RunSettings runSettings() {
		LlmStreamProperties.Runs runs = this.properties.getRuns();
		checks.notNegative("runs.grace", runs.getGrace(), "30s");
		checks.notNegative("runs.time-to-live", runs.getTimeToLive(), "5m");
		checks.check(runs.getMaxRuns() > 0, "runs.max-runs", runs.getMaxRuns(), "must be positive", "10000");
		checks.check(runs.getMaxRunsPerOwner() > 0, "runs.max-runs-per-owner", runs.getMaxRunsPerOwner(),
				"must be positive", "16");
		return new RunSettings(runs.getOnDisconnect(), runs.getGrace(), runs.getTimeToLive(),
				bytes("runs.max-run-size", runs.getMaxRunSize(), SMALLEST_RUN, "4MB"), runs.getMaxRuns(),
				runs.getMaxRunsPerOwner());
	}

	RunOptions endpointOptions() {
		LlmStreamProperties.Endpoints endpoints = this.properties.getEndpoints();
		checks.notNegative("endpoints.grace", endpoints.getGrace(), "30s");
		return new RunOptions(endpoints.getOnDisconnect(), endpoints.getGrace(), null);
	}

	int maxRequestSize() {
		LlmStreamProperties.Endpoints endpoints = this.properties.getEndpoints();
		String path = endpoints.getPath();
		checks.check(path.length() > 1 && path.startsWith("/") && !path.endsWith("/"), "endpoints.path", path,
				"must begin with a slash and not end with one", "/llm-stream/runs");
		return bytes("endpoints.max-request-size", endpoints.getMaxRequestSize(), "256KB");
	}

	private static int bytes(String name, DataSize size, String example) {
		return bytes(name, size, DataSize.ofBytes(1), example);
	}

	private static int bytes(String name, DataSize size, DataSize least, String example) {
		checks.check(size.compareTo(least) >= 0 && size.toBytes() <= Integer.MAX_VALUE, name, size,
				"must be from " + least + " to 2047MB", example);
		return (int) size.toBytes();
	}

}
