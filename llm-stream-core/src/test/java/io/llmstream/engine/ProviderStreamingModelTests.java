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

package io.llmstream.engine;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import javax.net.ssl.SSLHandshakeException;

import io.llmstream.ConnectTimeoutException;
import io.llmstream.EmittingThread;
import io.llmstream.ErrorKind;
import io.llmstream.FinishReason;
import io.llmstream.FirstTokenTimeoutException;
import io.llmstream.LastRead;
import io.llmstream.LlmStreamException;
import io.llmstream.OverloadedException;
import io.llmstream.RateLimitedException;
import io.llmstream.StallTimeoutException;
import io.llmstream.StreamObserver;
import io.llmstream.StreamAttempt;
import io.llmstream.StreamOutcome;
import io.llmstream.StreamRequest;
import io.llmstream.Token;
import io.llmstream.TotalTimeoutException;
import io.llmstream.TruncatedStreamException;
import io.llmstream.Usage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the stream contract.
 */
class ProviderStreamingModelTests {

	private static final Duration LIMIT = Duration.ofSeconds(10);

	private final FakeServer server = new FakeServer();

	private final List<StreamOutcome> outcomes = new ArrayList<>();

	private StreamTimeouts timeouts = StreamTimeouts.defaults();

	@AfterEach
	void everyBufferIsReleasedAndTheEndIsToldOnce() {
		assertThat(this.server.unreleased()).as("buffers that nobody released").isZero();
		assertThat(this.outcomes).as("outcomes told").hasSizeLessThanOrEqualTo(1);
	}

	private Flux<Token> stream() {
		ProviderSettings settings = ProviderSettings.builder("acme", new WordDialect())
			.defaultModel("m1")
			.apiKey(() -> "sk-secret")
			.timeouts(this.timeouts)
			.maxFrameBytes(1024)
			.build();
		StreamObserver observer = this.outcomes::add;
		return new ProviderStreamingModel(settings, this.server).stream(StreamRequest.of("hello"))
			.contextWrite(observer::in);
	}

	private static Token text(String text) {
		return new Token.Text(text);
	}

	@Test
	void whoWantsToKnowWhenTheAnswerIsReadIsToldBeforeItsTokens() {
		LastRead lastRead = new LastRead();
		List<Long> times = new ArrayList<>();
		StepVerifier
			.withVirtualTime(() -> stream().contextWrite(lastRead::in).doOnNext((token) -> times.add(lastRead.time())))
			.thenAwait(Duration.ofMillis(7))
			.then(() -> assertThat(lastRead.time()).isEqualTo(LastRead.NEVER))
			.then(() -> this.server.sendsRaw("data: {\"text\":\"a\"}\n\ndata: {\"text\":\"b\"}\n\n"))
			.expectNextCount(2)
			.thenAwait(Duration.ofMillis(20))
			.then(() -> this.server.sends("{\"text\":\"c\"}", "{\"finish\":\"stop\"}", "{\"done\":true}"))
			.expectNextCount(2)
			.expectComplete()
			.verify(LIMIT);
		assertThat(times).startsWith(7L, 7L, 27L);
	}

	@Test
	void whoWantsToKnowOnWhichThreadTokensAreEmittedIsTold() {
		EmittingThread emitting = new EmittingThread();
		List<Boolean> known = new ArrayList<>();
		StepVerifier.create(stream().contextWrite(emitting::in).doOnNext((token) -> known.add(emitting.isCurrent())))
			.then(() -> this.server.sendsRaw("data: {\"text\":\"a\"}\n\ndata: {\"text\":\"b\"}\n\n"))
			.expectNextCount(2)
			.then(() -> assertThat(emitting.isCurrent()).isFalse())
			.then(() -> this.server.sends("{\"text\":\"c\"}", "{\"finish\":\"stop\"}", "{\"done\":true}"))
			.expectNextCount(2)
			.expectComplete()
			.verify(LIMIT);
		assertThat(known).as("the last one is emitted after the end was told").containsExactly(true, true, true, false);
		assertThat(emitting.isCurrent()).isFalse();
	}

