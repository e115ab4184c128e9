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

package io.llmstream.benchmarks.relay;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import io.llmstream.benchmarks.browser.BrowserLoad;
import io.llmstream.benchmarks.process.Child;
import io.llmstream.benchmarks.process.Figures;
import io.llmstream.benchmarks.provider.MockProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the relays that are compared, each between a provider and browsers in
 * processes of their own.
 */
class RelaysTests {

	private static final Duration LIMIT = Duration.ofMinutes(2);

	@TempDir
	private static Path logs;

	private static Child provider;

	private static Child browsers;

	@BeforeAll
	static void start() {
		provider = Child.start("provider", logs, List.of("-Xmx64m"), MockProvider.class);
		browsers = Child.start("browsers", logs, List.of("-Xmx64m"), BrowserLoad.class);
	}

	@AfterAll
	static void stop() {
		browsers.close();
		provider.close();
	}

	@ParameterizedTest
	@ValueSource(classes = { BytePassthrough.class, NettyPassthrough.class, MvcRelay.class, WebFluxRelay.class })
	void everyBrowserGetsTheExactText(Class<?> type) {
		Figures figures = measure(type);
		assertThat(figures.number("complete")).isEqualTo(10);
		assertThat(figures.number("lostSpaces")).isZero();
		assertThat(figures.number("tokens")).isEqualTo(10 * 300);
	}

	@ParameterizedTest
	@ValueSource(classes = NaiveRelay.class)
	void theNaiveWayLosesEveryLeadingSpace(Class<?> type) {
		Figures figures = measure(type);
		assertThat(figures.number("complete")).isEqualTo(10);
		assertThat(figures.number("lostSpaces")).isEqualTo(10 * 300);
	}

	private static Figures measure(Class<?> type) {
		provider.ask("totals", LIMIT);
		try (Child relay = Child.start(type.getSimpleName(), logs, List.of("-Xmx128m"), RelayMain.class, type.getName(),
				"http://127.0.0.1:" + provider.port())) {
			Figures figures = browsers.ask(
					"run port=" + relay.port() + " path=/v1/chat/completions count=10 tokens=300 rate=0 limit=60000",
					LIMIT);
			assertThat(provider.ask("totals", LIMIT).number("sent")).isEqualTo(10 * 300);
			return figures;
		}
	}

}
