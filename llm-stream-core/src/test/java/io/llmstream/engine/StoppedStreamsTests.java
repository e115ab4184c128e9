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

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.llmstream.StreamRequest;
import io.llmstream.StreamStoppedException;
import io.llmstream.StreamingModel;
import io.llmstream.Token;
import io.llmstream.observation.ActiveStreams;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of streams of the engine that are stopped from outside, which must be done
 * between two tokens.
 */
@Timeout(60)
class StoppedStreamsTests {

	private static final String MANY = "data: {\"text\":\"a\"}\n\n".repeat(50);

	private final ExecutorService threads = Executors.newFixedThreadPool(2);

	@AfterEach
	void stop() {
		this.threads.shutdownNow();
	}

	private static StreamingModel model(FakeServer server) {
		ProviderSettings settings = ProviderSettings.builder("acme", new WordDialect()).defaultModel("m1").build();
		return new ProviderStreamingModel(settings, server);
	}

	private static Flux<Token> stream(FakeServer server, ActiveStreams streams) {
		return streams.filter("c").apply(model(server)).stream(StreamRequest.of("hi"));
	}

	private static void stopAll(ActiveStreams streams) {
		streams.list().forEach((active) -> streams.stop(active.id()));
	}

	/**
	 * Stop a stream while its first token is being passed on.
	 * @return the texts and the error, in their order
	 */
	private List<String> stoppedWithinItsFirstToken(FakeServer server, StreamingModel model, Runnable answer)
			throws Exception {
		ActiveStreams streams = new ActiveStreams(List.of());
		List<String> events = new CopyOnWriteArrayList<>();
		CountDownLatch within = new CountDownLatch(1);
		CountDownLatch go = new CountDownLatch(1);
		CountDownLatch failed = new CountDownLatch(1);
		streams.filter("c").apply(model).stream(StreamRequest.of("hi")).subscribe((token) -> {
			within.countDown();
			await(go);
			events.add(((Token.Text) token).text());
		}, (error) -> {
			events.add(error.getClass().getSimpleName());
			failed.countDown();
		});
		Future<?> provider = this.threads.submit(answer);
		assertThat(within.await(10, TimeUnit.SECONDS)).isTrue();
		stopAll(streams);
		assertThat(events).isEmpty();
		go.countDown();
		assertThat(failed.await(10, TimeUnit.SECONDS)).isTrue();
		provider.get(10, TimeUnit.SECONDS);
		assertThat(server.unreleased()).isZero();
		return events;
	}

	@Test
	void aStopFromElsewhereWaitsForTheTokenThatIsPassedOnAndNoneFollows() throws Exception {
		FakeServer server = new FakeServer();
		assertThat(stoppedWithinItsFirstToken(server, model(server), () -> server.sendsRaw(MANY))).containsExactly("a",
				StreamStoppedException.class.getSimpleName());
	}

	/**
	 * As a tool loop and a route do: the attempt has told its end by then.
	 */
	@Test
	void aStopWaitsForATokenThatIsMadeOfTheLastOneOfAnAttempt() throws Exception {
		FakeServer server = new FakeServer();
		StreamingModel more = (request) -> model(server).stream(request)
			.flatMapIterable((token) -> List.of(new Token.Text("more"), token));
		assertThat(stoppedWithinItsFirstToken(server, more,
				() -> server.sends("{\"finish\":\"stop\"}", "{\"done\":true}")))
			.containsExactly("more", StreamStoppedException.class.getSimpleName());
	}

	@Test
	void aStopThatMeetsTokensComesBetweenTwoOfThemAndLeavesOneEnd() throws Exception {
		AtomicInteger stopped = new AtomicInteger();
		for (int i = 0; i < 1_000; i++) {
			Race race = new Race();
			FakeServer server = new FakeServer();
			ActiveStreams streams = new ActiveStreams(List.of());
			stream(server, streams).subscribe(race::token, race::failed);
			CountDownLatch begun = race.begun;
			Future<?> provider = this.threads.submit(() -> {
				for (int read = 0; read < 20 && race.ends.get() == 0; read++) {
					server.sendsRaw(MANY);
				}
			});
			Future<?> operator = this.threads.submit(() -> {
				await(begun);
				stopAll(streams);
			});
			provider.get(10, TimeUnit.SECONDS);
			operator.get(10, TimeUnit.SECONDS);
			assertThat(race.ended.await(10, TimeUnit.SECONDS)).isTrue();
			assertThat(race.wrong).hasValue(0);
			assertThat(race.ends).hasValue(1);
			assertThat(server.unreleased()).isZero();
			stopped.addAndGet((race.tokens < 1_000) ? 1 : 0);
		}
		assertThat(stopped).as("streams that were stopped amid their tokens").hasPositiveValue();
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * A subscriber who sees whether signals meet.
	 */
	private static final class Race {

		private final CountDownLatch begun = new CountDownLatch(1);

		private final CountDownLatch ended = new CountDownLatch(1);

		private final AtomicInteger within = new AtomicInteger();

		private final AtomicInteger ends = new AtomicInteger();

		private final AtomicInteger wrong = new AtomicInteger();

		private volatile int tokens;

		private void token(Token token) {
			this.begun.countDown();
			check(this.within.incrementAndGet() == 1 && this.ends.get() == 0);
			this.tokens++;
			this.within.decrementAndGet();
		}

		private void failed(Throwable error) {
			check(this.within.get() == 0 && error instanceof StreamStoppedException);
			this.ends.incrementAndGet();
			this.ended.countDown();
		}

		private void check(boolean right) {
			if (!right) {
				this.wrong.incrementAndGet();
			}
		}

	}

}
