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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.llmstream.FirstTokenTimeoutException;
import io.llmstream.MalformedStreamException;
import io.llmstream.ProviderServerException;
import io.llmstream.StallTimeoutException;
import io.llmstream.StreamObserver;
import io.llmstream.StreamOutcome;
import io.llmstream.StreamRequest;
import io.llmstream.StreamingModel;
import io.llmstream.Token;
import io.llmstream.TotalTimeoutException;
import io.llmstream.TruncatedStreamException;
import io.llmstream.Usage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.Context;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A stream ends, and ends once, whatever the server and the subscriber do.
 */
class StreamEndTests {

	private static final Duration LIMIT = Duration.ofSeconds(10);

	private final FakeServer server = new FakeServer();

	private final List<StreamOutcome> outcomes = new ArrayList<>();

	private final List<Throwable> dropped = new ArrayList<>();

	private StreamTimeouts timeouts = StreamTimeouts.defaults();

	@AfterEach
	void everyBufferIsReleasedAndTheEndIsToldOnce() {
		assertThat(this.server.unreleased()).as("buffers that nobody released").isZero();
		assertThat(this.outcomes).as("outcomes told").hasSizeLessThanOrEqualTo(1);
	}

	private Flux<Token> stream() {
		StreamObserver observer = this.outcomes::add;
		return model().stream(StreamRequest.of("hello")).contextWrite(observer::in);
	}

	/** Where Reactor takes errors that nobody wants, so that they are not logged. */
	private Context dropping(Context context) {
		Consumer<Throwable> drop = this.dropped::add;
		return context.put("reactor.onErrorDropped.local", drop);
	}

	private ProviderStreamingModel model() {
		return new ProviderStreamingModel(ProviderSettings.builder("acme", new WordDialect())
			.defaultModel("m1")
			.timeouts(this.timeouts)
			.maxFrameBytes(1024)
			.build(), this.server);
	}

	@Test
	void signsOfLifeAfterTheFinishReasonDoNotPutOffFinish() {
		StepVerifier.withVirtualTime(this::stream)
			.expectSubscription()
			.then(() -> this.server.sends("{\"text\":\"a\"}", "{\"finish\":\"stop\"}"))
			.expectNextCount(1)
			.expectNoEvent(Duration.ofMillis(1500))
			.then(() -> this.server.sends("{\"unknown\":1}"))
			.thenAwait(Duration.ofMillis(500))
			.expectNextMatches((token) -> token instanceof Token.Finish)
			.expectComplete()
			.verify(LIMIT);
		this.server.body.complete();
	}

	@Test
	void contentAfterTheFinishReasonIsContentAndHasTimeToGoOn() {
		StepVerifier.withVirtualTime(this::stream)
			.expectSubscription()
			.then(() -> this.server.sends("{\"text\":\"a\",\"finish\":\"stop\"}"))
			.expectNextCount(1)
			.expectNoEvent(Duration.ofMillis(1500))
			.then(() -> this.server.sends("{\"text\":\"b\"}"))
			.expectNext(new Token.Text("b"))
			.expectNoEvent(Duration.ofMillis(1999))
			.thenAwait(Duration.ofMillis(1))
			.expectNextMatches((token) -> token instanceof Token.Finish)
			.expectComplete()
			.verify(LIMIT);
		this.server.body.complete();
	}

	/** Two pieces of an answer each of whose pieces has a finish reason. */
	private void sendsPiecesThatMayBeTheLast() {
		this.server.sends("{\"text\":\"a\",\"finish\":\"stop\"}",
				"{\"text\":\"b\",\"finish\":\"stop\",\"goesOn\":true}");
	}

