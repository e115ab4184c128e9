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

import org.jspecify.annotations.Nullable;

/**
 * One column of a table.
 *
 * @param title what stands above it
 * @param figure which figure it shows
 * @param digits how many digits after the point
 * @param relativeTo the contestant by whose figure this one is divided, or {@code null}
 * to show the figure itself
 */
record Column(String title, String figure, int digits, @Nullable String relativeTo) {

	/** Instead of digits: the figure is 1 for yes. */
	static final int YES_OR_NO = -1;

	Column(String title, String figure, int digits) {
		this(title, figure, digits, null);
	}

	String cell(Samples samples, String contestant) {
		if (this.digits == YES_OR_NO) {
			return (samples.median(contestant, this.figure) == 1) ? "yes" : "no";
		}
		if (this.relativeTo == null) {
			return samples.cell(contestant, this.figure, this.digits);
		}
		return Samples.format(samples.median(contestant, this.figure) / samples.median(this.relativeTo, this.figure),
				this.digits);
	}

}
