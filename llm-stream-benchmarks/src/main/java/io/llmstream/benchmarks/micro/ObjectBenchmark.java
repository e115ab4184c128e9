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
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a token costs that makes an object grow, by the size that the object has in the
 * end, which should not matter.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class ObjectBenchmark {

	/** The length of the JSON in characters. */
	@Param({ "1024", "8192", "65536", "262144", "1048576" })
	public int size;

	/** Whether each partial is bound to its type. */
	@Param({ "false", "true" })
	public boolean bind;

	private ObjectWork work = new ObjectWork(1024, false);

	/**
	 * Prepare.
	 */
	@Setup
	public void prepare() {
		this.work = new ObjectWork(this.size, this.bind);
	}

	/**
	 * From tokens to partial objects.
	 * @return the number of partials
	 */
	@Benchmark
	@OperationsPerInvocation(ObjectWork.TOKENS)
	public int partials() {
		return this.work.run();
	}

}