	@Test
	void tokensComeAsTheirBytesComeAndFinishIsLast() {
		StepVerifier.create(stream())
			.then(() -> this.server.sends("{\"id\":\"r1\",\"model\":\"m1-2026\",\"text\":\" a\"}"))
			.expectNext(text(" a"))
			.then(() -> this.server.sendsRaw("data: {\"text\":\"b\"}\n\ndata: {\"text\":\"c\"}\n\ndata: {\"te"))
			.expectNext(text("b"), text("c"))
			.then(() -> this.server.sendsRaw("xt\":\"d\"}\n\n"))
			.expectNext(text("d"))
			.then(() -> this.server.sends("{\"finish\":\"stop\"}", "{\"usage\":4}", "{\"done\":true}"))
			.assertNext((token) -> {
				Token.Finish finish = (Token.Finish) token;
				assertThat(finish.withAttempts(List.of()))
					.isEqualTo(new Token.Finish(FinishReason.STOP, "stop", Usage.reported(1, 4), "r1", "m1-2026"));
				assertThat(finish.attempts()).singleElement().satisfies((attempt) -> {
					assertThat(attempt.end()).isEqualTo(StreamOutcome.End.COMPLETED);
					assertThat(attempt.tokens()).isEqualTo(4);
					assertThat(attempt.usage()).isEqualTo(Usage.reported(1, 4));
					assertThat(attempt.requestId()).isEqualTo("req-1");
					assertThat(attempt.timeToFirstToken()).isNotNull().isLessThanOrEqualTo(attempt.duration());
				});
			})
			.expectComplete()
			.verify(LIMIT);
		assertThat(this.outcomes).singleElement().satisfies((outcome) -> {
			assertThat(outcome.end()).isEqualTo(StreamOutcome.End.COMPLETED);
			assertThat(outcome.usage()).isEqualTo(Usage.reported(1, 4));
			assertThat(outcome.provider()).isEqualTo("acme");
			assertThat(outcome.model()).isEqualTo("m1-2026");
			assertThat(outcome.finishReason()).isEqualTo(FinishReason.STOP);
			assertThat(outcome.attempts()).hasSize(1);
		});
	}

	@Test
	void theCallCarriesKeyModelAndQuery() {
		stream().subscribe().dispose();
		assertThat(this.server.call).isNotNull();
		assertThat(this.server.call.uri()).hasToString("http://127.0.0.1:1/v1/words?x=1");
		assertThat(this.server.call.headers()).containsEntry("authorization", "Bearer sk-secret");
		assertThat(new String(this.server.call.body())).contains("m1");
		assertThat(this.server.call.toString()).doesNotContain("secret");
	}

	@Test
	void anEndWithoutTheTerminalSignalIsAnErrorWithThePartialText() {
		fails(() -> {
			this.server.sends("{\"id\":\"r1\",\"text\":\"half\"}", "{\"usage\":7}");
			this.server.body.complete();
		}, (error) -> {
			assertThat(error).isInstanceOf(TruncatedStreamException.class)
				.hasMessageContaining("acme (m1): the answer ended before it was complete [request id req-1]");
			assertThat(error.getPartialText()).isEqualTo("half");
			assertThat(error.getUsage()).isEqualTo(Usage.reported(1, 7));
			assertThat(error.getResponseId()).isEqualTo("r1");
			assertThat(error.getAttempts()).singleElement().satisfies((attempt) -> {
				assertThat(attempt.end()).isEqualTo(StreamOutcome.End.FAILED);
				assertThat(attempt.errorKind()).isEqualTo(ErrorKind.TRUNCATED);
				assertThat(attempt.tokens()).isEqualTo(1);
				assertThat(attempt.error()).doesNotContain("half");
			});
		});
		assertThat(this.outcomes).singleElement().extracting(StreamOutcome::end).isEqualTo(StreamOutcome.End.FAILED);
	}

	@Test
	void anEmptyBodyIsAnError() {
		fails(this.server.body::complete, (error) -> assertThat(error).isInstanceOf(TruncatedStreamException.class)
			.hasMessageContaining("before it began"));
	}

