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

package io.llmstream.observation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import io.llmstream.ErrorKind;
import io.llmstream.StreamAttempt;
import io.llmstream.StreamOutcome;
import org.jspecify.annotations.Nullable;

/**
 * A stream that has ended.
 *
 * @param client the client that was asked: a provider or a route
 * @param outcome how it ended
 * @param errorKind the kind of failure, or {@code null} if it did not fail, or failed
 * with an exception of another type
 * @param duration how long it took
 * @param timeToFirstToken how long the first token took, or {@code null} if none came
 * @param tokens how many tokens with content were passed on
 * @param attempts what was tried, in the order in which it ended
 */
public record EndedStream(String client, StreamOutcome.End outcome, @Nullable ErrorKind errorKind, Duration duration,
		@Nullable Duration timeToFirstToken, long tokens, List<StreamAttempt> attempts) {

	/**
	 * Create a stream.
	 */
	public EndedStream {
		attempts = List.copyOf(attempts);
	}

	/**
	 * The attempts that failed and after which another provider, or another model, was
	 * asked.
	 * @return the attempts, may be empty
	 */
	public List<StreamAttempt> failovers() {
		List<StreamAttempt> failovers = new ArrayList<>();
		for (int i = 1; i < this.attempts.size(); i++) {
			StreamAttempt before = this.attempts.get(i - 1);
			if (before.end() == StreamOutcome.End.FAILED && !sameTarget(before, this.attempts.get(i))) {
				failovers.add(before);
			}
		}
		return failovers;
	}

	private static boolean sameTarget(StreamAttempt one, StreamAttempt other) {
		return one.provider().equals(other.provider()) && Objects.equals(one.requestedModel(), other.requestedModel());
	}

}
