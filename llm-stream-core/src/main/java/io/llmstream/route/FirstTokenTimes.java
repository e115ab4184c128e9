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

package io.llmstream.route;

import java.time.Duration;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * How long a target took to its first token, the last times that it was asked.
 */
final class FirstTokenTimes {

	static final int MAX_SAMPLES = 128;

	private final long[] samples = new long[MAX_SAMPLES];

	private int count;

	private int next;

	synchronized void add(long nanos) {
		this.samples[this.next] = nanos;
		this.next = (this.next + 1) % MAX_SAMPLES;
		this.count = Math.min(this.count + 1, MAX_SAMPLES);
	}

	/**
	 * A percentile of the times, or {@code null} if there are too few.
	 */
	@Nullable Duration percentile(int percentile, int minSamples) {
		long[] sorted;
		synchronized (this) {
			if (this.count < minSamples) {
				return null;
			}
			sorted = Arrays.copyOf(this.samples, this.count);
		}
		Arrays.sort(sorted);
		int rank = (int) Math.ceil(sorted.length * percentile / 100.0);
		return Duration.ofNanos(Math.max(sorted[rank - 1], 1));
	}

}
