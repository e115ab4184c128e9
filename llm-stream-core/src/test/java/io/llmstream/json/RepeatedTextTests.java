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

package io.llmstream.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of {@link RepeatedText}, with documents of which {@code id} and {@code text} are
 * read, and everything else is passed over.
 */
class RepeatedTextTests {

	private static final AtomicInteger kinds = new AtomicInteger();

	/**
	 * Of a kind of its own for each test, because a thread remembers what it has seen.
	 */
	private final String first = "{\"id\":\"a1\",\"n\":7,\"d\":{\"text\":\"Hi\",\"x\":null},\"pad\":\"kX3\",\"kind"
			+ kinds.incrementAndGet() + "\":true}";

	private final JsonReader reader = new JsonReader();

	private final RepeatedText repeated = new RepeatedText();

	private @Nullable String find(String document) {
		byte[] bytes = ("##" + document + "##").getBytes(StandardCharsets.UTF_8);
		return this.repeated.find(this.reader, bytes, 2, bytes.length - 4);
	}

	private Read learn(String document) {
		byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
		Read read = Read.of(this.reader, bytes, 0, bytes.length);
		this.repeated.learn(this.reader, bytes, 0, bytes.length);
		return read;
	}

	@Test
	void nothingIsFoundBeforeAnythingWasLearned() {
		assertThat(find(this.first)).isNull();
	}

	@Test
	void aDocumentWithAnotherTextIsFoundAgainAndAgain() {
		learn(this.first);
		assertThat(find(this.first)).isEqualTo("Hi");
		assertThat(find(this.first.replace("Hi", " there, a longer one"))).isEqualTo(" there, a longer one");
		assertThat(find(this.first.replace("Hi", "!"))).isEqualTo("!");
	}

