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

package io.llmstream.benchmarks.load;

/**
 * Counts durations in classes of about 3 %. For one thread at a time.
 */
public final class Histogram {

	private static final int BITS = 5;

	private static final int STEPS = 1 << BITS;

	private final int[] counts = new int[STEPS * 32];

	private long total;

	private long max;

	/**
	 * Count a value.
	 * @param value the value; a negative one counts as 0
	 */
	public void record(long value) {
		long counted = Math.max(0, value);
		this.counts[Math.min(index(counted), this.counts.length - 1)]++;
		this.total++;
		this.max = Math.max(this.max, counted);
	}

	/**
	 * Add what another one counted.
	 * @param other the other one
	 */
	public void add(Histogram other) {
		for (int i = 0; i < this.counts.length; i++) {
			this.counts[i] += other.counts[i];
		}
		this.total += other.total;
		this.max = Math.max(this.max, other.max);
	}

	/**
	 * How many values were counted.
	 * @return the number
	 */
	public long total() {
		return this.total;
	}

	/**
	 * The largest value.
	 * @return the value, 0 if there is none
	 */
	public long max() {
		return this.max;
	}

	/**
	 * The value below which a share of all values lies.
	 * @param share the share, from 0 to 1
	 * @return the value, 0 if there is none
	 */
	public long quantile(double share) {
		if (share >= 1) {
			return this.max;
		}
		long rank = (long) Math.ceil(share * this.total);
		long seen = 0;
		for (int i = 0; i < this.counts.length; i++) {
			seen += this.counts[i];
			if (seen >= rank && seen > 0) {
				return Math.min(value(i), this.max);
			}
		}
		return this.max;
	}

	private static int index(long value) {
		if (value < STEPS) {
			return (int) value;
		}
		int shift = Long.SIZE - Long.numberOfLeadingZeros(value) - 1 - BITS;
		return STEPS * (shift + 1) + (int) (value >>> shift) - STEPS;
	}

	private static long value(int index) {
		if (index < STEPS) {
			return index;
		}
		int shift = index / STEPS - 1;
		return ((long) (STEPS + index % STEPS) << shift) + ((1L << shift) >> 1);
	}

}