	@Test
	void aLostConnectionIsTruncation() {
		fails(() -> {
			this.server.sends("{\"text\":\"half\"}");
			this.server.body.error(new IOException("reset"));
		}, (error) -> {
			assertThat(error).isInstanceOf(TruncatedStreamException.class).hasRootCauseMessage("reset");
			assertThat(error.getPartialText()).isEqualTo("half");
			assertThat(error.getStatus()).isEqualTo(200);
		});
	}

	@Test
	void aConnectionThatIsNeverMadeIsAConnectError() {
		this.server.head = Mono.error(new ConnectException("refused"));
		fails(() -> {
		}, (error) -> {
			assertThat(error.getKind()).isEqualTo(ErrorKind.CONNECT);
			assertThat(error.getStatus()).isNull();
		});
	}

	@Test
	void aConnectionThatTakesTooLongIsATimeout() {
		this.server.head = Mono.error(new io.netty.channel.ConnectTimeoutException("timed out after 10 s"));
		fails(() -> {
		}, (error) -> assertThat(error).isInstanceOf(ConnectTimeoutException.class)
			.hasMessageContaining("no connection was made in time"));
	}

	@Test
	void aFailedHandshakeIsATlsError() {
		this.server.head = Mono.error(new IOException(new SSLHandshakeException("unknown authority")));
		fails(() -> {
		}, (error) -> assertThat(error.getKind()).isEqualTo(ErrorKind.TLS));
	}

	@Test
	void aResetAfterTheFinishReasonIsSuccess() {
		StepVerifier.create(stream()).then(() -> {
			this.server.sends("{\"text\":\"whole\"}", "{\"finish\":\"stop\"}");
			this.server.body.error(new IOException("reset"));
		}).expectNext(text("whole")).assertNext((token) -> {
			assertThat(token).isInstanceOf(Token.Finish.class);
			assertThat(((Token.Finish) token).usage().source()).isEqualTo(Usage.Source.NONE);
		}).expectComplete().verify(LIMIT);
	}

	@Test
	void anErrorObjectAfterTheFinishReasonIsAnError() {
		fails(() -> this.server.sends("{\"text\":\"a\"}", "{\"finish\":\"stop\"}", "{\"error\":\"busy\"}"), (error) -> {
			assertThat(error).isInstanceOf(OverloadedException.class);
			assertThat(error.getAttempts()).extracting(StreamAttempt::finishReason).containsOnlyNulls();
		});
	}

	@Test
	void anErrorAfterAllUsageIsKnownTellsThatTheAnswerWasComplete() {
		fails(() -> this.server.sends("{\"text\":\"a\"}", "{\"finish\":\"stop\"}", "{\"usage\":3,\"settled\":true}",
				"{\"error\":\"busy\"}"), (error) -> {
					assertThat(error.getAttempts()).extracting(StreamAttempt::finishReason)
						.containsExactly(FinishReason.STOP);
					assertThat(error.getAttempts()).extracting(StreamAttempt::usage)
						.containsExactly(Usage.reported(1, 3));
				});
	}

