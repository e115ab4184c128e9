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

package io.llmstream.structured;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link GrowingJson}.
 */
class GrowingJsonTests {

	private static final JsonMapper mapper = JsonMapper.builder()
		.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
		.build();

	private static final OutputType MAP = OutputType.of(Map.class, new OutputMappers(JsonMapper.builder().build()));

	@Test
	void eachOfThreeHundredDocumentsGrowsConsistentlyWhereverItIsCut() {
		for (int seed = 0; seed < 300; seed++) {
			String document = new RandomDocument(seed).write();
			JsonNode whole = mapper.readTree(document);
			byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
			GrowingJson growing = json();
			CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
			ByteBuffer input = ByteBuffer.wrap(bytes);
			JsonNode before = null;
			for (int cut = 1; cut <= bytes.length; cut++) {
				CharBuffer chars = CharBuffer.allocate(4);
				input.limit(cut);
				decoder.decode(input, chars, false);
				growing.accept(chars.flip().toString());
				JsonSnapshot snapshot = growing.snapshot();
				if (snapshot.top() == null) {
					continue;
				}
				JsonNode partial = tree(snapshot);
				assertThat(isPrefix(partial, whole)).as("document %s cut at byte %s", seed, cut).isTrue();
				assertThat(before == null || isPrefix(before, partial)).as("document %s grows at byte %s", seed, cut)
					.isTrue();
				before = partial;
			}
			assertThat(growing.isComplete()).isTrue();
			assertThat(before).isEqualTo(whole);
		}
	}

	@Test
	void itDoesNotMatterWhereADocumentIsCut() {
		for (int seed = 0; seed < 300; seed++) {
			String document = new RandomDocument(seed).write();
			JsonNode whole = mapper.readTree(document);
			for (int cut = 1; cut < document.length(); cut++) {
				GrowingJson growing = json();
				growing.accept(document.substring(0, cut));
				JsonSnapshot early = growing.snapshot();
				growing.accept(document.substring(cut));
				assertThat(growing.isComplete()).isTrue();
				if (cut % 16 == seed % 16) {
					assertThat(tree(growing.snapshot())).isEqualTo(whole);
					// a snapshot stays as it was while the document grows
					GrowingJson alone = json();
					alone.accept(document.substring(0, cut));
					assertThat(text(early)).isEqualTo(text(alone.snapshot()));
				}
			}
		}
	}

	@Test
	void objectsOfAListMayHaveTheNamesOfThoseBeforeThemOrOthers() {
		String document = "{\"list\":[{\"a\":1,\"b\":2},{\"a\":3},{\"a\":4,\"b\":5,\"c\":6},{\"b\":7,\"a\":8},{},{\"d\":9}]}";
		GrowingJson growing = json();
		List<JsonSnapshot> snapshots = new ArrayList<>();
		for (int i = 0; i < document.length(); i++) {
			growing.accept(document.substring(i, i + 1));
			snapshots.add(growing.snapshot());
		}
		assertThat(tree(growing.snapshot())).isEqualTo(mapper.readTree(document));
		for (int i = 1; i < document.length(); i++) {
			GrowingJson alone = json();
			alone.accept(document.substring(0, i));
			assertThat(text(snapshots.get(i - 1))).isEqualTo(text(alone.snapshot()));
		}
	}

	@Test
	void manyNamesAreToldApart() {
		StringBuilder members = new StringBuilder();
		for (int i = 0; i < 1_000; i++) {
			members.append((i > 0) ? "," : "").append("\"name").append(i).append("\":").append(i);
		}
		String document = "{\"list\":[{" + members + "},{" + members + ",\"name0\":0}]}";
		GrowingJson growing = json();
		assertThatExceptionOfType(InvalidJsonException.class).isThrownBy(() -> growing.accept(document))
			.withMessageContaining("two members of the same name");
		String whole = "{\"list\":[{" + members + "},{\"x\":1," + members + "}]}";
		GrowingJson other = json();
		other.accept(whole);
		assertThat(tree(other.snapshot())).isEqualTo(mapper.readTree(whole));
	}

