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

import io.llmstream.StreamAdmission;
import io.llmstream.Token;
import org.junit.jupiter.api.Test;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.util.context.Context;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of runs of which it is decided later whether they may begin.
 */
class RunAdmissionTests {

	private static final Duration LIMIT = Duration.ofSeconds(20);

	private static final RelaySettings RELAY = RelaySettings.defaults().withHeartbeat(Duration.ZERO);

	private final Runs runs = new Runs(RELAY, RunSettings.defaults(), RelayErrorMapper.safe(),
			RunLogs.inMemory(RELAY, RunSettings.defaults()));

	private final Sinks.One<Boolean> decision = Sinks.one();

	/** What asks elsewhere before it lets a stream begin. */
	private final Flux<Token> guarded = GuardedTokens.by(this.decision.asMono());

	private static void isRefusedOverBudget(Throwable failure) {
		assertThat(failure).isInstanceOf(RunRefusedException.class);
		assertThat(((ResponseStatusException) failure).getStatusCode().value()).isEqualTo(429);
	}

	@Test
	void aRefusalThatComesLaterIsToldAndTheRunIsForgotten() {
		Run run = this.runs.start(this.guarded, "alice", Context.empty());
		StepVerifier.create(run.admitted())
			.then(() -> this.decision.tryEmitValue(false))
			.expectErrorSatisfies(RunAdmissionTests::isRefusedOverBudget)
			.verify(LIMIT);
		assertThat(this.runs.find(run.id(), "alice")).isEmpty();
		assertThat(this.runs.active()).isZero();
	}

	@Test
	void aRunThatIsLetInLaterGoesOn() {
		Run run = this.runs.start(this.guarded, "alice", Context.empty());
		StepVerifier.create(run.admitted())
			.then(() -> this.decision.tryEmitValue(true))
			.expectNext(run)
			.expectComplete()
			.verify(LIMIT);
		assertThat(this.runs.find(run.id(), "alice")).containsSame(run);
	}

	@Test
	void aRunThatIsStoppedMeanwhileKeepsNobodyWaiting() {
		Run run = this.runs.start(this.guarded, "alice", Context.empty());
		StepVerifier.create(run.admitted()).then(run::stop).expectNext(run).expectComplete().verify(LIMIT);
	}

	@Test
	void whatIsPreparedAfterSomethingElseIsWaitedForToo() {
		Sinks.One<Boolean> before = Sinks.one();
		Run run = this.runs.start(StreamAdmission.awaiting(before.asMono()).flatMapMany((read) -> this.guarded),
				"alice", Context.empty());
		StepVerifier.create(run.admitted())
			.then(() -> before.tryEmitValue(true))
			.then(() -> this.decision.tryEmitValue(false))
			.expectErrorSatisfies(RunAdmissionTests::isRefusedOverBudget)
			.verify(LIMIT);
	}

	@Test
	void nobodyWaitsForAStreamForWhichNothingIsPrepared() {
		Run run = this.runs.start(Flux.never(), "alice", Context.empty());
		StepVerifier.create(run.admitted()).expectNext(run).expectComplete().verify(LIMIT);
	}

}