	@Test
	void finishWaitsForUsageForTwoSecondsAtMost() {
		StepVerifier.withVirtualTime(() -> {
			FakeServer late = this.server;
			return stream().doOnSubscribe((s) -> Mono.delay(Duration.ofMillis(1))
				.subscribe((tick) -> late.sends("{\"text\":\"a\"}", "{\"finish\":\"stop\"}")));
		})
			.thenAwait(Duration.ofMillis(1))
			.expectNext(text("a"))
			.expectNoEvent(Duration.ofMillis(1999))
			.thenAwait(Duration.ofMillis(1))
			.expectNextMatches((token) -> token instanceof Token.Finish)
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void finishComesSoonOnceUsageIsKnown() {
		StepVerifier
			.withVirtualTime(() -> stream().doOnSubscribe((s) -> Mono.delay(Duration.ofMillis(1))
				.subscribe((tick) -> this.server.sends("{\"text\":\"a\"}", "{\"finish\":\"stop\"}",
						"{\"usage\":3,\"settled\":true}"))))
			.thenAwait(Duration.ofMillis(1))
			.expectNext(text("a"))
			.thenAwait(Duration.ofMillis(100))
			.expectNextMatches((token) -> token instanceof Token.Finish)
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void anErrorWithinTheStreamIsTypedAndCarriesThePartialText() {
		fails(() -> this.server.sends("{\"text\":\"half\"}", "{\"error\":\"too busy for sk-secret\"}"), (error) -> {
			assertThat(error).isInstanceOf(OverloadedException.class);
			assertThat(error.getPartialText()).isEqualTo("half");
			assertThat(error.getProviderMessage()).isEqualTo("too busy for ***");
			assertThat(error.getMessage()).doesNotContain("secret").contains("request id req-1");
		});
		this.server.body.assertCancelled();
	}

	@Test
	void aStatusThatIsNoSuccessIsTyped() {
		this.server.status = 429;
		fails(() -> {
			this.server.sendsRaw("slow down");
			this.server.body.complete();
		}, (error) -> {
			assertThat(error).isInstanceOf(RateLimitedException.class).hasMessageContaining("answered 429");
			assertThat(error.getStatus()).isEqualTo(429);
			assertThat(error.getCode()).isEqualTo("429");
			assertThat(error.getRequestId()).isEqualTo("req-1");
		});
	}

	@Test
	void aRedirectIsNotFollowed() {
		this.server.status = 307;
		this.server.headers.put("location", "https://elsewhere.example/v1?key=1");
		fails(this.server.body::complete,
				(error) -> assertThat(error).hasMessageContaining("a redirect to elsewhere.example")
					.hasMessageContaining("llm-stream.providers.acme.base-url"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "data: {\"text\":\n\n", "data: {\"text\":\"x\"]\n\n", "<html>busy</html>",
			"data: nonsense\n\n" })
	void somethingMalformedIsATypedError(String body) {
		fails(() -> {
			this.server.sends("{\"text\":\"half\"}");
			this.server.sendsRaw(body);
			this.server.body.complete();
		}, (error) -> assertThat(error.getPartialText()).startsWith("half"), ErrorKind.MALFORMED, ErrorKind.TRUNCATED);
	}

	@Test
	void anHtmlPageIsATypedError() {
		fails(() -> this.server.sendsRaw("  <!doctype html><p>Service unavailable"),
				(error) -> assertThat(error).hasMessageContaining("HTML"), ErrorKind.MALFORMED);
	}

	@Test
	void invalidUtf8IsATypedError() {
		fails(() -> {
			this.server.sends("{\"text\":\"half\"}");
			this.server.sendsBytes(new byte[] { 'd', 'a', 't', 'a', ':', '{', '"', 't', 'e', 'x', 't', '"', ':', '"',
					(byte) 0xC3, '(', '"', '}', '\n', '\n' });
		}, (error) -> assertThat(error).hasMessageContaining("UTF-8"), ErrorKind.MALFORMED);
	}

	@Test
	void aFrameOverTheLimitIsATypedError() {
		fails(() -> this.server.sends("{\"text\":\"" + "x".repeat(2000) + "\"}"),
				(error) -> assertThat(error).hasMessageContaining("1024"), ErrorKind.MALFORMED);
	}

	@Test
	void withoutAModelTheErrorSaysWhatToSet() {
		ProviderSettings settings = ProviderSettings.builder("acme", new WordDialect()).build();
		StepVerifier.create(new ProviderStreamingModel(settings, this.server).stream(StreamRequest.of("hi")))
			.expectErrorSatisfies((error) -> assertThat(error).hasMessageContaining("llm-stream.providers.acme.model"))
			.verify(LIMIT);
	}

	@Test
	void cancellingBeforeTheHeadersCancelsTheExchange() {
		this.server.head = Mono.never();
		stream().subscribe().dispose();
		assertThat(this.server.headCancelled).isTrue();
		assertThat(this.outcomes).singleElement().extracting(StreamOutcome::end).isEqualTo(StreamOutcome.End.CANCELLED);
	}

	@Test
	void cancellingMidStreamCancelsTheBodyAndTellsTheUsage() {
		StepVerifier.create(stream())
			.then(() -> this.server.sends("{\"usage\":9,\"text\":\"a\"}"))
			.expectNext(text("a"))
			.thenCancel()
			.verify(LIMIT);
		this.server.body.assertCancelled();
		assertThat(this.outcomes).singleElement().extracting(StreamOutcome::usage).isEqualTo(Usage.reported(1, 9));
	}

	@Test
	void withoutDemandNothingIsReadAndWithItOneBufferAtATime() {
		StepVerifier.create(stream(), 0).expectSubscription().then(() -> {
			assertThat(this.server.requested).isZero();
		})
			.thenRequest(1)
			.then(() -> assertThat(this.server.requested).isEqualTo(1))
			.then(() -> this.server.sendsRaw("data: {\"text\":\"a\"}\n\ndata: {\"text\":\"b\"}\n\n"))
			.expectNext(text("a"))
			.then(() -> assertThat(this.server.requested).isEqualTo(1))
			.thenRequest(1)
			.expectNext(text("b"))
			.then(() -> assertThat(this.server.requested).isEqualTo(1))
			.thenRequest(1)
			.then(() -> assertThat(this.server.requested).isEqualTo(2))
			.thenCancel()
			.verify(LIMIT);
	}

	@Test
	void noFirstTokenInTimeIsAnError() {
		this.timeouts = new StreamTimeouts(Duration.ofSeconds(20), Duration.ofSeconds(5), null, null);
		StepVerifier.withVirtualTime(this::stream)
			.expectSubscription()
			.expectNoEvent(Duration.ofMillis(19_999))
			.thenAwait(Duration.ofMillis(1))
			.expectErrorSatisfies((error) -> assertThat(error).isInstanceOf(FirstTokenTimeoutException.class)
				.hasMessageContaining("20000 ms"))
			.verify(LIMIT);
		this.server.body.assertCancelled();
	}

	@Test
	void aStallIsAnErrorAndProgressIsNoStall() {
		this.timeouts = new StreamTimeouts(Duration.ofMinutes(2), Duration.ofSeconds(5), null, null);
		StepVerifier.withVirtualTime(this::stream)
			.expectSubscription()
			.thenAwait(Duration.ofSeconds(60))
			.then(() -> this.server.sends("{\"text\":\"a\"}"))
			.expectNext(text("a"))
			.thenAwait(Duration.ofSeconds(4))
			.then(() -> this.server.sends("{\"progress\":true}"))
			.expectNoEvent(Duration.ofSeconds(4))
			.then(() -> this.server.sendsRaw(": ping\n\n"))
			.then(() -> this.server.sends("{\"unknown\":1}"))
			.thenAwait(Duration.ofSeconds(1))
			.expectErrorSatisfies((error) -> {
				assertThat(error).isInstanceOf(StallTimeoutException.class);
				assertThat(((LlmStreamException) error).getPartialText()).isEqualTo("a");
			})
			.verify(LIMIT);
	}

	@Test
	void aSilentPhaseHasItsOwnLimit() {
		this.timeouts = new StreamTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMinutes(5), null);
		StepVerifier.withVirtualTime(this::stream)
			.expectSubscription()
			.then(() -> this.server.sends("{\"text\":\"a\"}", "{\"silent\":true,\"progress\":true}"))
			.expectNext(text("a"))
			.expectNoEvent(Duration.ofMinutes(4))
			.then(() -> this.server.sends("{\"silent\":false,\"progress\":true}"))
			.expectNoEvent(Duration.ofMillis(4999))
			.thenAwait(Duration.ofMillis(1))
			.expectError(StallTimeoutException.class)
			.verify(LIMIT);
	}

	@Test
	void aSlowReaderIsNotAStalledProvider() {
		this.timeouts = new StreamTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), null, null);
		StepVerifier.withVirtualTime(this::stream, 1)
			.expectSubscription()
			.then(() -> this.server.sendsRaw("data: {\"text\":\"a\"}\n\ndata: {\"text\":\"b\"}\n\n"))
			.expectNext(text("a"))
			.expectNoEvent(Duration.ofMinutes(10))
			.thenRequest(2)
			.expectNext(text("b"))
			.expectNoEvent(Duration.ofMillis(4999))
			.thenAwait(Duration.ofMillis(1))
			.expectError(StallTimeoutException.class)
			.verify(LIMIT);
	}

