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

package io.llmstream.sample;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import io.llmstream.test.Script;
import io.llmstream.test.ScriptedProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The whole way, from a browser's socket to the provider's.
 */
class WholeWayTests {

	private static final Duration LIMIT = Duration.ofSeconds(30);

	private static final String QUESTION = "{\"provider\":\"openai\",\"messages\":[{\"role\":\"user\",\"text\":\"Hi\"}]}";

	private final ScriptedProvider provider = ScriptedProvider.start();

	@AfterEach
	void stopProvider() {
		this.provider.close();
	}

	private String[] withProvider(String... arguments) {
		String[] all = Arrays.copyOf(arguments, arguments.length + 3);
		all[arguments.length] = "--OPENAI_API_KEY=a-key";
		all[arguments.length + 1] = "--OPENAI_MODEL=a-model";
		all[arguments.length + 2] = "--OPENAI_BASE_URL=" + this.provider.baseUrl() + "/v1";
		return all;
	}

	@Test
	void aBrowserThatLeavesEndsTheCallToTheProviderAtOnceOnWebFlux() throws Exception {
		this.provider.always(Script.text("a", "b", "c").stallAfter(2));
		try (RunningSample sample = RunningSample.on("reactive", withProvider())) {
			leave(sample, Duration.ofMillis(200));
		}
	}

	/**
	 * The first write after the browser left succeeds, the second fails; with a heartbeat
	 * of 150 ms that is at most 300 ms away.
	 */
	@Test
	void aBrowserThatLeavesEndsTheCallToTheProviderAtTheSecondWriteOnMvc() throws Exception {
		this.provider.always(Script.text("a", "b", "c").stallAfter(2));
		try (RunningSample sample = RunningSample.on("servlet", withProvider("--llm-stream.relay.heartbeat=150ms"))) {
			leave(sample, Duration.ofMillis(300 + 200));
		}
	}

	private void leave(RunningSample sample, Duration limit) throws Exception {
		try (RawBrowser browser = new RawBrowser(sample.server().getPort(), QUESTION)) {
			browser.readUntil("\"text\":\"a");
			this.provider.lastRequest().awaitTokens(2, LIMIT);
		}
		this.provider.lastRequest().awaitClosedByClient(limit);
	}

	/**
	 * The deltas for a slow browser are merged until little more than the text is left,
	 * and the sockets between take some megabytes: only an answer that is far longer than
	 * these shows that the provider waits.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "servlet", "reactive" })
	void aBrowserThatReadsSlowlyGetsAHundredThousandTokensThroughBoundedMemory(String stack) throws Exception {
		String filler = "-that-is-long".repeat(10);
		String[] pieces = new String[100_000];
		Arrays.setAll(pieces, (i) -> String.format(" piece-%06d-of-a-long-answer%s", i, filler));
		this.provider.always(Script.text(pieces).usage(1, pieces.length));
		try (RunningSample sample = RunningSample.withSmallSendBuffers(stack,
				withProvider("--llm-stream.relay.max-lag=256KB"));
				RawBrowser browser = new RawBrowser(sample.server().getPort(), QUESTION)) {
			String begin = browser.readUntil("piece-000001");
			long heapBefore = usedHeap();
			StringBuilder response = new StringBuilder(begin);
			byte[] buffer = new byte[16 * 1024];
			boolean checked = false;
			int sincePause = 0;
			for (int length = browser.read(buffer); length >= 0; length = browser.read(buffer)) {
				response.append(new String(buffer, 0, length, StandardCharsets.ISO_8859_1));
				if (!checked && response.length() > 500_000) {
					checked = true;
					assertThat(this.provider.lastRequest().tokensSent())
						.as("tokens that the provider could send while the browser has read little")
						.isLessThan(pieces.length / 2);
					assertThat(usedHeap() - heapBefore).as("heap that the answer takes").isLessThan(24L << 20);
				}
				sincePause += length;
				if (sincePause > 64 * 1024) {
					sincePause = 0;
					LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(30));
				}
			}
			assertThat(checked).isTrue();
			assertThat(response).contains("event: done");
			assertThat(pieceNumbers(response)).isEqualTo(IntStream.range(0, pieces.length).boxed().toList());
		}
	}

	private static long usedHeap() {
		System.gc();
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

	private static List<Integer> pieceNumbers(CharSequence response) {
		List<Integer> numbers = new ArrayList<>();
		Matcher matcher = Pattern.compile(" piece-(\\d{6})-of-a-long-answer").matcher(response);
		while (matcher.find()) {
			numbers.add(Integer.parseInt(matcher.group(1)));
		}
		return numbers;
	}

}
