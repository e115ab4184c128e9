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

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests for {@link Histogram}.
 */
class HistogramTests {

	@Test
	void quantilesAreWithinThreePercent() {
		Histogram histogram = new Histogram();
		for (int i = 1; i <= 100_000; i++) {
			histogram.record(i);
		}
		assertThat((double) histogram.quantile(0.5)).isCloseTo(50_000, within(1_500.0));
		assertThat((double) histogram.quantile(0.99)).isCloseTo(99_000, within(3_000.0));
		assertThat(histogram.quantile(1)).isEqualTo(100_000);
		assertThat(histogram.max()).isEqualTo(100_000);
	}

	@Test
	void smallValuesAreExact() {
		Histogram histogram = new Histogram();
		histogram.record(0);
		histogram.record(7);
		histogram.record(31);
		assertThat(histogram.quantile(0.5)).isEqualTo(7);
	}

	@Test
	void twoAreAdded() {
		Histogram histogram = new Histogram();
		histogram.record(10);
		Histogram other = new Histogram();
		other.record(20);
		histogram.add(other);
		assertThat(histogram.total()).isEqualTo(2);
		assertThat(histogram.max()).isEqualTo(20);
	}

}
