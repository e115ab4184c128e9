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

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

import io.llmstream.ErrorKind;
import io.llmstream.RateLimitState;
import io.llmstream.TargetHealth;
import io.llmstream.engine.ProviderSettings;
import io.llmstream.engine.ProviderState;
import io.llmstream.observation.ActiveStreams;
import io.llmstream.observation.ObservedTarget;
import io.llmstream.observation.ProviderOutcomes;
import io.llmstream.observation.StreamStatistics;
import io.llmstream.resilience.CircuitBreakerFilter;
import org.jspecify.annotations.Nullable;

/**
 * Puts a {@link StreamReport} together.
 */
final class StreamReports {

	private final DefaultLlmStreamProviders providers;

	private final LlmStreamProperties properties;

	private final ActiveStreams streams;

	private final StreamStatistics statistics;

	StreamReports(DefaultLlmStreamProviders providers, LlmStreamProperties properties, ActiveStreams streams,
			StreamStatistics statistics) {
		this.providers = providers;
		this.properties = properties;
		this.streams = streams;
		this.statistics = statistics;
	}

	StreamReport report() {
		Map<String, StreamReport.Provider> described = new LinkedHashMap<>();
		for (String name : new TreeSet<>(this.providers.names())) {
			described.put(name, provider(name));
		}
		Map<String, StreamReport.Route> routes = new LinkedHashMap<>();
		this.properties.getRoutes().forEach((name, route) -> routes.put(name, route(route)));
		return new StreamReport(Instant.now(), this.statistics.since(),
				this.streams.list().stream().map(StreamReport.Stream::of).toList(), described, routes,
				this.statistics.tokens(), this.statistics.overall(), this.statistics.models(),
				this.statistics.minutes());
	}

	private StreamReport.Provider provider(String name) {
		ProviderSettings settings = this.providers.settings(name);
		String type = settings.dialect().type();
		ObservedTarget target = ObservedTarget.of(name, type, settings.defaultModel(), settings.baseUrl());
		List<StreamReport.Key> keys = new ArrayList<>();
		for (ProviderState.Key key : this.providers.state(name).keys()) {
			RateLimitState limits = key.rateLimits();
			keys.add(new StreamReport.Key(key.number(), key.coolingUntil(),
					(limits != null) ? limits.limits() : List.of(), (limits != null) ? limits.updated() : null));
		}
		ProviderOutcomes outcomes = this.statistics.outcomes(name);
		return new StreamReport.Provider(type, settings.defaultModel(),
				(target.address() != null) ? target.address() + ":" + target.port() : null,
				this.providers.health(name).state().name(), circuitBreaker(name), keys, outcomes.failuresInARow(),
				outcomes.lastFailure(), word(outcomes.lastFailureKind()), outcomes.lastAnswer());
	}

	private @Nullable String circuitBreaker(String name) {
		for (TargetHealth part : this.providers.parts(name)) {
			String state = BreakerState.of(part);
			if (state != null) {
				return state;
			}
		}
		return null;
	}

	private static StreamReport.Route route(RouteProperties route) {
		List<String> targets = route.getTargets()
			.stream()
			.map((target) -> (target.getModel() != null) ? target.getProvider() + "/" + target.getModel()
					: String.valueOf(target.getProvider()))
			.toList();
		return new StreamReport.Route(targets, route.getMidStream().name().toLowerCase(Locale.ROOT));
	}

	static @Nullable String word(@Nullable ErrorKind kind) {
		return (kind != null) ? kind.name().toLowerCase(Locale.ROOT).replace('_', '-') : null;
	}

	/**
	 * Loaded only where there is a part to ask, and so with Resilience4j if that is a
	 * circuit breaker.
	 */
	private static final class BreakerState {

		private static @Nullable String of(TargetHealth part) {
			return (part instanceof CircuitBreakerFilter filter) ? filter.breaker().getState().name() : null;
		}

	}

}