	@Test
	void aSnapshotIsNotChangedByWhatComesLater() {
		GrowingJson growing = json();
		List<JsonSnapshot> snapshots = new ArrayList<>();
		List<String> texts = new ArrayList<>();
		String document = "{\"a\":\"" + "x".repeat(300) + "\",\"b\":\"" + "y".repeat(100)
				+ "\",\"c\":[1,2,3,4,5,6,7,8]}";
		for (int i = 0; i < document.length(); i++) {
			growing.accept(document.substring(i, i + 1));
			snapshots.add(growing.snapshot());
			texts.add(text(growing.snapshot()));
		}
		assertThat(snapshots.stream().map(GrowingJsonTests::text)).isEqualTo(texts);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			value = { "{|{}", "{\"a|{}", "{\"a\"|{}", "{\"a\":|{}", "{\"a\":1|{}", "`{\"a\":1 `|{\"a\":1}",
					"{\"a\":1,|{\"a\":1}", "{\"a\":tru|{}", "{\"a\":true,|{\"a\":true}", "{\"a\":\"|{\"a\":\"\"}",
					"{\"a\":\"x\\|{\"a\":\"x\"}", "{\"a\":\"x\\u00|{\"a\":\"x\"}", "{\"a\":\"x\\u00e9|{\"a\":\"xé\"}",
					"{\"a\":\"x\\ud83d|{\"a\":\"x\"}", "{\"a\":\"x\\ud83d\\ude00|{\"a\":\"x😀\"}",
					"{\"a\":[1,[2|{\"a\":[1,[]]}", "{\"a\":{\"b\":[{|{\"a\":{\"b\":[{}]}}",
					"{\"a\":null}|{\"a\":null}" })
	void whatIsShownIsAsMuchAsCannotChange(String text, String shown) {
		GrowingJson growing = json();
		growing.accept(text);
		assertThat(text(growing.snapshot())).isEqualTo(shown);
	}

