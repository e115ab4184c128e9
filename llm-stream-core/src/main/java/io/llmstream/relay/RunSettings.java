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

package io.llmstream.relay;

import java.time.Duration;

import org.springframework.util.Assert;

/**
 * How runs outlive their connections. Immutable.
 *
 * @param onDisconnect what becomes of a run that nobody watches any more
 * @param grace how long a run may be without a browser, if it is allowed to. For its
 * first one it waits as long, and 30 seconds at least, unless it needs none
 * @param timeToLive how long a run that has ended can be read
 * @param maxRunSize how long a run's log may be, in bytes: those of its texts in UTF-8,
 * and 32 for each event that was not merged; 1024 at least. A longer run ends with
 * {@link RelayError#LIMIT}
 * @param maxRuns how many runs may be at work at the same time
 * @param maxRunsPerOwner how many of them may belong to one owner; does not apply to runs
 * that have none
 */
public record RunSettings(DisconnectPolicy onDisconnect, Duration grace, Duration timeToLive, long maxRunSize,
		int maxRuns, int maxRunsPerOwner) {

	private static final int SMALLEST_RUN = 1024;

	private static final RunSettings DEFAULTS = new RunSettings(DisconnectPolicy.GRACE, Duration.ofSeconds(30),
			Duration.ofMinutes(5), 4 * 1024 * 1024, 10_000, 16);

	/**
	 * Create settings.
	 */
	public RunSettings {
		Assert.isTrue(!grace.isNegative(), "grace must not be negative");
		Assert.isTrue(!timeToLive.isNegative(), "timeToLive must not be negative");
		Assert.isTrue(maxRunSize >= SMALLEST_RUN, "maxRunSize must be 1024 or more");
		Assert.isTrue(maxRuns > 0, "maxRuns must be positive");
		Assert.isTrue(maxRunsPerOwner > 0, "maxRunsPerOwner must be positive");
	}

	/**
	 * Settings that suit production.
	 * @return the defaults
	 */
	public static RunSettings defaults() {
		return DEFAULTS;
	}

	/**
	 * Change what becomes of a run that nobody watches any more.
	 * @param policy what becomes of it
	 * @param time how long it may be without a browser, if it is allowed to
	 * @return changed settings
	 */
	public RunSettings withOnDisconnect(DisconnectPolicy policy, Duration time) {
		return new RunSettings(policy, time, this.timeToLive, this.maxRunSize, this.maxRuns, this.maxRunsPerOwner);
	}

	/**
	 * Change how long a run that has ended can be read.
	 * @param time the time
	 * @return changed settings
	 */
	public RunSettings withTimeToLive(Duration time) {
		return new RunSettings(this.onDisconnect, this.grace, time, this.maxRunSize, this.maxRuns,
				this.maxRunsPerOwner);
	}

	/**
	 * Change how long a run's log may be.
	 * @param size the size in bytes
	 * @return changed settings
	 */
	public RunSettings withMaxRunSize(long size) {
		return new RunSettings(this.onDisconnect, this.grace, this.timeToLive, size, this.maxRuns,
				this.maxRunsPerOwner);
	}

	/**
	 * Change how many runs there may be.
	 * @param total how many may be at work at the same time
	 * @param perOwner how many of them may belong to one owner
	 * @return changed settings
	 */
	public RunSettings withMaxRuns(int total, int perOwner) {
		return new RunSettings(this.onDisconnect, this.grace, this.timeToLive, this.maxRunSize, total, perOwner);
	}

}
