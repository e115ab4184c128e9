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

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.llmstream.RateLimit;
import io.llmstream.observation.ActiveStream;
import io.llmstream.observation.MinuteFigures;
import io.llmstream.observation.ModelFigures;
import org.jspecify.annotations.Nullable;

/**
 * What the actuator endpoint {@code llmstream} tells. Durations are in seconds.
 *
 * @param time when this was true
 * @param since since when counts are kept
 * @param streams the active streams, the oldest first
 * @param providers the providers by their names in the configuration
 * @param routes the routes by their names
 * @param endedTokens how many tokens came in streams that have ended
 * @param overall recent figures of all models together
 * @param models recent figures by provider and model
 * @param minutes figures of the last hour, minute by minute
 */
public record StreamReport(Instant time, Instant since, List<Stream> streams, Map<String, Provider> providers,
		Map<String, Route> routes, long endedTokens, ModelFigures overall, List<ModelFigures> models,
		List<MinuteFigures> minutes) {

	private static @Nullable Double seconds(@Nullable Duration duration) {
		return (duration != null) ? duration.toNanos() / 1_000_000 / 1e3 : null;
	}

	/**
	 * An active stream.
	 *
	 * @param id by which it can be stopped
	 * @param client the client that was asked: a provider or a route
	 * @param provider the provider that is being asked, or {@code null}
	 * @param model the model that is being asked, or {@code null}
	 * @param tags the tags of the request
	 * @param started when it began
	 * @param age for how long it has been active
	 * @param timeToFirstToken how long the first token took, or {@code null}
	 * @param tokens how many tokens with content came so far
	 * @param attempts how many attempts have begun
	 */
	public record Stream(String id, String client, @Nullable String provider, @Nullable String model,
			Map<String, String> tags, Instant started, @Nullable Double age, @Nullable Double timeToFirstToken,
			long tokens, int attempts) {

		static Stream of(ActiveStream stream) {
			return new Stream(stream.id(), stream.client(), stream.provider(), stream.model(), stream.tags(),
					stream.started(), seconds(stream.age()), seconds(stream.timeToFirstToken()), stream.tokens(),
					stream.attempts());
		}

	}

	/**
	 * A configured provider.
	 *
	 * @param type the kind of server
	 * @param model the model that is asked where a request names none, or {@code null}
	 * @param address its host and port
	 * @param state how it is doing: {@code UP}, {@code LIMITED} or {@code DOWN}
	 * @param circuitBreaker the state of its circuit breaker, or {@code null} without one
	 * @param keys its API keys, by number
	 * @param failuresInARow how many attempts have failed since the last answer
	 * @param lastFailure when one failed last, or {@code null}
	 * @param lastFailureKind the kind of that failure, or {@code null}
	 * @param lastAnswer when it answered last, or {@code null}
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	public record Provider(String type, @Nullable String model, @Nullable String address, String state,
			@Nullable String circuitBreaker, List<Key> keys, int failuresInARow, @Nullable Instant lastFailure,
			@Nullable String lastFailureKind, @Nullable Instant lastAnswer) {
	}

	/**
	 * One API key of a provider, which is not told.
	 *
	 * @param number which of the keys, counted from 1
	 * @param coolingUntil until when it rests, or {@code null} if it does not
	 * @param rateLimits its rate limits, as the provider told them last
	 * @param updated when they were told, or {@code null}
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	public record Key(int number, @Nullable Instant coolingUntil, List<RateLimit> rateLimits,
			@Nullable Instant updated) {
	}

	/**
	 * A route.
	 *
	 * @param targets its targets in order, as {@code provider} or {@code provider/model}
	 * @param midStream what happens when an answer breaks off
	 */
	public record Route(List<String> targets, String midStream) {
	}

}
