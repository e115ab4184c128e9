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

package io.llmstream.test;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

import io.llmstream.ErrorKind;
import io.llmstream.FinishReason;
import io.llmstream.StreamFailure;
import io.llmstream.Token;
import io.llmstream.Usage;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Flux;

import static io.llmstream.test.TokenAssertions.assertThatTokens;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link TokenAssert}.
 */
class TokenAssertionsTests {

	private static final Token.Finish FINISH = new Token.Finish(FinishReason.STOP, "stop", Usage.reported(3, 2), null,
			null);

	private static final Flux<Token> GOOD = Flux.just(new Token.Reasoning("hm"), new Token.Text(" Hel"),
			new Token.Text("lo "), new Token.ToolCallDelta(0, "c", "t", "{\"a\""),
			new Token.ToolCallDelta(0, null, null, ":1}"), new Token.ToolCall(0, "c", "t", "{\"a\":1}"), FINISH);

	private static final Flux<Token> BAD = Flux.concat(Flux.just(new Token.Text("a")),
			Flux.error(() -> StreamFailure.of(ErrorKind.OVERLOADED, "p", "busy")
				.partial("a", Usage.reported(1, 0), null)
				.toException()));

	@Test
	void agreesWithAGoodStream() {
		assertThatTokens(GOOD).within(Duration.ofSeconds(1))
			.keepsTheContract()
			.hasText(" Hello ")
			.hasReasoning("hm")
			.hasRefusal("")
			.hasToolCall("t", "{ \"a\": 1 }")
			.hasToolCalls(1)
			.hasUsage(3, 2)
			.finishesWith(FinishReason.STOP)
			.tokensSatisfy((tokens) -> assertThat(tokens).hasSize(7));
		assertThatTokens(Flux.just(FINISH)).containsExactly(FINISH);
	}

	@Test
	void agreesWithAFailure() {
		assertThatTokens(BAD).failsWith(ErrorKind.OVERLOADED)
			.hasPartialText("a")
			.hasUsage(1, 0)
			.failsSatisfying((failure) -> assertThat(failure.getProvider()).isEqualTo("p"));
	}

	@Test
	void disagreesWithWhatIsNotSo() {
		rejects(() -> assertThatTokens(GOOD).hasText("Hello"));
		rejects(() -> assertThatTokens(GOOD).hasReasoning(""));
		rejects(() -> assertThatTokens(GOOD).hasRefusal("no"));
		rejects(() -> assertThatTokens(GOOD).hasToolCall("t", "{\"a\":2}"));
		rejects(() -> assertThatTokens(GOOD).hasToolCall("u", "{\"a\":1}"));
		rejects(() -> assertThatTokens(GOOD).hasToolCalls(0));
		rejects(() -> assertThatTokens(GOOD).hasUsage(3, 3));
		rejects(() -> assertThatTokens(GOOD).finishesWith(FinishReason.LENGTH));
		rejects(() -> assertThatTokens(GOOD).failsWith(ErrorKind.OVERLOADED));
		rejects(() -> assertThatTokens(GOOD).containsExactly(FINISH));
		rejects(() -> assertThatTokens(BAD).finishesWith(FinishReason.STOP));
		rejects(() -> assertThatTokens(BAD).failsWith(ErrorKind.TRUNCATED));
		rejects(() -> assertThatTokens(BAD).hasPartialText("b"));
	}

	@Test
	void disagreesWithFragmentsThatAreNotTheCall() {
		rejects(() -> assertThatTokens(Flux.just(new Token.ToolCallDelta(0, "c", "t", "{\"a\":2}"),
				new Token.ToolCall(0, "c", "t", "{\"a\":1}"), FINISH))
			.hasToolCall("t", "{\"a\":1}"));
	}

	@Test
	void leavesOutWhatCameBeforeAReset() {
		assertThatTokens(Flux.just(new Token.Text("old"), new Token.Reset("again"), new Token.Text("new"), FINISH))
			.hasText("new");
	}

	@Test
	void aResetTakesBackItsOwnStepOnly() {
		Flux<Token> steps = Flux.just(new Token.Text("0"), new Token.Reset("again"), new Token.Text("a"),
				new Token.ToolCall(0, "c", "t", "{}"), new Token.ToolResult("c", "t", "r", false),
				new Token.StepStart(2), new Token.Text("x"), new Token.ToolCall(1, "d", "u", "{}"),
				new Token.Reset("again"), new Token.Text("b"), FINISH);
		assertThatTokens(steps).hasText("ab")
			.hasToolCalls(1)
			.hasToolCall("t", "{}")
			.hasToolResult("t", "r")
			.hasSteps(2);
		rejects(() -> assertThatTokens(steps).hasToolCall("u", "{}"));
		rejects(() -> assertThatTokens(steps).hasToolResult("t", "other"));
		rejects(() -> assertThatTokens(steps).hasSteps(3));
	}

	@Test
	void everyAssertionChecksTheContract() {
		rejects(() -> assertThatTokens(Flux.just(new Token.Text("a"))).hasText("a"));
		rejects(() -> assertThatTokens(Flux.just(new Token.Text(""), FINISH)).hasText(""));
		rejects(() -> assertThatTokens(Flux.just(FINISH, new Token.Text("a"), FINISH)).hasText("a"));
		rejects(() -> assertThatTokens(Flux.error(new IllegalStateException("raw"))).hasText(""));
		rejects(() -> assertThatTokens(Flux.just(FINISH, FINISH)).keepsTheContract());
	}

	@Test
	void findsASecondTerminalSignal() {
		Publisher<Token> twice = (subscriber) -> {
			subscriber.onSubscribe(new Subscription() {
				@Override
				public void request(long n) {
					subscriber.onNext(FINISH);
					subscriber.onComplete();
					subscriber.onComplete();
				}

				@Override
				public void cancel() {
				}
			});
		};
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> assertThatTokens(twice).keepsTheContract())
			.withMessageContaining("a second terminal signal");
	}

	@Test
	void cancelsAStreamThatDoesNotEnd() {
		AtomicBoolean cancelled = new AtomicBoolean();
		Flux<Token> endless = Flux.<Token>never().doOnCancel(() -> cancelled.set(true));
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> assertThatTokens(endless).within(Duration.ofMillis(20)).keepsTheContract())
			.withMessageContaining("did not end within 20 ms");
		assertThat(cancelled).isTrue();
	}

	private static void rejects(ThrowingCallable assertion) {
		assertThatExceptionOfType(AssertionError.class).isThrownBy(assertion);
	}

}
