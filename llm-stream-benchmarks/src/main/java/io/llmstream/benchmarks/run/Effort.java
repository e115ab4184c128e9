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

package io.llmstream.benchmarks.run;

import java.time.Duration;

import io.llmstream.benchmarks.process.Child;
import io.llmstream.benchmarks.process.Figures;

/**
 * How thorough to be.
 *
 * @param rounds how often each contestant runs in each scenario
 * @param warmUp how long it runs before it is measured
 * @param starts how often, at most, 1,000 streams begin and end before it is measured
 * @param paced how long a paced run takes
 * @param firehose how many tokens one answer of a firehose has
 */
record Effort(int rounds, Duration warmUp, int starts, Duration paced, int firehose) {

	/** A share of one processor. */
	private static final double COMPILING = 0.06;

	/** To see that everything works, not to publish. */
	static final Effort SHORT = new Effort(1, Duration.ofSeconds(3), 4, Duration.ofSeconds(4), 8_000);

	/** What the published figures are made with. */
	static final Effort FULL = new Effort(3, Duration.ofSeconds(16), 20, Duration.ofSeconds(12), 40_000);

	/**
	 * Streams must begin and end as warm as they go on: begin many until the compilers of
	 * the JVM have little left to do.
	 */
	void warmUpStarts(Child measured, Runnable streams) {
		Figures before = measured.measure(false);
		for (int i = 0; i < this.starts; i++) {
			streams.run();
			Figures after = measured.measure(false);
			double share = (after.number("compilers") - before.number("compilers"))
					/ (after.number("at") - before.number("at"));
			if (share < COMPILING) {
				return;
			}
			before = after;
		}
	}

	/**
	 * How many tokens the longest answers have.
	 */
	int longest() {
		return this.firehose * 5 / 2;
	}

	Effort withRounds(int number) {
		return new Effort(number, this.warmUp, this.starts, this.paced, this.firehose);
	}

	int pacedTokens(int rate) {
		return Math.max(1, Math.toIntExact(this.paced.toMillis() * rate / 1000));
	}

}