	@Test
	void aFirstTokenThatComesAfterMoreThanAStallIsNoStall() {
		this.timeouts = new StreamTimeouts(Duration.ofMinutes(2), Duration.ofSeconds(5), null, null);
		StepVerifier.withVirtualTime(() -> taking(Duration.ofSeconds(1)))
			.expectSubscription()
			.thenAwait(Duration.ofSeconds(60))
			.then(() -> this.server.sends("{\"text\":\"a\"}", "{\"finish\":\"stop\"}", "{\"done\":true}"))
			.expectNext(text("a"))
			.expectNextCount(1)
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void theEndOfASilentPhaseThatIsLongerThanAStallIsNoStall() {
		this.timeouts = new StreamTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMinutes(5), null);
		StepVerifier.withVirtualTime(() -> taking(Duration.ofSeconds(1)))
			.expectSubscription()
			.then(() -> this.server.sends("{\"silent\":true,\"progress\":true}"))
			.thenAwait(Duration.ofSeconds(60))
			.then(() -> this.server.sendsRaw(
					"data: {\"silent\":false,\"progress\":true}\n\ndata: {\"text\":\"a\"}\n\ndata: {\"finish\":\"stop\"}\n\n"))
			.expectNext(text("a"))
			.then(() -> this.server.sends("{\"done\":true}"))
			.expectNextCount(1)
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void aSubscriberThatTakesLongForATokenIsNoStall() {
		this.timeouts = new StreamTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), null, null);
		StepVerifier.withVirtualTime(() -> taking(Duration.ofSeconds(4)))
			.expectSubscription()
			.then(() -> this.server
				.sendsRaw("data: {\"text\":\"a\"}\n\ndata: {\"text\":\"b\"}\n\ndata: {\"text\":\"c\"}\n\n"))
			.expectNext(text("a"), text("b"), text("c"))
			.expectNoEvent(Duration.ofMillis(4999))
			.thenAwait(Duration.ofMillis(1))
			.expectError(StallTimeoutException.class)
			.verify(LIMIT);
	}

	/** A subscriber that takes its time for each token, which passes meanwhile. */
	private Flux<Token> taking(Duration time) {
		return stream().doOnNext((token) -> VirtualTimeScheduler.get().advanceTimeBy(time));
	}

	@Test
	void aTotalLimitHoldsForALivelyStreamToo() {
		this.timeouts = new StreamTimeouts(null, null, null, Duration.ofSeconds(10));
		StepVerifier.withVirtualTime(this::stream)
			.expectSubscription()
			.thenAwait(Duration.ofSeconds(9))
			.then(() -> this.server.sends("{\"text\":\"a\"}"))
			.expectNext(text("a"))
			.thenAwait(Duration.ofSeconds(1))
			.expectError(TotalTimeoutException.class)
			.verify(LIMIT);
	}

	@Test
	void theConnectionIsReadToItsEndAfterTheLastToken() {
		StepVerifier.create(stream())
			.then(() -> this.server.sends("{\"text\":\"a\"}", "{\"finish\":\"stop\",\"done\":true}"))
			.expectNext(text("a"))
			.expectNextMatches((token) -> token instanceof Token.Finish)
			.expectComplete()
			.verify(LIMIT);
		this.server.body.assertNotCancelled();
		this.server.sendsRaw(": bye\n\n");
		this.server.body.complete();
	}

	private void fails(Runnable script, Consumer<LlmStreamException> check, ErrorKind... kinds) {
		StepVerifier.create(stream())
			.then(script::run)
			.thenConsumeWhile((token) -> !(token instanceof Token.Finish))
			.expectErrorSatisfies((error) -> {
				assertThat(error).isInstanceOf(LlmStreamException.class);
				if (kinds.length > 0) {
					assertThat(((LlmStreamException) error).getKind()).isIn((Object[]) kinds);
				}
				check.accept((LlmStreamException) error);
			})
			.verify(LIMIT);
	}

}
