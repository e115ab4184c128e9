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

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;

import io.llmstream.ErrorKind;
import io.llmstream.StreamAttempt;
import io.llmstream.StreamOutcome;
import io.llmstream.Usage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests for {@link StreamStatistics} and {@link StreamMeters}.
 */
class StreamStatisticsTests {

	private Instant now = Instant.parse("2026-11-28T10:00:30Z");

	private final StreamStatistics statistics = new StreamStatistics(new Clock() {

		@Override
		public ZoneId getZone() {
			return ZoneOffset.UTC;
		}

		@Override
		public Clock withZone(ZoneId zone) {
			return this;
		}

		@Override
		public Instant instant() {
			return StreamStatisticsTests.this.now;
		}

	});

	private static StreamAttempt answer(String provider, String model, double first, int tokens) {
		Duration firstToken = Duration.ofMillis((long) (first * 1000));
		return new StreamAttempt(provider, model, model, StreamOutcome.End.COMPLETED, null, null, null, Duration.ZERO,
				firstToken.plusSeconds(2), firstToken, tokens, Usage.reported(10, tokens), null, null);
	}

	private static StreamAttempt failure(String provider, ErrorKind kind) {
		return new StreamAttempt(provider, "m", "m", StreamOutcome.End.FAILED, kind, null, "x", Duration.ZERO,
				Duration.ofSeconds(1), null, 0, Usage.NONE, null, null);
	}

	private static EndedStream ended(StreamOutcome.End outcome, @Nullable ErrorKind kind, StreamAttempt... attempts) {
		return new EndedStream("chat", outcome, kind, Duration.ofSeconds(2), Duration.ofMillis(100), 5,
				List.of(attempts));
	}

	@Test
	void providersAndModelsAreCompared() {
		for (int i = 1; i <= 100; i++) {
			this.statistics.attempted("chat", answer("a", "m1", i / 100.0, 101));
		}
		this.statistics.attempted("chat", answer("b", "m2", 2, 21));
		assertThat(this.statistics.models()).extracting(ModelFigures::provider).containsExactly("a", "b");
		ModelFigures figures = this.statistics.models().get(0);
		assertThat(figures.timeToFirstTokenP50()).isCloseTo(0.5, within(0.001));
		assertThat(figures.timeToFirstTokenP95()).isCloseTo(0.95, within(0.001));
		assertThat(figures.tokensPerSecondP50()).isCloseTo(50, within(0.1));
		assertThat(figures.outputTokens()).isEqualTo(10_100);
		assertThat(figures.samples()).isEqualTo(100);
	}

	@Test
	void failuresInARowCountUntilAnAnswer() {
		this.statistics.attempted("chat", failure("a", ErrorKind.CONNECT));
		this.statistics.attempted("chat", failure("a", ErrorKind.STALL_TIMEOUT));
		assertThat(this.statistics.outcomes("a").failuresInARow()).isEqualTo(2);
		assertThat(this.statistics.outcomes("a").lastFailureKind()).isEqualTo(ErrorKind.STALL_TIMEOUT);
		this.statistics.attempted("chat", answer("a", "m", 1, 1));
		assertThat(this.statistics.outcomes("a").failuresInARow()).isZero();
		assertThat(this.statistics.outcomes("never asked")).isEqualTo(ProviderOutcomes.NONE);
	}

	@Test
	void whatTheRequestIsToBlameForIsNoFailureOfTheProvider() {
		this.statistics.attempted("chat", failure("a", ErrorKind.CONTEXT_TOO_LONG));
		this.statistics.attempted("chat", failure("a", ErrorKind.STOPPED));
		assertThat(this.statistics.outcomes("a").failuresInARow()).isZero();
		assertThat(this.statistics.models().get(0).errors()).containsEntry("context-too-long", 1L);
	}

	@Test
	void minutesOfTheLastHourAreKept() {
		this.statistics.ended(ended(StreamOutcome.End.COMPLETED, null));
		this.now = this.now.plus(Duration.ofMinutes(1));
		this.statistics.ended(ended(StreamOutcome.End.FAILED, ErrorKind.CONNECT, failure("a", ErrorKind.CONNECT),
				failure("b", ErrorKind.CONNECT)));
		assertThat(this.statistics.minutes()).extracting(MinuteFigures::streams).containsExactly(1L, 1L);
		assertThat(this.statistics.minutes().get(1).failovers()).isEqualTo(1);
		assertThat(this.statistics.minutes().get(1).failed()).isEqualTo(1);
		this.now = this.now.plus(Duration.ofMinutes(59));
		assertThat(this.statistics.minutes()).hasSize(1);
		this.statistics.ended(ended(StreamOutcome.End.CANCELLED, null));
		assertThat(this.statistics.minutes()).hasSize(2);
	}

	@Test
	void whatAnOperatorStopsIsNoFailure() {
		this.statistics.ended(ended(StreamOutcome.End.FAILED, ErrorKind.STOPPED));
		assertThat(this.statistics.minutes().get(0).failed()).isZero();
		assertThat(this.statistics.minutes().get(0).cancelled()).isEqualTo(1);
	}

	@Test
	void modelsThatAreMadeUpTakeNoMemory() {
		for (int i = 0; i < 2_000; i++) {
			this.statistics.attempted("chat", answer("a", "made-up-" + i, 1, 1));
		}
		assertThat(this.statistics.models()).hasSizeLessThanOrEqualTo(501);
		assertThat(this.statistics.models()).extracting(ModelFigures::attempts)
			.satisfies((counts) -> assertThat(counts.stream().mapToLong(Long::longValue).sum()).isEqualTo(2_000));
	}

	@Test
	void metersCountStreamsAndFailovers() {
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		StreamMeters meters = new StreamMeters(registry);
		meters.began("chat");
		assertThat(registry.get(OwnName.ACTIVE).gauge().value()).isEqualTo(1);
		meters.ended(ended(StreamOutcome.End.FAILED, ErrorKind.CONNECT, failure("a", ErrorKind.CONNECT),
				failure("b", ErrorKind.CONNECT)));
		assertThat(registry.get(OwnName.ACTIVE).gauge().value()).isZero();
		assertThat(registry.get(OwnName.FAILOVERS).tag(OwnName.PROVIDER, "a").counter().count()).isEqualTo(1);
		assertThat(registry.get(OwnName.STREAM_DURATION).tag("error.type", "connect").timer().count()).isEqualTo(1);
		assertThat(registry.get(OwnName.TIME_TO_FIRST_TOKEN).timer().count()).isEqualTo(1);
	}

}
