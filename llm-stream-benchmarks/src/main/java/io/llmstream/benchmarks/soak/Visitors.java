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

package io.llmstream.benchmarks.soak;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * People who visit one site at the same time, each again and again, in random ways.
 */
final class Visitors {

	private static final Logger logger = LoggerFactory.getLogger(Visitors.class);

	private final Map<Visit, LongAdder> visits = new ConcurrentSkipListMap<>();

	private final AtomicInteger failures = new AtomicInteger();

	private final Site site;

	private final int count;

	private final long seed;

	Visitors(Site site, int count, long seed) {
		this.site = site;
		this.count = count;
		this.seed = seed;
	}

	/**
	 * Begin; each ends the visit that it is in when the time is over.
	 * @param end the {@link System#nanoTime()} at which no new visit begins
	 * @return their threads
	 */
	List<Thread> begin(long end) {
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < this.count; i++) {
			// Neighbouring seeds alone would begin alike.
			Random random = new Random((this.seed + i) * 0x9E3779B97F4A7C15L);
			Thread thread = new Thread(() -> visit(random, end), "visitor-" + i);
			thread.setDaemon(true);
			thread.start();
			threads.add(thread);
		}
		return threads;
	}

	private void visit(Random random, long end) {
		while (System.nanoTime() < end) {
			Visit visit = Visit.any(random);
			try {
				visit.pay(this.site, random);
				this.visits.computeIfAbsent(visit, (one) -> new LongAdder()).increment();
			}
			catch (IOException | RuntimeException ex) {
				this.failures.incrementAndGet();
				logger.error("A visit failed ({})", visit, ex);
			}
		}
	}

	int failures() {
		return this.failures.get();
	}

	@Override
	public String toString() {
		return this.visits.toString();
	}

}
