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

package io.llmstream;

/**
 * What an answer used, counted in the provider's tokens. One figure, final at the end of
 * a stream.
 *
 * @param inputTokens tokens read, cached ones included
 * @param outputTokens tokens written, reasoning included
 * @param cachedInputTokens the part of the input that was read from a prompt cache
 * @param cacheWriteInputTokens the part of the input that was written to a prompt cache
 * @param reasoningTokens the part of the output that was reasoning
 * @param source how the figures are known
 */
public record Usage(long inputTokens, long outputTokens, long cachedInputTokens, long cacheWriteInputTokens,
		long reasoningTokens, Source source) {

	/** Nothing is known: all figures are 0 and must not be taken for measured zeros. */
	public static final Usage NONE = new Usage(0, 0, 0, 0, 0, Source.NONE);

	/**
	 * Usage as the provider reported it.
	 * @param inputTokens tokens read, cached ones included
	 * @param outputTokens tokens written, reasoning included
	 * @return the usage
	 */
	public static Usage reported(long inputTokens, long outputTokens) {
		return new Usage(inputTokens, outputTokens, 0, 0, 0, Source.REPORTED);
	}

	/**
	 * Input and output together.
	 * @return the number of tokens
	 */
	public long totalTokens() {
		return this.inputTokens + this.outputTokens;
	}

	/**
	 * Add up the usage of several steps. The sum is only as well known as its least known
	 * part.
	 * @param other what to add
	 * @return the sum
	 */
	public Usage plus(Usage other) {
		Source known = (this.source.compareTo(other.source) >= 0) ? this.source : other.source;
		return new Usage(this.inputTokens + other.inputTokens, this.outputTokens + other.outputTokens,
				this.cachedInputTokens + other.cachedInputTokens,
				this.cacheWriteInputTokens + other.cacheWriteInputTokens, this.reasoningTokens + other.reasoningTokens,
				known);
	}

	/**
	 * How figures are known, best first.
	 */
	public enum Source {

		/** The provider counted them. */
		REPORTED,

		/** Counted here, by a tokenizer that may differ from the provider's. */
		ESTIMATED,

		/** Not known. */
		NONE

	}

}
