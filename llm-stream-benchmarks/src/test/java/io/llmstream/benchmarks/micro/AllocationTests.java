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

package io.llmstream.benchmarks.micro;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.function.IntSupplier;

import com.sun.management.ThreadMXBean;
import io.llmstream.benchmarks.provider.WireTemplate;
import io.llmstream.relay.protocol.NativeProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Counts what the path of a token allocates. Unlike time, and with escape analysis off
 * (as it is in this module's tests) unlike garbage too, that is the same on every machine
 * and every JDK, so that a regression fails the build. The limits are a tenth above what
 * was counted when they were set.
 */
class AllocationTests {

	private static final int TOKENS = 2_000;

	private static final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	@ParameterizedTest
	@CsvSource({ "OPENAI, 100", "RESPONSES, 100", "ANTHROPIC, 100", "GEMINI, 212", "OLLAMA, 100" })
	void aTokenOfEachWireAllocatesNoMoreThanItsLimit(WireTemplate wire, double limit) {
		TokenWork work = new TokenWork(wire, TOKENS);
		assertThat(work.run()).isEqualTo(TOKENS);
		assertAllocates(limit, work::run);
	}

	@ParameterizedTest
	@CsvSource({ "OPENAI, 18.5", "RESPONSES, 18.5", "ANTHROPIC, 18.5", "GEMINI, 18.5", "OLLAMA, 18.5" })
	void aFrameOfEachWireAllocatesNoMoreThanItsLimit(WireTemplate wire, double limit) {
		FrameWork work = new FrameWork(wire, TOKENS);
		IntSupplier frames = () -> work.frames((frame) -> {
		});
		assertThat(frames.getAsInt()).isGreaterThanOrEqualTo(TOKENS);
		assertAllocates(limit, frames);
	}

	@ParameterizedTest
	@CsvSource({ "8192, false, 343", "65536, false, 343", "8192, true, 1175", "65536, true, 1175",
			"1048576, true, 1175" })
	void aTokenOfAnObjectAllocatesNoMoreThanItsLimitHoweverLongItIs(int size, boolean bind, double limit) {
		ObjectWork work = new ObjectWork(size, bind);
		work.run();
		long before = threads.getCurrentThreadAllocatedBytes();
		work.run();
		assertThat((threads.getCurrentThreadAllocatedBytes() - before) / (double) ObjectWork.TOKENS)
			.isLessThanOrEqualTo(limit);
	}

	@Test
	void anEventOfTheNativeProtocolAllocatesNoMoreThanItsLimit() {
		EventWork work = new EventWork(TOKENS);
		NativeProtocol protocol = new NativeProtocol();
		assertAllocates(137, () -> work.encode(protocol));
	}

	@Test
	void anEventThatIsReadAtOnceAllocatesNoMoreThanItsLimitInTheLog() {
		EventWork work = new EventWork(TOKENS);
		assertThat(work.log(true)).isEqualTo(TOKENS);
		assertAllocates(283, () -> work.log(true));
	}

	@Test
	void anEventThatIsMergedAllocatesNoMoreThanItsLimitInTheLog() {
		EventWork work = new EventWork(TOKENS);
		assertThat(work.log(false)).isLessThan(TOKENS / 10);
		assertAllocates(153, () -> work.log(false));
	}

	@Test
	void aTokenThatIsObservedAllocatesNothing() {
		// what a stream allocates does not depend on its length
		ObservationWork brief = new ObservationWork(TOKENS, true);
		ObservationWork lengthy = new ObservationWork(2 * TOKENS, true);
		assertThat(brief.run() + TOKENS).isEqualTo(lengthy.run());
		assertThat((allocated(lengthy::run) - allocated(brief::run)) / TOKENS).as("bytes per token")
			.isLessThanOrEqualTo(0.5);
	}

	private static void assertAllocates(double limit, IntSupplier work) {
		assertThat(allocated(work) / TOKENS).as("bytes per token").isLessThanOrEqualTo(limit);
	}

	private static double allocated(IntSupplier work) {
		// What is done only once in a JVM is no cost of a token.
		assertThat(work.getAsInt()).isPositive();
		assertThat(work.getAsInt()).isPositive();
		// Nor is what the clock decides, such as a sample for who is held up between
		// two tokens. What is done in most runs counts.
		long[] runs = new long[5];
		for (int i = 0; i < runs.length; i++) {
			long before = threads.getCurrentThreadAllocatedBytes();
			work.getAsInt();
			runs[i] = threads.getCurrentThreadAllocatedBytes() - before;
		}
		Arrays.sort(runs);
		return runs[runs.length / 2];
	}

}
