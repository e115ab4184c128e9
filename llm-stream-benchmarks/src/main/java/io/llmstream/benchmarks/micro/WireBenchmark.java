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

import io.llmstream.benchmarks.provider.WireTemplate;
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
 * What a token costs on its way from bytes to a token, on each wire.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class WireBenchmark {

	private static final int TOKENS = 1_000;

	/** The wire. */
	@Param
	public WireTemplate wire = WireTemplate.OPENAI;

	private FrameWork frames = new FrameWork(WireTemplate.OPENAI, 1);

	private TokenWork tokens = new TokenWork(WireTemplate.OPENAI, 1);

	/**
	 * Make the answer.
	 */
	@Setup
	public void prepare() {
		this.frames = new FrameWork(this.wire, TOKENS);
		this.tokens = new TokenWork(this.wire, TOKENS);
	}

	/**
	 * Bytes to frames.
	 * @return the number of frames
	 */
	@Benchmark
	@OperationsPerInvocation(TOKENS)
	public int frames() {
		return this.frames.frames((frame) -> {
		});
	}

	/**
	 * Bytes to frames to tokens.
	 * @return the number of tokens
	 */
	@Benchmark
	@OperationsPerInvocation(TOKENS)
	public int tokens() {
		return this.tokens.run();
	}

}
