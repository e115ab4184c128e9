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
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.util.context.Context;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RelayTicker} on real timers, watched by BlockHound.
 */
class RelayTickerTests {

	private static final int THREADS = 4;

	private final Scheduler visitors = Schedulers.newParallel("visitors", THREADS);

	@AfterEach
	void stop() {
		this.visitors.dispose();
	}

	private static void visitWhatIsClosing(int visitor) {
		RelaySettings settings = RelaySettings.defaults();
		RelayTicker ticker = new RelayTicker(settings);
		FakeConnection connection = new FakeConnection(new Run(Flux.never(), settings, RelayErrorMapper.safe()),
				ticker);
		ticker.close();
		connection.start(Context.empty());
		assertThat(connection.last()).isInstanceOf(RunEvent.Failed.class);
		assertThat(connection.detach()).isTrue();
	}

	/**
	 * The timers' lock is shared. A thread that BlockHound throws out of it stays first
	 * in its queue, and then nothing of that timer happens any more.
	 */
	@Test
	void lastConnectionsThatLeaveTogetherDoNotBlockTheirThreadsOrTheTimers() {
		StepVerifier
			.create(Flux.range(0, 50_000)
				.parallel(THREADS)
				.runOn(this.visitors)
				.doOnNext(RelayTickerTests::visitWhatIsClosing)
				.sequential()
				.then())
			.expectComplete()
			.verify(Duration.ofSeconds(60));
		Flux<Long> timers = Flux.range(0, 2 * Schedulers.DEFAULT_POOL_SIZE)
			.flatMap((i) -> Mono.<Long>create(
					(sink) -> Schedulers.parallel().schedule(() -> sink.success(1L), 1, TimeUnit.MILLISECONDS)));
		StepVerifier.create(timers)
			.expectNextCount(2L * Schedulers.DEFAULT_POOL_SIZE)
			.expectComplete()
			.verify(Duration.ofSeconds(10));
	}

}
