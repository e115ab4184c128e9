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

package io.llmstream.route;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.llmstream.ErrorKind;
import io.llmstream.FinishReason;
import io.llmstream.LlmStreamException;
import io.llmstream.Message;
import io.llmstream.StreamFailure;
import io.llmstream.StreamRequest;
import io.llmstream.StreamingModel;
import io.llmstream.Token;
import io.llmstream.Usage;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The stream contract for random faults, policies, pieces, threads and demand.
 */
class RoutingContractTests {

	private static final int ROUNDS = 600;

	private static final ErrorKind[] KINDS = { ErrorKind.OVERLOADED, ErrorKind.TRUNCATED, ErrorKind.STALL_TIMEOUT,
			ErrorKind.CONNECT, ErrorKind.INVALID_REQUEST };

	@Test
	void noCharacterIsLostOrDoubledAndTheStreamEndsOnce() throws InterruptedException {
		long seed = new Random().nextLong();
		int completed = 0;
		for (int round = 0; round < ROUNDS; round++) {
			Random random = new Random(seed + round);
			String truth = words(random);
			AtomicInteger open = new AtomicInteger();
			MidStreamPolicy policy = MidStreamPolicy.values()[random.nextInt(3)];
			Route.Builder route = Route.builder("r").midStream(policy).maxRecoveries(random.nextInt(6));
			int targets = 1 + random.nextInt(3);
			for (int i = 0; i < targets; i++) {
				boolean prefill = random.nextBoolean();
				route.targets(RouteTarget.builder("t" + i, new FaultyModel(truth, random.nextLong(), open))
					.prefill((model) -> prefill)
					.build());
			}
			if (random.nextInt(4) == 0) {
				route.hedge(HedgeSettings.after(Duration.ofNanos(1 + random.nextInt(300_000))));
			}
			Recorder recorder = new Recorder(random.nextLong());
			new RoutingModel(route.build()).stream(StreamRequest.of("hi")).subscribe(recorder);
			assertThat(recorder.ended.await(20, TimeUnit.SECONDS)).as("seed %d round %d ends", seed, round).isTrue();
			completed += recorder.check(truth, policy, "seed " + seed + " round " + round);
			Awaitility.await("open targets, seed " + seed + " round " + round)
				.atMost(Duration.ofSeconds(20))
				.pollDelay(Duration.ZERO)
				.pollInterval(Duration.ofMillis(1))
				.until(() -> open.get() == 0);
		}
		assertThat(completed).as("complete answers").isBetween(ROUNDS / 10, ROUNDS - 1);
	}

	private static String words(Random random) {
		StringBuilder text = new StringBuilder("Once");
		int count = random.nextInt(30);
		for (int i = 0; i < count; i++) {
			text.append((random.nextInt(8) == 0) ? "\n\n" : " ").append("word").append(i);
		}
		return text.append(" \n".substring(0, random.nextInt(3))).toString();
	}

	/**
	 * Knows the answer, and fails often.
	 */
	private static final class FaultyModel implements StreamingModel {

		private final String truth;

		private final Random random;

		private final AtomicInteger open;

		FaultyModel(String truth, long seed, AtomicInteger open) {
			this.truth = truth;
			this.random = new Random(seed);
			this.open = open;
		}

		@Override
		public Flux<Token> stream(StreamRequest request) {
			return Flux.defer(() -> {
				this.open.incrementAndGet();
				return answer(request.messages());
			}).doFinally((signal) -> this.open.decrementAndGet());
		}

