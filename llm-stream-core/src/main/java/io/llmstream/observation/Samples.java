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

package io.llmstream.observation;

import java.util.Arrays;

/**
 * The last samples of a figure, not older than some time. Guarded by its owner.
 */
final class Samples {

	private static final int SIZE = 256;

	private final double[] values = new double[SIZE];

	private final long[] times = new long[SIZE];

	private int count;

	void add(long nanos, double value) {
		int i = this.count++ % SIZE;
		this.values[i] = value;
		this.times[i] = nanos;
		if (this.count == 2 * SIZE) {
			this.count = SIZE;
		}
	}

	/**
	 * The samples that are not too old, in ascending order.
	 */
	double[] since(long nanos) {
		int size = Math.min(this.count, SIZE);
		double[] recent = new double[size];
		int n = 0;
		for (int i = 0; i < size; i++) {
			if (this.times[i] - nanos >= 0) {
				recent[n++] = this.values[i];
			}
		}
		double[] sorted = Arrays.copyOf(recent, n);
		Arrays.sort(sorted);
		return sorted;
	}

	/**
	 * A percentile of sorted samples, by the nearest rank.
	 * @return the sample, or {@code null} if there are none
	 */
	static Double percentile(double[] sorted, int percent) {
		int rank = (int) Math.ceil(sorted.length * percent / 100.0);
		return sorted[Math.max(rank, 1) - 1];
	}

}