	@Test
	void escapesAndCharactersThatAreNotAsciiAreReadAsEverywhere() {
		learn(this.first);
		assertThat(find(this.first.replace("Hi", "\\n\\\"é\\u00e9\\ud83d\\ude00 日本"))).isEqualTo("\n\"éé😀 日本");
		learn(this.first.replace("Hi", "a\\\"b"));
		assertThat(find(this.first)).isEqualTo("Hi");
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"id\":\"a2\"", "\"id\":\"a11\"", "\"id\":\"a\"", "\"id\":null", "\"if\":\"a1\"",
			"\"id\": \"a1\"" })
	void whatIsReadAndDiffersIsNotFound(String id) {
		learn(this.first);
		assertThat(find(this.first.replace("\"id\":\"a1\"", id))).isNull();
	}

	@Test
	void whatIsCutOffOrGoesOnIsNotFound() {
		learn(this.first);
		for (int i = 0; i < this.first.length(); i++) {
			int cut = i;
			if (cut > this.first.indexOf("Hi") && cut <= this.first.indexOf("Hi") + 2) {
				assertThatExceptionOfType(MalformedJsonException.class)
					.isThrownBy(() -> find(this.first.substring(0, cut)))
					.withMessageContaining("not closed");
			}
			else if (cut == this.first.indexOf("Hi")) {
				assertThatExceptionOfType(MalformedJsonException.class)
					.isThrownBy(() -> find(this.first.substring(0, cut)));
			}
			else {
				assertThat(find(this.first.substring(0, cut))).as("cut at %s", cut).isNull();
			}
		}
		assertThat(find(this.first + " ")).isNull();
		assertThat(find(this.first + this.first)).isNull();
	}

	@Test
	void anEmptyTextIsNotFoundForItMayMeanSomethingElse() {
		learn(this.first);
		assertThat(find(this.first.replace("Hi", ""))).isNull();
	}

	@Test
	void whatNobodyReadsMayDifferOnceItHasDiffered() {
		learn(this.first);
		assertThat(find(this.first.replace("kX3", "p"))).isNull();
		learn(this.first.replace("kX3", "p"));
		assertThat(find(this.first.replace("kX3", "longer padding").replace("Hi", "Ho"))).isEqualTo("Ho");
		assertThat(find(this.first.replace("kX3", ""))).isEqualTo("Hi");
		assertThat(find(this.first.replace("kX3", "\\\""))).isNull();
		assertThat(find(this.first.replace("\"kX3\"", "true"))).isNull();
		assertThat(find(this.first.replace("\"kX3\"", "5"))).isNull();
		assertThat(find(this.first.replace("7", "8"))).isNull();
		learn(this.first.replace("7", "8"));
		assertThat(find(this.first.replace("7", "1234567").replace("kX3", "q"))).isEqualTo("Hi");
		assertThat(find(this.first.replace("7", "0"))).isEqualTo("Hi");
		for (String wrong : new String[] { "07", "", "-1", "1.5", "1e3", "x", "\"7\"" }) {
			assertThat(find(this.first.replace("7", wrong))).as(wrong).isNull();
		}
	}

	@Test
	void whatMayDifferInOneAnswerMayDifferInOthersThatLookAlike() {
		learn(this.first);
		learn(this.first.replace("kX3", "p"));
		assertThat(find(this.first)).isEqualTo("Hi");
		Other other = new Other();
		other.learn(this.first.replace("kX3", "of another").replace("Hi", "Ho"));
		assertThat(other.find(this.first.replace("kX3", "and another"))).isEqualTo("Hi");
		assertThat(other.find(this.first.replace("7", "8"))).isNull();
		assertThat(find(this.first)).isEqualTo("Hi");
	}

	@Test
	void whatNothingRepeatsIsNotShared() {
		learn(this.first);
		learn(this.first.replace("kX3", "p"));
		Other other = new Other();
		other.learn(this.first.replace("kX3", "of another"));
		assertThat(other.find(this.first.replace("kX3", "and another"))).isNull();
	}

	@Test
	void whatIsReadInOneAnswerIsNotFoundInAnother() {
		learn(this.first);
		learn(this.first.replace("kX3", "p"));
		Other other = new Other();
		other.learn(this.first.replace("a1", "a2"));
		assertThat(other.find(this.first)).isNull();
		assertThat(other.find(this.first.replace("a1", "a2"))).isEqualTo("Hi");
		assertThat(find(this.first.replace("a1", "a2"))).isNull();
		assertThat(find(this.first)).isEqualTo("Hi");
	}

	@Test
	void anAnswerThatHasLearnedNothingFindsNothingThatOthersHave() {
		learn(this.first);
		assertThat(new Other().find(this.first)).isNull();
	}

	@Test
	void manyKindsOfDocumentsAreEachFoundByThoseWhoLearnedThem() {
		List<Other> others = new ArrayList<>();
		for (int i = 0; i < 100; i++) {
			Other other = new Other();
			other.learn(this.first.replace("true", Integer.toString(i)).replace("a1", "a" + i));
			others.add(other);
		}
		for (int i = 0; i < 100; i++) {
			String document = this.first.replace("true", Integer.toString(i)).replace("a1", "a" + i);
			assertThat(others.get(i).find(document)).isEqualTo("Hi");
			assertThat(others.get(i).find(document.replace("a" + i, "b"))).isNull();
		}
	}

	@Test
	void aDocumentWithTwoTextsIsNotLearned() {
		learn("{\"text\":\"a\",\"text\":\"b\"}");
		assertThat(find("{\"text\":\"a\",\"text\":\"b\"}")).isNull();
	}

	@Test
	void anEmptyTextBesideAnotherIsNoText() {
		String document = "{\"text\":\"\",\"d\":{\"text\":\"Hi\"}}";
		learn(document);
		assertThat(find(document)).isEqualTo("Hi");
	}

	@Test
	void aLongDocumentIsNotKept() {
		String whole = this.first.replace("Hi", "x".repeat(5000));
		learn(whole);
		assertThat(find(whole)).isNull();
	}

	@Test
	void whatIsForgottenIsNotFound() {
		learn(this.first);
		this.repeated.forget();
		assertThat(find(this.first)).isNull();
	}

	@Test
	void whereNothingIsRepeatedNothingMoreIsLearnedUntilItIs() {
		for (int i = 0; i < 200; i++) {
			learn(this.first.replace("a1", "a" + i));
		}
		int learned = 0;
		for (int i = 0; i < 32; i++) {
			learn(this.first);
			learned += (find(this.first) != null) ? 1 : 0;
		}
		assertThat(learned).isPositive();
	}

	@Test
	void whatIsFoundIsWhatReadingWouldHaveGiven() {
		Random random = new Random(42);
		String alphabet = "\"\\{}[],:0123456789abcxtrue nul-.é\n";
		int found = 0;
		for (int i = 0; i < 400_000; i++) {
			if (i % 64 == 0) {
				learn(this.first.replace("kX3", "p" + i).replace("7", Integer.toString(i)));
			}
			StringBuilder mutated = new StringBuilder(this.first);
			for (int k = random.nextInt(3); k >= 0; k--) {
				int at = random.nextInt(mutated.length());
				String piece = String.valueOf(alphabet.charAt(random.nextInt(alphabet.length())));
				mutated.replace(at, Math.min(mutated.length(), at + random.nextInt(3)), piece);
			}
			found += check(mutated.toString()) ? 1 : 0;
		}
		assertThat(found).isGreaterThan(10_000);
	}

	private boolean check(String document) {
		byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
		Object expected;
		try {
			expected = Read.of(new JsonReader(), bytes, 0, bytes.length);
		}
		catch (MalformedJsonException ex) {
			expected = ex.getMessage();
		}
		try {
			String text = find(document);
			if (text != null) {
				assertThat(expected).as(document).isEqualTo(new Read("a1", text));
			}
			return text != null;
		}
		catch (MalformedJsonException ex) {
			assertThat(expected).as(document).isEqualTo(ex.getMessage());
			return false;
		}
	}

	/**
	 * Another answer on the same thread.
	 */
	private static final class Other {

		private final JsonReader reader = new JsonReader();

		private final RepeatedText repeated = new RepeatedText();

		private void learn(String document) {
			byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
			Read.of(this.reader, bytes, 0, bytes.length);
			this.repeated.learn(this.reader, bytes, 0, bytes.length);
		}

		private @Nullable String find(String document) {
			byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
			return this.repeated.find(this.reader, bytes, 0, bytes.length);
		}

	}

	/**
	 * What is read of a document.
	 */
	private record Read(@Nullable String id, String text) {

		static Read of(JsonReader reader, byte[] bytes, int offset, int length) {
			reader.reset(bytes, offset, length);
			String id = null;
			StringBuilder text = new StringBuilder();
			while (reader.hasDocument()) {
				if (!reader.enterObject()) {
					continue;
				}
				for (String name = reader.nextName(); name != null; name = reader.nextName()) {
					switch (name) {
						case "id" -> id = reader.word();
						case "text" -> text.append(reader.text(""));
						case "d" -> {
							if (reader.enterObject()) {
								for (String inner = reader.nextName(); inner != null; inner = reader.nextName()) {
									if (inner.equals("text")) {
										text.append(reader.text(""));
									}
								}
							}
						}
						default -> reader.skip();
					}
				}
			}
			return new Read(id, text.toString());
		}

	}

}
