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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import io.llmstream.ErrorKind;
import io.llmstream.FinishReason;
import io.llmstream.StreamRequest;
import io.llmstream.Token;
import io.llmstream.engine.ProviderSettings;
import io.llmstream.engine.ProviderStreamingModel;
import io.llmstream.http.HttpAnswer;
import io.llmstream.http.HttpCall;
import io.llmstream.http.HttpExchange;
import io.llmstream.http.WebClientHttpExchange;
import io.llmstream.provider.EncodedRequest;
import io.llmstream.provider.ProviderDialect;
import io.llmstream.wire.Framing;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.web.reactive.function.client.WebClient;

import static io.llmstream.test.TokenAssertions.assertThatTokens;

/**
 * What every {@link ProviderDialect} must keep, whatever a provider or a proxy between
 * does. Extend it with a few frames of your provider to test your own dialect: it walks
 * through the real engine, cut at every byte, broken off, with noise between, and over
 * real HTTP for cancellation and demand. Needs JUnit and AssertJ.
 */
public abstract class DialectContract {

	private static final Duration LIMIT = Duration.ofSeconds(10);

	private static final int MAX_FRAME_BYTES = 64 * 1024;

	/**
	 * The dialect to test.
	 * @return the dialect
	 */
	protected abstract ProviderDialect dialect();

	/**
	 * A complete answer with some text, as the provider sends it, end mark included.
	 * @return its frames, at least two
	 */
	protected abstract List<DialectSample> answer();

	/**
	 * The text of the {@linkplain #answer() answer}.
	 * @return the text
	 */
	protected abstract String text();

	/**
	 * An error as the provider reports it within a stream.
	 * @return the frame
	 */
	protected abstract DialectSample error();

	/**
	 * The kind of the {@linkplain #error() error}.
	 * @return the kind
	 */
	protected abstract ErrorKind errorKind();

	/**
	 * How the {@linkplain #answer() answer} finishes.
	 * @return the reason; {@link FinishReason#STOP} if not overridden
	 */
	protected FinishReason finishReason() {
		return FinishReason.STOP;
	}

	/**
	 * How the provider frames its answers.
	 * @return the framing; {@link Framing#SSE} if not overridden
	 */
	protected Framing framing() {
		return Framing.SSE;
	}

	/**
	 * A request to send.
	 * @return a request with the text {@code Say hello.} if not overridden
	 */
	protected StreamRequest request() {
		return StreamRequest.of("Say hello.");
	}

	/**
	 * An answer gives its text and its reason.
	 */
	@Test
	protected void anAnswerGivesItsTextAndItsReason() {
		assertComplete(stream(body()));
	}

	/**
	 * Where the network cuts the bytes does not matter.
	 */
	@Test
	protected void anAnswerMayBeCutAtEveryByte() {
		byte[] bytes = body().bytes();
		for (int i = 1; i < bytes.length; i++) {
			assertComplete(stream(part(bytes, 0, i), part(bytes, i, bytes.length)));
		}
		byte[][] single = new byte[bytes.length][];
		for (int i = 0; i < bytes.length; i++) {
			single[i] = part(bytes, i, i + 1);
		}
		assertComplete(stream(single));
	}

	/**
	 * An answer that breaks off is never taken for a success, unless all was said.
	 */
	@Test
	protected void anAnswerThatBreaksOffIsTruncated() {
		for (int count = 0; count < answer().size(); count++) {
			assertCompleteOrTruncated(body().first(count).bytes(), count);
		}
		byte[] bytes = body().bytes();
		for (int i = 0; i < bytes.length; i++) {
			assertCompleteOrTruncated(part(bytes, 0, i), i);
		}
		assertThatTokens(stream(body().first(1))).within(LIMIT)
			.tokensSatisfy((tokens) -> Assertions.assertThat(tokens)
				.as("tokens of the first frame alone")
				.noneMatch(Token.Finish.class::isInstance));
	}

	private void assertCompleteOrTruncated(byte[] bytes, int end) {
		TokenAssert tokens = assertThatTokens(stream(bytes)).within(LIMIT).as("cut at " + end);
		tokens.tokensSatisfy((all) -> {
			if (all.stream().anyMatch(Token.Finish.class::isInstance)) {
				tokens.hasText(text()).finishesWith(finishReason());
			}
			else {
				tokens.failsSatisfying((failure) -> Assertions.assertThat(failure.getKind())
					.as("kind of failure, cut at %d", end)
					.isIn(ErrorKind.TRUNCATED, ErrorKind.MALFORMED));
			}
		});
	}

