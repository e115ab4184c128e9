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
 * What is asked of the mock provider. It travels as the prompt, because that is what
 * every client and every relay carries unchanged.
 *
 * @param tokens how many tokens the answer has
 * @param rate tokens per second, or 0 for as fast as they are taken
 * @param delayMillis how long the provider thinks before it answers
 */
public record Workload(int tokens, int rate, int delayMillis) {

	private static final String MARK = "bench:";

	/**
	 * Check the values.
	 */
	public Workload {
		if (tokens < 1 || tokens > TokenText.MAX_TOKENS) {
			throw new IllegalArgumentException("tokens: " + tokens);
		}
	}

	/**
	 * How long the answer takes if nobody is late.
	 * @return seconds; 0 where there is no rate
	 */
	public double seconds() {
		return this.delayMillis / 1000.0 + ((this.rate > 0) ? (double) this.tokens / this.rate : 0);
	}

	/**
	 * The workload as a prompt.
	 * @return text that needs no escape in JSON
	 */
	public String prompt() {
		return MARK + this.tokens + ":" + this.rate + ":" + this.delayMillis + ";";
	}

	/**
	 * Find a workload.
	 * @param text any text that holds a prompt, such as the body of a request
	 * @return the workload
	 */
	public static Workload find(String text) {
		int start = text.indexOf(MARK);
		int end = text.indexOf(';', start);
		if (start < 0 || end < 0) {
			throw new IllegalArgumentException("No workload in it");
		}
		String[] parts = text.substring(start + MARK.length(), end).split(":");
		return new Workload(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
	}

}