	@Test
	void whereEachPieceMayBeTheLastOneAPauseIsAPauseAndTheEndOfTheInputTheEnd() {
		StepVerifier.withVirtualTime(this::stream)
			.expectSubscription()
			.then(this::sendsPiecesThatMayBeTheLast)
			.expectNextCount(2)
			.expectNoEvent(Duration.ofSeconds(20))
			.then(() -> this.server.sends("{\"text\":\"c\",\"finish\":\"stop\",\"goesOn\":true}"))
			.expectNext(new Token.Text("c"))
			.expectNoEvent(Duration.ofSeconds(20))
			.then(() -> this.server.body.complete())
			.expectNextMatches((token) -> token instanceof Token.Finish)
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void whereEachPieceMayBeTheLastOneSilenceIsAStall() {
		StepVerifier.withVirtualTime(this::stream)
			.expectSubscription()
			.then(this::sendsPiecesThatMayBeTheLast)
			.expectNextCount(2)
			.expectNoEvent(Duration.ofSeconds(29))
			.thenAwait(Duration.ofSeconds(1))
			.expectError(StallTimeoutException.class)
			.verify(LIMIT);
	}

	@Test
	void whereEachPieceMayBeTheLastOneTheTotalTimeIsLimited() {
		this.timeouts = new StreamTimeouts(null, null, null, Duration.ofSeconds(30));
		StepVerifier.withVirtualTime(this::stream)
			.expectSubscription()
			.then(this::sendsPiecesThatMayBeTheLast)
			.expectNextCount(2)
			.expectNoEvent(Duration.ofSeconds(20))
			.then(() -> this.server.sends("{\"text\":\"c\",\"finish\":\"stop\",\"goesOn\":true}"))
			.expectNextCount(1)
			.thenAwait(Duration.ofSeconds(10))
			.expectError(TotalTimeoutException.class)
			.verify(LIMIT);
	}

	@Test
	void whereEachPieceMayBeTheLastOneABrokenConnectionIsNoEnd() {
		StepVerifier.create(stream())
			.then(this::sendsPiecesThatMayBeTheLast)
			.expectNextCount(2)
			.then(() -> this.server.body.error(new IOException("Connection reset by peer")))
			.expectError(TruncatedStreamException.class)
			.verify(LIMIT);
	}

	@Test
	void streamsThatAreReadAmidTheTokenOfAnotherKeepTheirText() {
		FakeServer inner = new FakeServer();
		StringBuilder innerText = new StringBuilder();
		StringBuilder outerText = new StringBuilder();
		StreamingModel other = new ProviderStreamingModel(
				ProviderSettings.builder("inner", new WordDialect()).defaultModel("m1").build(), inner);
		other.stream(StreamRequest.of("hello")).subscribe((token) -> {
			if (token instanceof Token.Text text) {
				innerText.append(text.text());
			}
		});
		stream().subscribe((token) -> {
			if (token instanceof Token.Text text) {
				outerText.append(text.text());
				// cut within an event, so that a part of it waits for the rest
				inner.sendsRaw("data: {\"text\":\"<" + text.text() + ">\"}\n\ndata: {\"te");
				inner.sendsRaw("xt\":\"!\"}\n\n");
			}
		});
		this.server.sends("{\"text\":\"zero\"}");
		this.server.sendsRaw("data: {\"text\":\"one\"}\n\ndata: {\"text\":\"two\"}\n\ndata: {\"text\":\"th");
		this.server.sendsRaw("ree\"}\n\n");
		this.server.sends("{\"done\":true}");
		inner.sends("{\"done\":true}");
		assertThat(outerText).hasToString("zeroonetwothree");
		assertThat(innerText).hasToString("<zero>!<one>!<two>!<three>!");
		assertThat(inner.unreleased()).isZero();
		this.server.body.complete();
		inner.body.complete();
	}

	@Test
	void aSlowReaderDoesNotLoseTheUsage() {
		VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
		try {
			List<Token> tokens = new ArrayList<>();
			BaseSubscriber<Token> reader = new BaseSubscriber<>() {

				@Override
				protected void hookOnSubscribe(Subscription subscription) {
					subscription.request(1);
				}

				@Override
				protected void hookOnNext(Token token) {
					tokens.add(token);
				}

			};
			stream().subscribe(reader);
			this.server.sends("{\"text\":\"a\",\"finish\":\"stop\"}");
			time.advanceTimeBy(Duration.ofMinutes(1));
			reader.request(1);
			time.advanceTimeBy(Duration.ofSeconds(1));
			this.server.sends("{\"usage\":4}", "{\"done\":true}");
			assertThat(tokens).hasSize(2)
				.last()
				.satisfies((token) -> assertThat(((Token.Finish) token).usage()).isEqualTo(Usage.reported(1, 4)));
			this.server.body.complete();
		}
		finally {
			VirtualTimeScheduler.reset();
		}
	}

	@Test
	void aFailureBehindTheFinishReasonIsAnErrorAndNoCompletionWithoutFinish() {
		StepVerifier.withVirtualTime(this::stream)
			.expectSubscription()
			.then(() -> this.server.sends("{\"failsAtTheEnd\":true}", "{\"finish\":\"stop\"}"))
			.thenAwait(Duration.ofSeconds(2))
			.expectError(MalformedStreamException.class)
			.verify(LIMIT);
		this.server.body.assertCancelled();
	}

	@Test
	void whatIsNoContentDoesNotCountAsTheFirstToken() {
		this.timeouts = new StreamTimeouts(Duration.ofSeconds(60), Duration.ofSeconds(5), null, null);
		StepVerifier.withVirtualTime(this::stream)
			.expectSubscription()
			.then(() -> this.server.sends("{\"other\":{}}"))
			.expectNextCount(1)
			.expectNoEvent(Duration.ofMillis(59_999))
			.thenAwait(Duration.ofMillis(1))
			.expectError(FirstTokenTimeoutException.class)
			.verify(LIMIT);
	}

	@Test
	void anErrorBodyThatDoesNotEndDoesNotKeepTheErrorBack() {
		this.server.status = 500;
		this.timeouts = new StreamTimeouts(null, null, null, null);
		StepVerifier.withVirtualTime(this::stream)
			.expectSubscription()
			.then(() -> this.server.sendsRaw("it broke"))
			.thenAwait(Duration.ofSeconds(5))
			.expectErrorSatisfies((error) -> assertThat(error).isInstanceOf(ProviderServerException.class)
				.hasMessageContaining("it broke"))
			.verify(LIMIT);
		this.server.body.assertCancelled();
	}

	@Test
	void aTimeOutWithoutDemandIsToldAtOnce() {
		this.timeouts = new StreamTimeouts(null, null, null, Duration.ofSeconds(5));
		StepVerifier.withVirtualTime(this::stream, 0)
			.expectSubscription()
			.expectNoEvent(Duration.ofMillis(4999))
			.thenAwait(Duration.ofMillis(1))
			.expectErrorSatisfies((error) -> assertThat(error).isNotInstanceOf(StallTimeoutException.class))
			.verify(LIMIT);
	}

	@Test
	void aSubscriberThatThrowsIsTakenAsCancelled() {
		Thrower thrower = new Thrower();
		model().stream(StreamRequest.of("hello")).subscribe(thrower);
		this.server.sendsRaw("data: {\"text\":\"a\"}\n\ndata: {\"text\":\"b\"}\n\n");
		this.server.body.assertCancelled();
		assertThat(thrower.signals).containsExactly("next");
		assertThat(this.dropped).hasSize(1);
		assertThat(this.outcomes).singleElement().extracting(StreamOutcome::end).isEqualTo(StreamOutcome.End.CANCELLED);
	}

	@Test
	void aSubscriberThatThrowsAnErrorIsTakenAsCancelledToo() {
		Thrower thrower = new Thrower();
		thrower.error = new AssertionError("test");
		model().stream(StreamRequest.of("hello")).subscribe(thrower);
		this.server.sendsRaw("data: {\"text\":\"a\"}\n\ndata: {\"text\":\"b\"}\n\n");
		this.server.body.assertCancelled();
		assertThat(thrower.signals).containsExactly("next");
		assertThat(this.dropped).containsExactly(thrower.error);
		assertThat(this.outcomes).singleElement().extracting(StreamOutcome::end).isEqualTo(StreamOutcome.End.CANCELLED);
	}

	@Test
	void aSubscriberThatThrowsAtTheEndLeavesNothingBehind() {
		Thrower thrower = new Thrower();
		thrower.throwsOnNext = false;
		model().stream(StreamRequest.of("hello")).subscribe(thrower);
		this.server.sends("{\"text\":\"a\"}", "{\"finish\":\"stop\",\"done\":true}");
		assertThat(thrower.signals).containsExactly("next", "next", "complete");
		this.server.sends("{\"unknown\":1}");
		this.server.body.complete();
	}

	@Test
	void anObserverThatThrowsDoesNotKeepTheEndBack() {
		StreamObserver broken = (outcome) -> {
			throw new IllegalStateException("test");
		};
		StepVerifier
			.create(model().stream(StreamRequest.of("hello")).contextWrite(broken::in).contextWrite(this::dropping))
			.then(() -> this.server.sends("{\"text\":\"a\"}", "{\"finish\":\"stop\",\"done\":true}"))
			.expectNextCount(2)
			.expectComplete()
			.verify(LIMIT);
		this.server.body.complete();
		assertThat(this.dropped).hasSize(1);
	}

	private final class Thrower implements CoreSubscriber<Token> {

		private final List<String> signals = new ArrayList<>();

		private boolean throwsOnNext = true;

		private @Nullable Error error;

		@Override
		public Context currentContext() {
			StreamObserver observer = StreamEndTests.this.outcomes::add;
			return observer.in(dropping(Context.empty()));
		}

		@Override
		public void onSubscribe(Subscription subscription) {
			subscription.request(Long.MAX_VALUE);
		}

		@Override
		public void onNext(Token token) {
			this.signals.add("next");
			if (this.error != null) {
				throw this.error;
			}
			if (this.throwsOnNext) {
				throw new IllegalStateException("test");
			}
		}

		@Override
		public void onError(Throwable error) {
			this.signals.add("error");
			throw new IllegalStateException("test");
		}

		@Override
		public void onComplete() {
			this.signals.add("complete");
			throw new IllegalStateException("test");
		}

	}

}