	/**
	 * Lines may end in either way.
	 */
	@Test
	protected void linesMayEndWithCarriageReturns() {
		assertComplete(stream(body().withLineEnd("\r\n")));
		assertComplete(stream(body().withLineEnd("\r")));
	}

	/**
	 * Comments and blank lines mean nothing.
	 */
	@Test
	protected void keepAlivesMeanNothing() {
		assertComplete(stream(body().withKeepAlives()));
	}

	/**
	 * Members that a later version of the provider adds mean nothing.
	 */
	@Test
	protected void unknownMembersMeanNothing() {
		List<DialectSample> frames = answer().stream().map(DialectSample::withUnknownMember).toList();
		assertComplete(stream(DialectBody.of(frames, framing())));
	}

	/**
	 * Events that a later version of the provider adds do not end the stream.
	 */
	@Test
	protected void unknownEventsDoNotEndTheStream() {
		DialectSample unknown = new DialectSample((answer().get(0).event() != null) ? "x_unknown" : null,
				"{\"type\":\"x_unknown\",\"x\":[{\"y\":1}]}");
		assertComplete(stream(body().with(1, unknown)));
	}

	/**
	 * An error within the stream fails it, with what came before.
	 */
	@Test
	protected void anErrorWithinTheStreamFailsIt() {
		assertThatTokens(stream(body().first(0).with(0, error()))).within(LIMIT).failsWith(errorKind());
		for (int count = 1; count < answer().size(); count++) {
			List<DialectSample> frames = new ArrayList<>(answer().subList(0, count));
			boolean open = endsTruncated(frames);
			frames.add(error());
			if (open) {
				assertThatTokens(stream(DialectBody.of(frames, framing()))).within(LIMIT).failsWith(errorKind());
			}
		}
	}

	private boolean endsTruncated(List<DialectSample> frames) {
		TokenRecording recording = TokenRecording.of(stream(DialectBody.of(frames, framing())), LIMIT);
		return recording.failure() != null;
	}

	/**
	 * Broken JSON fails the stream.
	 */
	@Test
	protected void brokenJsonFailsTheStream() {
		DialectSample broken = new DialectSample(answer().get(0).event(), "{\"x_unknown\" 1}");
		assertThatTokens(stream(body().first(1).with(1, broken).with(2, answer().get(1)))).within(LIMIT)
			.failsWith(ErrorKind.MALFORMED);
	}

	/**
	 * A frame over the limit fails the stream before it fills the memory.
	 */
	@Test
	protected void aFrameOverTheLimitFailsTheStream() {
		DialectSample huge = new DialectSample(answer().get(0).event(),
				"{\"x_unknown\":\"" + "x".repeat(2 * MAX_FRAME_BYTES) + "\"}");
		assertThatTokens(stream(body().with(1, huge))).within(LIMIT).failsWith(ErrorKind.MALFORMED);
	}

	/**
	 * A rate limit is told apart, and when to return is read.
	 */
	@Test
	protected void aRateLimitSaysWhenToReturn() {
		HttpExchange exchange = exchange(429, Map.of("retry-after", "2", "content-type", "application/json"),
				List.of("{\"error\":{\"message\":\"slow down\"}}".getBytes(StandardCharsets.UTF_8)));
		assertThatTokens(model(exchange, "http://127.0.0.1").stream(request())).within(LIMIT)
			.failsSatisfying((failure) -> {
				Assertions.assertThat(failure.getKind()).isEqualTo(ErrorKind.RATE_LIMITED);
				Assertions.assertThat(failure.getRetryAfter()).isEqualTo(Duration.ofSeconds(2));
				Assertions.assertThat(failure.getStatus()).isEqualTo(429);
			});
	}

	/**
	 * A request is JSON that carries the prompt, and its path can be appended.
	 */
	@Test
	protected void aRequestIsJsonThatCarriesThePrompt() {
		EncodedRequest encoded = dialect().encode(request().mutate().model("model-1").build(), "contract");
		Assertions.assertThat(encoded.path()).startsWith("/");
		Assertions.assertThat(JsonMapper.builder().build().readTree(encoded.body()).toString()).contains("Say hello.");
	}

	/**
	 * The key goes where the dialect says, and into no message.
	 */
	@Test
	protected void theKeyIsInNoMessage() {
		Assertions.assertThat(dialect().authentication("key-123").values())
			.anySatisfy((value) -> Assertions.assertThat(value).contains("key-123"));
		assertThatTokens(stream(body().first(0).with(0, error()))).within(LIMIT)
			.failsSatisfying((failure) -> Assertions.assertThat(failure.toString()).doesNotContain("key-123"));
	}

