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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WakeUps}.
 */
class WakeUpsTests {

	private static final long MILLI = 1_000_000;

	private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private final WakeUps wakeUps = new WakeUps(this.time, this::now, 5 * MILLI);

	private final List<String> ran = new ArrayList<>();

	@AfterEach
	void stop() {
		this.time.dispose();
	}

	private long now() {
		return this.time.now(TimeUnit.NANOSECONDS);
	}

	private void in(long millis, String name) {
		this.wakeUps.add(now() + millis * MILLI, () -> this.ran.add(name));
	}

	private void later(long millis) {
		this.time.advanceTimeBy(Duration.ofMillis(millis));
	}

	@Test
	void aTaskRunsAtTheEndOfItsStepAndNoSooner() {
		in(12, "a");
		later(14);
		assertThat(this.ran).isEmpty();
		later(1);
		assertThat(this.ran).containsExactly("a");
		later(100);
		assertThat(this.ran).containsExactly("a");
	}

	@Test
	void tasksOfOneStepShareATimer() {
		long before = this.time.getScheduledTaskCount();
		for (int i = 0; i < 1_000; i++) {
			in(11 + i % 5, "x");
		}
		assertThat(this.time.getScheduledTaskCount() - before).isEqualTo(1);
		later(15);
		assertThat(this.ran).hasSize(1_000);
	}

	@Test
	void aTaskThatFailsKeepsNoOtherFromRunning() {
		this.wakeUps.add(now() + MILLI, () -> {
			throw new IllegalStateException("on purpose");
		});
		in(1, "b");
		later(5);
		assertThat(this.ran).containsExactly("b");
	}

	@Test
	void aTaskThatFailsWithAnErrorKeepsNoOtherFromRunningEither() {
		this.wakeUps.add(now() + MILLI, () -> {
			throw new NoClassDefFoundError("on purpose");
		});
		in(1, "b");
		later(5);
		assertThat(this.ran).containsExactly("b");
	}

	@Test
	void aTaskMayAskForAnother() {
		this.wakeUps.add(now() + MILLI, () -> in(1, "c"));
		later(5);
		assertThat(this.ran).isEmpty();
		later(5);
		assertThat(this.ran).containsExactly("c");
	}

}
