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

package io.llmstream.test;

import java.time.Duration;

/**
 * How fast an answer is sent, and in what pieces.
 *
 * @param headers the time before the headers
 * @param firstToken the time between headers and first token
 * @param interval the time between tokens
 * @param split how many bytes make an HTTP chunk; 0 for one step a chunk
 * @param dripBytes how many bytes go to the socket at a time; 0 for all
 * @param dripInterval the time between them
 */
record ScriptPace(Duration headers, Duration firstToken, Duration interval, int split, int dripBytes,
		Duration dripInterval) {

	/** Longer than any test runs, and still good for a timer. */
	static final Duration FOR_EVER = Duration.ofDays(1);

	static final ScriptPace NONE = new ScriptPace(Duration.ZERO, Duration.ZERO, Duration.ZERO, 0, 0, Duration.ZERO);

	ScriptPace headers(Duration delay) {
		return new ScriptPace(delay, this.firstToken, this.interval, this.split, this.dripBytes, this.dripInterval);
	}

	ScriptPace firstToken(Duration delay) {
		return new ScriptPace(this.headers, delay, this.interval, this.split, this.dripBytes, this.dripInterval);
	}

	ScriptPace interval(Duration time) {
		return new ScriptPace(this.headers, this.firstToken, time, this.split, this.dripBytes, this.dripInterval);
	}

	ScriptPace split(int bytes) {
		return new ScriptPace(this.headers, this.firstToken, this.interval, positive(bytes), this.dripBytes,
				this.dripInterval);
	}

	ScriptPace drip(int bytes, Duration time) {
		return new ScriptPace(this.headers, this.firstToken, this.interval, this.split, positive(bytes), time);
	}

	private static int positive(int bytes) {
		if (bytes < 1) {
			throw new IllegalArgumentException("bytes must be 1 or more, but is " + bytes);
		}
		return bytes;
	}

}