	/**
	 * Streams of one dialect share nothing.
	 */
	@Test
	protected void streamsShareNothing() {
		Flux<Token> first = stream(body().first(1));
		Flux<Token> second = stream(body());
		assertThatTokens(first).within(LIMIT).keepsTheContract();
		assertComplete(second);
		assertComplete(second);
	}

	/**
	 * Cancelling closes the connection, over real HTTP.
	 */
	@Test
	protected void cancellingClosesTheConnection() {
		try (ScriptedProvider provider = ScriptedProvider.start()) {
			provider.always(Script.start().raw(body().first(answer().size() - 1).bytes()).stall());
			model(http(), provider.baseUrl()).stream(request()).blockFirst(LIMIT);
			provider.awaitRequest(1, LIMIT).awaitClosedByClient(LIMIT);
		}
	}

	/**
	 * No more tokens come than were asked for, over real HTTP.
	 * @throws InterruptedException if the test is interrupted
	 */
	@Test
	protected void demandIsHonoured() throws InterruptedException {
		try (ScriptedProvider provider = ScriptedProvider.start()) {
			provider.always(Script.start().raw(body().bytes()).cut());
			OneByOne subscriber = new OneByOne();
			model(http(), provider.baseUrl()).stream(request()).subscribe(subscriber);
			Assertions.assertThat(subscriber.over.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
			Assertions.assertThat(subscriber.surplus.get()).as("tokens that nobody asked for").isZero();
			Assertions.assertThat(subscriber.tokens).last().isInstanceOf(Token.Finish.class);
		}
	}

	private void assertComplete(Flux<Token> tokens) {
		assertThatTokens(tokens).within(LIMIT).hasText(text()).finishesWith(finishReason());
	}

	private DialectBody body() {
		return DialectBody.of(answer(), framing());
	}

	private Flux<Token> stream(DialectBody body) {
		return stream(body.bytes());
	}

	private Flux<Token> stream(byte[]... buffers) {
		HttpExchange exchange = exchange(200, Map.of("content-type", "text/event-stream"), List.of(buffers));
		return model(exchange, "http://127.0.0.1").stream(request());
	}

	private ProviderStreamingModel model(HttpExchange exchange, String baseUrl) {
		return new ProviderStreamingModel(ProviderSettings.builder("contract", dialect())
			.baseUrl(baseUrl)
			.apiKey(() -> "key-123")
			.defaultModel("model-1")
			.maxFrameBytes(MAX_FRAME_BYTES)
			.build(), exchange);
	}

	private static HttpExchange http() {
		return new WebClientHttpExchange(WebClient.create());
	}

	private static HttpExchange exchange(int status, Map<String, String> headers, List<byte[]> buffers) {
		return new HttpExchange() {
			@Override
			public <T> Flux<T> exchange(HttpCall call, Function<HttpAnswer, Publisher<T>> handler) {
				Flux<DataBuffer> body = Flux.fromIterable(buffers)
					.map((bytes) -> DefaultDataBufferFactory.sharedInstance.wrap(bytes));
				return Flux.defer(() -> handler.apply(new HttpAnswer(status, headers, body)));
			}
		};
	}

	private static byte[] part(byte[] bytes, int from, int to) {
		return Arrays.copyOfRange(bytes, from, to);
	}

	/**
	 * Asks for the next token when one has come.
	 */
	private static final class OneByOne extends BaseSubscriber<Token> {

		private final CountDownLatch over = new CountDownLatch(1);

		private final List<Token> tokens = new ArrayList<>();

		private final AtomicInteger open = new AtomicInteger();

		private final AtomicInteger surplus = new AtomicInteger();

		@Override
		protected void hookOnSubscribe(Subscription subscription) {
			this.open.incrementAndGet();
			request(1);
		}

		@Override
		protected void hookOnNext(Token token) {
			this.tokens.add(token);
			this.surplus.addAndGet((this.open.decrementAndGet() < 0) ? 1 : 0);
			Schedulers.parallel().schedule(() -> {
				this.open.incrementAndGet();
				request(1);
			}, 2, TimeUnit.MILLISECONDS);
		}

		@Override
		protected void hookOnError(Throwable failure) {
			this.over.countDown();
		}

		@Override
		protected void hookOnComplete() {
			this.over.countDown();
		}

	}

}