	@Test
	void theVersionTellsWhetherThereIsMoreToSee() {
		GrowingJson growing = json();
		long before = growing.version();
		for (String hidden : List.of("{", "\"na", "me\"", " : ", "-1", "2")) {
			growing.accept(hidden);
			assertThat(growing.version()).as(hidden).isEqualTo(before);
		}
		for (String shown : List.of(",", "\"b\":\"", "x", "\"", ",\"c\":[", "{", "}", "]", "}")) {
			growing.accept(shown);
			assertThat(growing.version()).as(shown).isGreaterThan(before);
			before = growing.version();
		}
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "{\"a\":1}", "```json\n{\"a\":1}\n```", "Here you are:\n\n```\n{\"a\":1}```\nAnything else?",
					"Sure! A set {x, y} looks so: {\"a\":1} }}", "{ {\"a\":1}", "\uFEFF{\"a\":1}" })
	void whatStandsAroundTheDocumentIsPassedOver(String text) {
		GrowingJson growing = json();
		growing.accept(text);
		assertThat(growing.isComplete()).isTrue();
		assertThat(text(growing.snapshot())).isEqualTo("{\"a\":1}");
	}

	@Test
	void bracketsInProseAreNoArray() {
		GrowingJson growing = new GrowingJson(true, 10, 1000);
		growing.accept("As you [asked], see [note] below: [\"a\", \"b\"]");
		assertThat(text(growing.snapshot())).isEqualTo("[\"a\",\"b\"]");
	}

	@Test
	void halvesOfSurrogatePairsAreReplaced() {
		GrowingJson growing = json();
		growing.accept("{\"a\":\"x\\ud83dy\\ude00\",\"b\":\"\\ud83d");
		assertThat(text(growing.snapshot())).isEqualTo("{\"a\":\"x\uFFFDy\uFFFD\",\"b\":\"\"}");
		growing.accept("z");
		assertThat(text(growing.snapshot())).isEqualTo("{\"a\":\"x\uFFFDy\uFFFD\",\"b\":\"\uFFFDz\"}");
	}

	@Test
	void lineBreaksInStringsAreTaken() {
		GrowingJson growing = json();
		growing.accept("{\"a\":\"x\ny\"}");
		assertThat(tree(growing.snapshot()).path("a").asString()).isEqualTo("x\ny");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			value = { "{\"a\":1,\"a\":2|two members of the same name", "{\"a\":01,|value that JSON does not have",
					"{\"a\":1.,|value that JSON does not have", "{\"a\":nul,|value that JSON does not have",
					"{\"a\":1e,|value that JSON does not have", "{\"a\":-,|value that JSON does not have",
					"{\"a\" 1|a colon", "{\"a\":1 2|comma or a closing brace", "{\"a\":[1}|comma or a closing bracket",
					"{\"a\":1,}|the name of a member", "{\"a\":,|a value", "{\"a\":\"\\x|unknown escape",
					"{\"a\":\"\\u12g|four hexadecimal digits", "{\"a\":[[[[[[[[[[[[|deeper than 10 levels" })
	void whatIsNoJsonIsSaidWithoutQuotingIt(String text, String message) {
		GrowingJson growing = new GrowingJson(false, 10, 1000);
		assertThatExceptionOfType(InvalidJsonException.class).isThrownBy(() -> growing.accept(text))
			.withMessageContaining(message);
	}

	@Test
	void aDocumentHasALimit() {
		GrowingJson growing = new GrowingJson(false, 10, 100);
		growing.accept("{\"a\":\"" + "x".repeat(90));
		assertThatExceptionOfType(InvalidJsonException.class).isThrownBy(() -> growing.accept("xxxxxx"))
			.withMessage("it is longer than 100 characters");
	}

	@Test
	void manyMembersAreToldApart() {
		StringBuilder document = new StringBuilder("{");
		for (int i = 0; i < 1000; i++) {
			document.append("\"m").append(i).append("\":").append(i).append(',');
		}
		GrowingJson growing = json();
		growing.accept(document.toString());
		assertThat(tree(growing.snapshot())).hasSize(1000);
		assertThatExceptionOfType(InvalidJsonException.class).isThrownBy(() -> growing.accept("\"m700\""));
	}

	@Test
	void itIsKnownWhichPartsAreComplete() {
		GrowingJson growing = json();
		growing.accept("{\"a\":1,\"b\":[{\"c\":\"x\",\"d\":\"y");
		JsonSnapshot snapshot = growing.snapshot();
		assertThat(snapshot.isComplete(List.of("a"))).isTrue();
		assertThat(snapshot.isComplete(List.of("b"))).isFalse();
		assertThat(snapshot.isComplete(List.of("b", 0))).isFalse();
		assertThat(snapshot.isComplete(List.of("b", 0, "c"))).isTrue();
		assertThat(snapshot.isComplete(List.of("b", 0, "d"))).isFalse();
		assertThat(snapshot.isComplete(List.of("b", 1))).isFalse();
		assertThat(snapshot.isComplete(List.of("e"))).isFalse();
		assertThat(snapshot.isComplete(List.of("a", "x"))).isFalse();
		assertThat(snapshot.isComplete(List.of())).isFalse();
		growing.accept("\"}]}");
		assertThat(growing.snapshot().isComplete(List.of("b", 0, "d"))).isTrue();
		assertThat(growing.snapshot().isComplete(List.of())).isTrue();
		assertThat(JsonSnapshot.EMPTY.isComplete(List.of())).isFalse();
	}

	private static GrowingJson json() {
		return new GrowingJson(false, 100, 1_000_000);
	}

	private static JsonNode tree(JsonSnapshot snapshot) {
		return mapper.readTree(new SnapshotParser(snapshot, null));
	}

	private static String text(JsonSnapshot snapshot) {
		return new JsonPartial<>(MAP, snapshot).toJson();
	}

	/**
	 * Whether all that is in a value is also in a later one: all is the same but the last
	 * entry, which may have been longer, and texts, which may have gone on.
	 */
	private static boolean isPrefix(JsonNode early, JsonNode late) {
		if (early.isString() && late.isString()) {
			return late.asString().startsWith(early.asString());
		}
		if (early.isArray() && late.isArray()) {
			for (int i = 0; i < early.size(); i++) {
				boolean last = i == early.size() - 1;
				if (i >= late.size()
						|| !((last) ? isPrefix(early.get(i), late.get(i)) : early.get(i).equals(late.get(i)))) {
					return false;
				}
			}
			return true;
		}
		if (early.isObject() && late.isObject()) {
			Iterator<Map.Entry<String, JsonNode>> members = late.properties().iterator();
			int left = early.size();
			for (Map.Entry<String, JsonNode> member : early.properties()) {
				left--;
				Map.Entry<String, JsonNode> other = (members.hasNext()) ? members.next() : null;
				if (other == null || !other.getKey().equals(member.getKey()) || !((left == 0)
						? isPrefix(member.getValue(), other.getValue()) : member.getValue().equals(other.getValue()))) {
					return false;
				}
			}
			return true;
		}
		return early.equals(late);
	}

}
