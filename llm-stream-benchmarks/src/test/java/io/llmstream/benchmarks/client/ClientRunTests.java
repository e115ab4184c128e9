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

package io.llmstream.benchmarks.client;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

import io.llmstream.benchmarks.load.Workload;
import io.llmstream.benchmarks.process.Child;
import io.llmstream.benchmarks.process.Figures;
import io.llmstream.benchmarks.provider.MockProvider;
import io.llmstream.benchmarks.provider.WireTemplate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ClientRun}, with the contestants that need no profile.
 */
class ClientRunTests {

	private static final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

	private static Child provider;

	@BeforeAll
	static void startProvider(@TempDir Path logs) {
		provider = Child.start("provider", logs, List.of("-Xmx64m"), MockProvider.class);
	}

	@AfterAll
	static void stop() {
		provider.close();
		timer.shutdownNow();
	}

	@ParameterizedTest
	@EnumSource(WireTemplate.class)
	void oursGetsTheExactTextOnEachWire(WireTemplate wire) throws InterruptedException {
		assertThat(run(new OursBare(), wire, 500, 0).number("exact")).isEqualTo(1);
	}

	@ParameterizedTest
	@EnumSource(WireTemplate.class)
	void theBoundsGetTheExactTextOnEachWire(WireTemplate wire) throws InterruptedException {
		assertThat(run(new RawNetty(), wire, 500, 0).number("exact")).isEqualTo(1);
		assertThat(run(new LimitStrings(), wire, 500, 0).number("exact")).isEqualTo(1);
	}

	@Test
	void aPacedAnswerTakesItsTimeAndIsTimed() throws InterruptedException {
		Figures figures = run(new RawNetty(), WireTemplate.OPENAI, 20, 40);
		assertThat(figures.number("exact")).isEqualTo(1);
		assertThat(figures.number("elapsed")).isGreaterThan(0.45);
		assertThat(figures.number("p99")).isPositive();
	}

	@Test
	void aClientThatLosesTokensIsNotExact() throws InterruptedException {
		Contestant forgetful = new Contestant() {

			private final LimitStrings inner = new LimitStrings();

			@Override
			public void start(String address, WireTemplate wire) {
				this.inner.start(address, wire);
			}

			@Override
			public void ask(Workload workload, Answer answer) {
				this.inner.ask(new Workload(workload.tokens() - 1, 0, 0), answer);
			}

		};
		Figures figures = run(forgetful, WireTemplate.OPENAI, 50, 0);
		assertThat(figures.number("exact")).isZero();
		assertThat(figures.number("whole")).isZero();
	}

	private static Figures run(Contestant contestant, WireTemplate wire, int tokens, int rate)
			throws InterruptedException {
		contestant.start("http://127.0.0.1:" + provider.port(), wire);
		return new ClientRun(new Workload(tokens, rate, 0), wire, 4).run(contestant, timer, 0, 30_000, false);
	}

}
