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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.llmstream.benchmarks.load.Histogram;
import io.llmstream.benchmarks.load.Workload;
import io.llmstream.benchmarks.process.Figures;
import io.llmstream.benchmarks.process.ProcessProbe;
import io.llmstream.benchmarks.provider.WireTemplate;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Many answers at the same time, from one contestant.
 */
final class ClientRun {

	/** What a client that keeps pace may be late at the end. */
	private static final long LATE_MILLIS = 1_000;

	private final SharedHistogram latency = new SharedHistogram();

	private final SharedHistogram firstToken = new SharedHistogram();

	private final AtomicInteger whole = new AtomicInteger();

	private final AtomicInteger failures = new AtomicInteger();

	private final List<Answer> answers = new ArrayList<>();

	private final CountDownLatch left;

	private final Workload workload;

	private final WireTemplate wire;

	private final int count;

	private volatile long onTime = -1;

	private volatile @Nullable Figures amid;

	private volatile @Nullable Mark allOpen;

	private volatile @Nullable Mark noneEnded;

	ClientRun(Workload workload, WireTemplate wire, int count) {
		this.workload = workload;
		this.wire = wire;
		this.count = count;
		this.left = new CountDownLatch(count);
		for (int i = 0; i < count; i++) {
			this.answers.add(new Answer(this));
		}
	}

	/**
	 * Ask for all of them and wait for the last one.
	 * @param rampMillis over which time they are asked for
	 * @param limitMillis how long to wait
	 * @param collect whether to collect garbage amid, to see what lives then
	 * @return what came out, and what the process used for it
	 */
	Figures run(Contestant contestant, ScheduledExecutorService timer, long rampMillis, long limitMillis,
			boolean collect) throws InterruptedException {
		long length = rampMillis + Math.round(this.workload.seconds() * 1000);
		Figures before = ProcessProbe.measure(collect);
		long start = System.nanoTime();
		timer.schedule(() -> this.amid = ProcessProbe.measure(collect), Math.max(200, length * 7 / 10),
				TimeUnit.MILLISECONDS);
		if (this.workload.rate() > 0) {
			timer.schedule(() -> this.onTime = received(), length + LATE_MILLIS, TimeUnit.MILLISECONDS);
			long paced = length - rampMillis;
			timer.schedule(() -> this.allOpen = mark(), rampMillis + paced / 8, TimeUnit.MILLISECONDS);
			timer.schedule(() -> this.noneEnded = mark(), Math.max(length - rampMillis, rampMillis + paced / 2),
					TimeUnit.MILLISECONDS);
		}
		for (int i = 0; i < this.count; i++) {
			long due = start + TimeUnit.MILLISECONDS.toNanos(rampMillis) * i / this.count;
			TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
			this.answers.set(i, new Answer(this));
			contestant.ask(this.workload, this.answers.get(i));
		}
		this.left.await(limitMillis, TimeUnit.MILLISECONDS);
		double elapsed = (System.nanoTime() - start) / 1e9;
		return figures(before, ProcessProbe.measure(false), elapsed);
	}

	private Figures figures(Figures before, Figures after, double elapsed) {
		long received = received();
		Figures during = (this.amid != null) ? this.amid : after;
		double cpu = after.number("cpu", 0) - before.number("cpu", 0);
		Histogram late = this.latency.total();
		Histogram first = this.firstToken.total();
		return new Figures().with("tokens", received)
			.with("delivered",
					(double) ((this.onTime >= 0) ? this.onTime : received) / this.count / this.workload.tokens())
			.with("whole", (double) this.whole.get() / this.count)
			.with("exact", (this.whole.get() == this.count) ? 1 : 0)
			.with("failed", this.failures.get())
			.with("elapsed", elapsed)
			.with("tokensPerSecond", received / elapsed)
			.with("cpuPerMillion", cpu / received * 1e6)
			.with("openCpuPerMillion", openCpuPerMillion())
			.with("compilers", after.number("compilers", 0) - before.number("compilers", 0))
			.with("cpuShare", 100 * cpu / elapsed)
			.with("garbage", (after.number("allocated") - before.number("allocated")) / received)
			.with("p50", late.quantile(0.5) / 1000.0)
			.with("p99", late.quantile(0.99) / 1000.0)
			.with("ttft50", first.quantile(0.5) / 1000.0)
			.with("ttft99", first.quantile(0.99) / 1000.0)
			.with("rss", during.number("rss") / (1 << 20))
			.with("threads", during.number("threads"))
			.with("heap", (during.number("heap") - before.number("heap")) / this.count / 1024);
	}

	/**
	 * What a token costs while all answers are open, without their beginnings and ends.
	 */
	private double openCpuPerMillion() {
		Mark from = this.allOpen;
		Mark to = this.noneEnded;
		return (from != null && to != null && to.tokens > from.tokens)
				? (to.cpu - from.cpu) / (to.tokens - from.tokens) * 1e6 : Double.NaN;
	}

	private Mark mark() {
		return new Mark(ProcessProbe.measure(false).number("cpu"), received());
	}

	private long received() {
		return this.answers.stream().mapToLong(Answer::tokens).sum();
	}

	void ended(boolean complete, @Nullable Throwable failure) {
		if (complete) {
			this.whole.incrementAndGet();
		}
		if (failure != null && this.failures.incrementAndGet() == 1) {
			LoggerFactory.getLogger(ClientRun.class).warn("An answer failed", failure);
		}
		this.left.countDown();
	}

	SharedHistogram latency() {
		return this.latency;
	}

	SharedHistogram firstToken() {
		return this.firstToken;
	}

	Workload workload() {
		return this.workload;
	}

	WireTemplate wire() {
		return this.wire;
	}

	/**
	 * How far a run was at some time.
	 *
	 * @param cpu the seconds of CPU that the process had used
	 * @param tokens the tokens that had come
	 */
	private record Mark(double cpu, long tokens) {
	}

}
