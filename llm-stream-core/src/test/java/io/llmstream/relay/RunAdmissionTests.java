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

import io.llmstream.ErrorKind;
import io.llmstream.StreamAdmission;
import io.llmstream.StreamFailure;
import io.llmstream.Token;
import org.junit.jupiter.api.Test;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.util.context.Context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

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
	private final Flux<Token> guarded = Flux.deferContextual((context) -> {
		StreamAdmission admission = StreamAdmission.from(context);
		if (admission == null) {
			return Flux.error(new AssertionError("Nobody waits"));
		}
		admission.think();
		return this.decision.asMono()
			.filter((granted) -> granted)
			.switchIfEmpty(Mono.error(() -> StreamFailure.of(ErrorKind.BUDGET_EXCEEDED, "acme", "There is no room")
				.build()
				.toException()))
			.doFinally((end) -> admission.decide())
			.flatMapMany((granted) -> Flux.never());
	});

	private static void isRefusedOverBudget(Throwable failure) {
		assertThat(failure).isInstanceOf(RunRefusedException.class);
		assertThat(((ResponseStatusException) failure).getStatusCode().value()).isEqualTo(429);
	}

	@Test
	void aThreadThatMayBlockWaitsForARefusal() {
		Schedulers.parallel().schedule(() -> this.decision.tryEmitValue(false));
		assertThatExceptionOfType(RunRefusedException.class)
			.isThrownBy(() -> this.runs.start(this.guarded, "alice", Context.empty()))
			.satisfies(RunAdmissionTests::isRefusedOverBudget);
		assertThat(this.runs.active()).isZero();
	}

	@Test
	void aThreadThatMayBlockWaitsForALetIn() {
		Schedulers.parallel().schedule(() -> this.decision.tryEmitValue(true));
		Run run = this.runs.start(this.guarded, "alice", Context.empty());
		assertThat(run.state()).isEqualTo(RunState.RUNNING);
		assertThat(this.runs.find(run.id(), "alice")).containsSame(run);
	}

	@Test
	void anEventLoopIsToldLaterOfARefusalAndTheRunIsForgotten() {
		Mono<Run> start = Mono.fromSupplier(() -> this.runs.start(this.guarded, "alice", Context.empty()))
			.subscribeOn(Schedulers.parallel());
		Run run = start.block(LIMIT);
		assertThat(run).isNotNull();
		StepVerifier.create(run.admitted())
			.then(() -> this.decision.tryEmitValue(false))
			.expectErrorSatisfies(RunAdmissionTests::isRefusedOverBudget)
			.verify(LIMIT);
		assertThat(this.runs.find(run.id(), "alice")).isEmpty();
		assertThat(this.runs.active()).isZero();
	}

	@Test
	void aRunThatIsStoppedMeanwhileKeepsNobodyWaiting() {
		Run run = Mono.fromSupplier(() -> this.runs.start(this.guarded, "alice", Context.empty()))
			.subscribeOn(Schedulers.parallel())
			.block(LIMIT);
		assertThat(run).isNotNull();
		StepVerifier.create(run.admitted()).then(run::stop).expectNext(run).expectComplete().verify(LIMIT);
	}

	@Test
	void nobodyWaitsForAStreamOfWhichNobodyHasToThink() {
		Run run = this.runs.start(Flux.never(), "alice", Context.empty());
		StepVerifier.create(run.admitted()).expectNext(run).expectComplete().verify(LIMIT);
	}

}
