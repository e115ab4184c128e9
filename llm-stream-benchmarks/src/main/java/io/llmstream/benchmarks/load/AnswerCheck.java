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

import java.util.function.LongConsumer;

/**
 * Reads the text of one answer, however it was cut into pieces, and checks that it is
 * exactly what the provider sent. For one thread at a time.
 */
public final class AnswerCheck {

	private final LongConsumer latency;

	private final LongConsumer firstToken;

	private final long asked;

	private final boolean timed;

	private int position;

	private int number;

	private long stamp;

	private int tokens;

	private int lostSpaces;

	private boolean broken;

	/**
	 * Create a check.
	 * @param latency counts how long tokens took, in microseconds
	 * @param firstToken counts how long the first token took after it was asked for
	 * @param timed whether to look at the clock for each token
	 */
	public AnswerCheck(LongConsumer latency, LongConsumer firstToken, boolean timed) {
		this.latency = latency;
		this.firstToken = firstToken;
		this.timed = timed;
		this.asked = TokenText.now();
	}

	/**
	 * Take a piece of the text.
	 * @param text the piece
	 */
	public void text(String text) {
		for (int i = 0; i < text.length(); i++) {
			character(text.charAt(i));
		}
	}

	/**
	 * Take a piece of the text.
	 * @param bytes holds the piece
	 * @param offset where it starts
	 * @param length how long it is
	 */
	public void text(byte[] bytes, int offset, int length) {
		for (int i = offset; i < offset + length; i++) {
			character(bytes[i]);
		}
	}

	/**
	 * Take one character.
	 * @param character the character
	 */
	public void character(int character) {
		if (this.position == 0) {
			this.position = 1;
			if (character == ' ') {
				return;
			}
			this.lostSpaces++;
		}
		if (this.position == TokenText.SEPARATOR) {
			this.broken |= character != ':';
		}
		else {
			int digit = TokenText.digit(character);
			this.broken |= digit < 0;
			if (this.position < TokenText.SEPARATOR) {
				this.number = (this.number << 5) | digit;
			}
			else {
				this.stamp = (this.stamp << 5) | digit;
			}
		}
		if (++this.position == TokenText.LENGTH) {
			end();
		}
	}

	private void end() {
		this.broken |= this.number != this.tokens;
		if (this.tokens == 0) {
			this.firstToken.accept(TokenText.now() - this.asked);
		}
		if (this.timed) {
			this.latency.accept(TokenText.now() - this.stamp);
		}
		this.tokens++;
		this.position = 0;
		this.number = 0;
		this.stamp = 0;
	}

	/**
	 * How many tokens have come.
	 * @return the number
	 */
	public int tokens() {
		return this.tokens;
	}

	/**
	 * How many tokens came without their leading space.
	 * @return the number
	 */
	public int lostSpaces() {
		return this.lostSpaces;
	}

	/**
	 * Whether every token came once, in order; leading spaces may be missing.
	 * @param expected how many there should be
	 * @return whether it is so
	 */
	public boolean isComplete(int expected) {
		return !this.broken && this.position == 0 && this.tokens == expected;
	}

	/**
	 * Whether something came twice, not in order, or not at all.
	 * @return whether the text is damaged
	 */
	public boolean isBroken() {
		return this.broken;
	}

}
