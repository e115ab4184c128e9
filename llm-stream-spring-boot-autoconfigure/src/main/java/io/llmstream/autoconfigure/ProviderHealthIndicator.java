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

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Instant;
import java.util.Objects;

import io.llmstream.TargetHealth;
import io.llmstream.engine.ProviderSettings;
import io.llmstream.observation.ObservedTarget;
import io.llmstream.observation.ProviderOutcomes;
import io.llmstream.observation.StreamStatistics;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * The health of one provider, as its circuit breaker and the last attempts tell it, and,
 * if that is wanted, whether it can be reached.
 */
final class ProviderHealthIndicator implements HealthIndicator {

	private final String name;

	private final DefaultLlmStreamProviders providers;

	private final StreamStatistics statistics;

	private final LlmStreamHealthProperties properties;

	private final boolean proxied;

	private @Nullable Boolean reachable;

	private long probed;

	ProviderHealthIndicator(String name, DefaultLlmStreamProviders providers, StreamStatistics statistics,
			LlmStreamHealthProperties properties, boolean proxied) {
		this.name = name;
		this.providers = providers;
		this.statistics = statistics;
		this.properties = properties;
		this.proxied = proxied;
	}

	@Override
	public Health health() {
		if (!this.providers.names().contains(this.name)) {
			return Health.unknown().withDetail("reason", "not used yet").build();
		}
		TargetHealth.State state = this.providers.health(this.name).state();
		ProviderOutcomes outcomes = this.statistics.outcomes(this.name);
		Instant failure = outcomes.lastFailure();
		boolean failing = outcomes.failuresInARow() >= this.properties.getFailures() && failure != null
				&& failure.isAfter(Instant.now().minus(this.properties.getFailureWindow()));
		Boolean connects = probe();
		boolean down = state == TargetHealth.State.DOWN || failing || Boolean.FALSE.equals(connects);
		Health.Builder health = Health.status((down) ? Status.DOWN : Status.UP)
			.withDetail("state", state.name())
			.withDetail("failuresInARow", outcomes.failuresInARow());
		if (failure != null) {
			health.withDetail("lastFailure", failure)
				.withDetail("lastFailureKind", Objects.requireNonNull(StreamReports.word(outcomes.lastFailureKind())));
		}
		if (outcomes.lastAnswer() != null) {
			health.withDetail("lastAnswer", outcomes.lastAnswer());
		}
		if (connects != null) {
			health.withDetail("reachable", connects);
		}
		return health.build();
	}

	/**
	 * Whether a connection can be made, or {@code null} where none is tried.
	 */
	private synchronized @Nullable Boolean probe() {
		LlmStreamHealthProperties.Probe probe = this.properties.getProbe();
		if (!probe.isEnabled() || this.proxied) {
			return null;
		}
		long now = System.nanoTime();
		if (this.reachable == null || now - this.probed > probe.getInterval().toNanos()) {
			this.reachable = connects(Math.toIntExact(probe.getTimeout().toMillis()));
			this.probed = now;
		}
		return this.reachable;
	}

	private boolean connects(int timeout) {
		ProviderSettings settings = this.providers.settings(this.name);
		ObservedTarget target = ObservedTarget.of(this.name, settings.dialect().type(), null, settings.baseUrl());
		if (target.address() == null) {
			return false;
		}
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress(target.address(), target.port()), timeout);
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

}
