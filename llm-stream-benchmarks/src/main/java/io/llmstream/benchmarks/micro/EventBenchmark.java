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

import io.llmstream.relay.protocol.NativeProtocol;
import io.llmstream.relay.protocol.RelayProtocol;
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
 * What a token costs on its way from an event to the bytes for a browser.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class EventBenchmark {

	private static final int TOKENS = 1_000;

	private final EventWork events = new EventWork(TOKENS);

	private final RelayProtocol nativeProtocol = new NativeProtocol();

	/**
	 * Events to the project's own protocol.
	 * @return the number of bytes
	 */
	@Benchmark
	@OperationsPerInvocation(TOKENS)
	public int nativeEvents() {
		return this.events.encode(this.nativeProtocol);
	}

	/**
	 * Through the log to a browser that keeps up.
	 * @return the number of events read
	 */
	@Benchmark
	@OperationsPerInvocation(TOKENS)
	public int logLive() {
		return this.events.log(true);
	}

	/**
	 * Through the log to a browser that comes when all is over.
	 * @return the number of events read
	 */
	@Benchmark
	@OperationsPerInvocation(TOKENS)
	public int logLate() {
		return this.events.log(false);
	}

}
