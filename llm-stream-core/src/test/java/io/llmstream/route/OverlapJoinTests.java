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

import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OverlapJoin} and {@link WhitespaceJoin}.
 */
class OverlapJoinTests {

	private static String join(TextJoin join, String... pieces) {
		StringBuilder text = new StringBuilder();
		for (String piece : pieces) {
			text.append(join.next(piece));
		}
		return text.append(join.end()).toString();
	}

	@Test
	void aRepeatedEndIsLeftOut() {
		assertThat(join(new OverlapJoin("It was a dark night", 4, 20), "dark night and it rained"))
			.isEqualTo(" and it rained");
	}

	@Test
	void aRepeatedEndInPiecesIsLeftOut() {
		assertThat(join(new OverlapJoin("It was a dark night", 4, 20), "da", "rk", " nigh", "t a", "nd"))
			.isEqualTo(" and");
	}

	@Test
	void aShortRepetitionStays() {
		assertThat(join(new OverlapJoin("no no", 4, 20), "no more")).isEqualTo("no more");
	}

	@Test
	void theLongestRepetitionIsLeftOut() {
		assertThat(join(new OverlapJoin("abcabcabc", 3, 9), "abcabcabcd")).isEqualTo("d");
	}

	@Test
	void aRepetitionIsLookedForNoFurtherBackThanTheLimit() {
		assertThat(join(new OverlapJoin("0123456789", 3, 5), "456789x")).isEqualTo("456789x");
		assertThat(join(new OverlapJoin("0123456789", 3, 5), "56789x")).isEqualTo("x");
	}

	@Test
	void anUnfinishedRepetitionStays() {
		assertThat(join(new OverlapJoin("It was a dark night", 4, 20), "dark ni")).isEqualTo("dark ni");
	}

	@Test
	void aTextShorterThanARepetitionHoldsNothingBack() {
		assertThat(new OverlapJoin("ab", 3, 9).next("ab")).isEqualTo("ab");
	}

	@Test
	void whatCannotBeARepetitionIsEmittedAtOnce() {
		OverlapJoin join = new OverlapJoin("It was a dark night", 4, 20);
		assertThat(join.next("x")).isEqualTo("x");
		assertThat(join.next("dark night")).isEqualTo("dark night");
	}

	@Test
	void joinsAreRightWhateverThePieces() {
		long seed = new Random().nextLong();
		Random random = new Random(seed);
		for (int round = 0; round < 2000; round++) {
			String whole = text(random, 2 + random.nextInt(40), 26);
			int cut = 1 + random.nextInt(whole.length());
			String partial = whole.substring(0, Math.min(cut, whole.length()));
			String rest = whole.substring(partial.length());
			int min = 3 + random.nextInt(4);
			int max = min + random.nextInt(12);
			int repeated = (random.nextBoolean()) ? 0 : Math.min(partial.length(), min + random.nextInt(max - min + 1));
			String continuation = partial.substring(partial.length() - repeated) + rest;
			String expected = expected(partial, continuation, min, max);
			OverlapJoin join = new OverlapJoin(partial, min, max);
			StringBuilder emitted = new StringBuilder();
			int at = 0;
			while (at < continuation.length()) {
				int end = Math.min(continuation.length(), at + 1 + random.nextInt(5));
				emitted.append(join.next(continuation.substring(at, end)));
				assertThat(end - emitted.length()).as("held or dropped, seed %d round %d", seed, round)
					.isLessThanOrEqualTo(max);
				at = end;
			}
			emitted.append(join.end());
			assertThat(emitted.toString())
				.as("seed %d round %d: '%s' + '%s', %d to %d", seed, round, partial, continuation, min, max)
				.isEqualTo(expected);
		}
	}

	/**
	 * The definition, without any thought of pieces.
	 */
	private static String expected(String partial, String continuation, int min, int max) {
		for (int length = Math.min(max, Math.min(partial.length(), continuation.length())); length >= min; length--) {
			if (continuation.startsWith(partial.substring(partial.length() - length))) {
				return continuation.substring(length);
			}
		}
		return continuation;
	}

	private static String text(Random random, int length, int most) {
		int letters = 1 + random.nextInt(most);
		StringBuilder text = new StringBuilder();
		for (int i = 0; i < length; i++) {
			text.append((char) ('a' + random.nextInt(letters)));
		}
		return text.toString();
	}

	@Test
	void whiteSpaceThatWasNotSentIsNotRepeated() {
		assertThat(join(new WhitespaceJoin("Hello "), " world")).isEqualTo("world");
		assertThat(join(new WhitespaceJoin("Hello "), "world")).isEqualTo("world");
		assertThat(join(new WhitespaceJoin("Hello\n"), "\n", "\nworld")).isEqualTo("\nworld");
		assertThat(join(new WhitespaceJoin("Hello\n\n"), "\nworld")).isEqualTo("world");
		assertThat(join(new WhitespaceJoin("Hello \n"), " ", "world")).isEqualTo("world");
	}

	@Test
	void aContinuationAfterAPrefillIsOtherwiseNotTouched() {
		assertThat(join(new WhitespaceJoin("ha ha ha"), " ha ha ha")).isEqualTo(" ha ha ha");
		assertThat(join(new WhitespaceJoin("Hello "), "a ", " b")).isEqualTo("a  b");
	}

}