		private synchronized Flux<Token> answer(List<Message> messages) {
			Message last = messages.get(messages.size() - 1);
			String rest = this.truth;
			if (last.role() == Message.Role.ASSISTANT) {
				assertThat(this.truth).startsWith(last.text());
				rest = this.truth.substring(last.text().length());
			}
			else if (messages.size() > 1) {
				String before = messages.get(messages.size() - 2).text();
				int repeated = (this.random.nextBoolean()) ? 0 : 12 + this.random.nextInt(60);
				rest = this.truth
					.substring((repeated <= before.length()) ? before.length() - repeated : before.length());
			}
			boolean complete = this.random.nextInt(3) == 0;
			List<Token> tokens = pieces((complete) ? rest : rest.substring(0, this.random.nextInt(rest.length() + 1)));
			if (complete) {
				tokens.add(new Token.Finish(FinishReason.STOP, null, Usage.reported(1, 1), null, null));
			}
			Flux<Token> answer = Flux.fromIterable(tokens);
			if (!complete && this.random.nextInt(4) != 0) {
				ErrorKind kind = KINDS[this.random.nextInt(KINDS.length)];
				answer = answer.concatWith(Flux.error(StreamFailure.of(kind, "t", "failed").toException()));
			}
			return (this.random.nextBoolean()) ? answer : answer.publishOn(Schedulers.parallel(), 1);
		}

		private List<Token> pieces(String text) {
			List<Token> tokens = new ArrayList<>();
			if (this.random.nextInt(3) == 0) {
				tokens.add(new Token.Other("x", "{}"));
			}
			int at = 0;
			while (at < text.length()) {
				int end = Math.min(text.length(), at + 1 + this.random.nextInt(20));
				tokens.add(new Token.Text(text.substring(at, end)));
				at = end;
			}
			return tokens;
		}

	}

	/**
	 * Asks for a few tokens at a time, and keeps what comes.
	 */
	private static final class Recorder extends BaseSubscriber<Token> {

		private final CountDownLatch ended = new CountDownLatch(1);

		private final List<Token> tokens = new ArrayList<>();

		private final AtomicInteger ends = new AtomicInteger();

		private final AtomicLong requested = new AtomicLong();

		private final Random random;

		private volatile Throwable error;

		private boolean tooMany;

		Recorder(long seed) {
			this.random = new Random(seed);
		}

		@Override
		protected void hookOnSubscribe(Subscription subscription) {
			more();
		}

		private void more() {
			int count = 1 + this.random.nextInt(4);
			this.requested.addAndGet(count);
			if (this.random.nextInt(4) == 0) {
				Schedulers.parallel().schedule(() -> request(count));
			}
			else {
				request(count);
			}
		}

		@Override
		protected void hookOnNext(Token token) {
			this.tokens.add(token);
			this.tooMany |= this.tokens.size() > this.requested.get();
			if (this.tokens.size() == this.requested.get()) {
				more();
			}
		}

		@Override
		protected void hookOnError(Throwable throwable) {
			this.error = throwable;
			this.ends.incrementAndGet();
			this.ended.countDown();
		}

		@Override
		protected void hookOnComplete() {
			this.ends.incrementAndGet();
			this.ended.countDown();
		}

		private int check(String truth, MidStreamPolicy policy, String what) {
			StringBuilder text = new StringBuilder();
			int resets = 0;
			for (Token token : this.tokens) {
				if (token instanceof Token.Reset) {
					text.setLength(0);
					resets++;
				}
				else if (token instanceof Token.Text piece) {
					text.append(piece.text());
				}
			}
			assertThat(this.ends).as(what).hasValue(1);
			assertThat(this.tooMany).as(what).isFalse();
			assertThat(resets == 0 || policy == MidStreamPolicy.RESTART).as(what).isTrue();
			if (this.error == null) {
				assertThat(text.toString()).as("%s, %s", what, policy).isEqualTo(truth);
				assertThat(this.tokens.get(this.tokens.size() - 1)).as(what).isInstanceOf(Token.Finish.class);
				return 1;
			}
			assertThat(this.error).as(what).isInstanceOf(LlmStreamException.class);
			assertThat(truth).as("%s, %s", what, policy).startsWith(text.toString());
			if (policy == MidStreamPolicy.CONTINUE) {
				assertThat(((LlmStreamException) this.error).getPartialText()).as(what).isEqualTo(text.toString());
			}
			return 0;
		}

	}

}
