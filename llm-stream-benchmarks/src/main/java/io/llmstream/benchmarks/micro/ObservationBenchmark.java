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

import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs a token that its stream is observed: the list of active streams, span,
 * meters for Prometheus, a sample for each chunk, the usage ledger.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class ObservationBenchmark {

	private static final int TOKENS = 1_000;

	private final ObservationWork observed = new ObservationWork(TOKENS, true);

	private final ObservationWork unobserved = new ObservationWork(TOKENS, false);

	/**
	 * With all that observes.
	 * @return the number of tokens
	 */
	@Benchmark
	@OperationsPerInvocation(TOKENS)
	public int observed() {
		return this.observed.run();
	}

	/**
	 * The same without.
	 * @return the number of tokens
	 */
	@Benchmark
	@OperationsPerInvocation(TOKENS)
	public int unobserved() {
		return this.unobserved.run();
	}

}
