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

import org.jspecify.annotations.Nullable;

/**
 * When to start the next target beside one that has not spoken yet. Whichever speaks
 * first answers, the other is cancelled; both may be paid for.
 *
 * @param after how long to wait for the first token, longer than zero; {@code null} to go
 * by what was observed alone
 * @param percentile which percentile of the observed times to the first token to wait
 * for, 1 to 99; {@code null} to wait for {@code after} always
 * @param minSamples how many times must have been observed of a target before the
 * percentile counts, 1 to 128; until then {@code after} holds, if there is one
 */
public record HedgeSettings(@Nullable Duration after, @Nullable Integer percentile, int minSamples) {

	/**
	 * Create settings.
	 * @throws IllegalArgumentException if a value is out of its range; the message names
	 * it
	 */
	public HedgeSettings {
		if (after == null && percentile == null) {
			throw new IllegalArgumentException("after or percentile must be given");
		}
		if (after != null && (after.isNegative() || after.isZero())) {
			throw new IllegalArgumentException("after must be longer than zero, but is " + after);
		}
		if (percentile != null && (percentile < 1 || percentile > 99)) {
			throw new IllegalArgumentException("percentile must be from 1 to 99, but is " + percentile);
		}
		if (minSamples < 1 || minSamples > FirstTokenTimes.MAX_SAMPLES) {
			throw new IllegalArgumentException(
					"minSamples must be from 1 to " + FirstTokenTimes.MAX_SAMPLES + ", but is " + minSamples);
		}
	}

	/**
	 * After a fixed time.
	 * @param after how long to wait for the first token
	 * @return the settings
	 */
	public static HedgeSettings after(Duration after) {
		return new HedgeSettings(after, null, 20);
	}

	/**
	 * After the time within which 95 of 100 first tokens came, once 20 were observed.
	 * @return the settings
	 */
	public static HedgeSettings observed() {
		return new HedgeSettings(null, 95, 20);
	}

	@Nullable Duration delay(FirstTokenTimes times) {
		Duration observed = (this.percentile != null) ? times.percentile(this.percentile, this.minSamples) : null;
		return (observed != null) ? observed : this.after;
	}

}
