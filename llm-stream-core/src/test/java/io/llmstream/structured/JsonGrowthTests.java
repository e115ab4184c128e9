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

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JsonGrowth}.
 */
class JsonGrowthTests {

	private static final JsonMapper mapper = JsonMapper.builder()
		.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
		.build();

	private static final OutputType MAP = OutputType.of(Map.class, new OutputMappers(JsonMapper.builder().build()));

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 7, 40 })
	void piecesAreTheDocumentHoweverFarApartTheSnapshotsAre(int step) {
		for (int seed = 0; seed < 60; seed++) {
			String document = new RandomDocument(seed).write();
			GrowingJson growing = json(false);
			JsonSnapshot before = JsonSnapshot.EMPTY;
			StringBuilder pieces = new StringBuilder();
			for (int from = 0; from < document.length(); from += step) {
				growing.accept(document.substring(from, Math.min(document.length(), from + step)));
				JsonSnapshot now = growing.snapshot();
				pieces.append(JsonGrowth.between(before, now, null));
				before = now;
				if (from % 16 == 0) {
					GrowingJson read = json(false);
					read.accept(pieces.toString());
					if (!text(read.snapshot()).equals(text(now))) {
						// a number at the end is read as one when something follows
						read.accept(" ");
					}
					assertThat(text(read.snapshot())).as("document %s to %s", seed, from).isEqualTo(text(now));
				}
			}
			JsonNode whole = mapper.readTree(document);
			assertThat(mapper.readTree(pieces.toString())).as("document %s", seed).isEqualTo(whole);
			assertThat(JsonGrowth.between(before, growing.snapshot(), null)).isEmpty();
			assertThat(mapper.readTree(JsonGrowth.between(JsonSnapshot.EMPTY, before, null))).isEqualTo(whole);
		}
	}

	@Test
	void whatIsOpenIsLeftOpen() {
		Pieces pieces = new Pieces(false, null);
		assertThat(pieces.after("{")).isEqualTo("{");
		assertThat(pieces.after("\"na")).isEmpty();
		assertThat(pieces.after("me\":")).isEmpty();
		assertThat(pieces.after("\"a")).isEqualTo("\"name\":\"a");
		assertThat(pieces.after("\\")).isEmpty();
		assertThat(pieces.after("nb\", \"list\": [[1, 2")).isEqualTo("\\nb\",\"list\":[[1");
		assertThat(pieces.after("3], {\"x\": tru")).isEqualTo(",23],{");
		assertThat(pieces.after("e")).isEmpty();
		assertThat(pieces.after(" } ]")).isEqualTo("\"x\":true}]");
		assertThat(pieces.after("}\n```")).isEqualTo("}");
	}

	@Test
	void aPieceIsAsLongAsWhatIsNew() {
		Pieces pieces = new Pieces(false, null);
		pieces.after("{\"list\":[");
		for (int i = 0; i < 1000; i++) {
			assertThat(pieces.after((i > 0) ? "\",\"x" : "\"x")).hasSizeLessThan(6);
		}
		assertThat(pieces.after("\"]}")).isEqualTo("\"]}");
	}

	@Test
	void halvesOfSurrogatePairsAreReplacedOrWait() {
		Pieces pieces = new Pieces(false, null);
		assertThat(pieces.after("{\"a\":\"x\\ud83d")).isEqualTo("{\"a\":\"x");
		assertThat(pieces.after("\\ude00")).isEqualTo("\ud83d\ude00");
		assertThat(pieces.after("\\ud83d")).isEmpty();
		assertThat(pieces.after("y\\ude00")).isEqualTo("\uFFFDy\uFFFD");
		assertThat(pieces.after("\\ud83d\"}")).isEqualTo("\uFFFD\"}");
	}

	@Test
	void aListThatIsTheOnlyMemberIsWrittenAlone() {
		Pieces pieces = new Pieces(true, "items");
		assertThat(pieces.after("{\"no")).isEmpty();
		assertThat(pieces.after("te\":\"x\",")).isEmpty();
		assertThat(pieces.after("\"items\":[")).isEqualTo("[");
		assertThat(pieces.after("{\"a\":\"b")).isEqualTo("{\"a\":\"b");
		assertThat(pieces.after("c\"},{}],\"more\":")).isEqualTo("c\"},{}]");
		assertThat(pieces.after("[1]}")).isEmpty();
		Pieces bare = new Pieces(true, "items");
		assertThat(bare.after("[1,2,") + bare.after("3]")).isEqualTo("[1,2,3]");
		Pieces atOnce = new Pieces(true, "items");
		assertThat(atOnce.after("{\"items\":[1,[]],\"more\":2}")).isEqualTo("[1,[]]");
	}

	@Test
	void aValueThatIsTheOnlyMemberIsWrittenAlone() {
		Pieces text = new Pieces(false, "value");
		assertThat(List.of(text.after("{\"value\":\""), text.after("ab"), text.after("c\\n\" "), text.after("}")))
			.containsExactly("\"", "ab", "c\\n\"", "");
		Pieces number = new Pieces(false, "value");
		assertThat(List.of(number.after("{\"value\":1"), number.after("2 "), number.after("}"))).containsExactly("",
				"12", "");
		Pieces atOnce = new Pieces(false, "value");
		assertThat(atOnce.after("{\"value\":\"x\"}")).isEqualTo("\"x\"");
	}

	@Test
	void anotherDocumentIsNoPieceOfTheFirst() {
		GrowingJson first = json(false);
		first.accept("{\"a\":1,");
		GrowingJson second = json(false);
		assertThat(JsonGrowth.between(first.snapshot(), second.snapshot(), null)).isNull();
		second.accept("{\"a\":1,");
		assertThat(JsonGrowth.between(first.snapshot(), second.snapshot(), null)).isNull();
	}

	private static GrowingJson json(boolean arrays) {
		return new GrowingJson(arrays, 100, 1_000_000);
	}

	private static String text(JsonSnapshot snapshot) {
		return new JsonPartial<>(MAP, snapshot).toJson();
	}

	/**
	 * A document, and the pieces of it.
	 */
	private static final class Pieces {

		private final GrowingJson growing;

		private final @Nullable String member;

		private JsonSnapshot before = JsonSnapshot.EMPTY;

		Pieces(boolean arrays, @Nullable String member) {
			this.growing = json(arrays);
			this.member = member;
		}

		String after(String text) {
			this.growing.accept(text);
			JsonSnapshot now = this.growing.snapshot();
			String piece = JsonGrowth.between(this.before, now, this.member);
			this.before = now;
			assertThat(piece).isNotNull();
			return piece;
		}

	}

}
