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

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link JsonReader}.
 */
class JsonReaderTests {

	private static final JsonMapper MAPPER = JsonMapper.builder()
		.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
		.build();

	private static final Pattern LONE_SURROGATE = Pattern.compile("\\\\u[dD][89a-fA-F]");

	private static final String DOCUMENT = " {\"a\" : [1, -2.5e+3, true, false, null, \"x\\n\\u00e9é€😀\", {}, []],"
			+ " \"\" : {\"n\\\"ame\":{\"deep\":[[\"y\"]]}}, \"é\":0.1} ";

	@Test
	void readsADocument() {
		JsonReader reader = reader(DOCUMENT);
		assertThat(reader.hasDocument()).isTrue();
		assertThat(value(reader)).isEqualTo(plain(MAPPER.readTree(DOCUMENT)));
		assertThat(reader.hasDocument()).isFalse();
	}

	@Test
	void readsWithinALargerArray() {
		byte[] bytes = utf8("xx\"ab\"yy");
		JsonReader reader = new JsonReader();
		reader.reset(bytes, 2, 4);
		assertThat(reader.string()).isEqualTo("ab");
		assertThat(reader.hasDocument()).isFalse();
		reader.reset(bytes, 2, 3);
		assertThatExceptionOfType(MalformedJsonException.class).isThrownBy(reader::string);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			value = { "`\"\"`|``", "\"plain\"|plain", "`\"\\\"\\\\\\/\"`|`\"\\/`", "\"aé€😀z\"|aé€😀z",
					"\"\\u0041\\u00e9\\u20AC\"|Aé€", "\"\\ud83d\\ude00!\"|😀!", "\"\uFFFD\"|\uFFFD",
					"\"\uFFFD\\n\uFFFD\"|`\uFFFD\n\uFFFD`" })
	void readsStrings(String json, String expected) {
		assertThat(reader(json).string()).isEqualTo(expected);
		assertThat(reader("[" + json + "]").raw()).isEqualTo("[" + json + "]");
	}

	@Test
	void readsControlCharacters() {
		assertThat(reader("\"\\b\\f\\n\\r\\t\\u0000\"").string()).isEqualTo("\b\f\n\r\t\u0000");
		assertThat(reader("\"a\tb\nc\u0001\"").string()).as("not escaped").isEqualTo("a\tb\nc\u0001");
	}

	@Test
	void keepsLoneSurrogates() {
		assertThat(reader("\"\\ud83d\"").string()).isEqualTo("\ud83d");
		assertThat(reader("\"a\\ude00b\"").string()).isEqualTo("a\ude00b");
		assertThat(reader("\"\\ude00\\ud83d\"").string()).isEqualTo("\ude00\ud83d");
	}

	@Test
	void readsScalarsAsText() {
		assertThat(reader("-12.50e3").string()).isEqualTo("-12.50e3");
		assertThat(reader("true").string()).isEqualTo("true");
		assertThat(reader("null").string()).isNull();
		assertThat(reader("{\"a\":1}").string()).isNull();
		assertThat(reader("[1]").string()).isNull();
		assertThat(reader("null").string("none")).isEqualTo("none");
		assertThat(reader("\"\"").string("none")).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "0, 0", "-0, 0", "42, 42", "-7, -7", "999999999999999999, 999999999999999999",
			"9223372036854775807, 9223372036854775807", "-9223372036854775808, -9223372036854775808",
			"1e400, 9223372036854775807", "1.9, 1", "-1.9, -1", "2.5E2, 250" })
	void readsWholeNumbers(String json, long expected) {
		assertThat(reader(json).longValue(-5)).isEqualTo(expected);
		assertThat(reader('"' + json + '"').longValue(-5)).isEqualTo(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "null", "true", "{}", "[1]", "\"\"", "\"-\"", "\"x\"", "\"NaN\"", "\"Infinity\"",
			"\"0x1p3\"", "\"1d\"", "\" 1\"", "\"1.\"" })
	void whatIsNoNumberHasAFallback(String json) {
		JsonReader reader = reader(json);
		assertThat(reader.longValue(-5)).isEqualTo(-5);
		assertThat(reader.hasDocument()).isFalse();
	}

	@Test
	void readsBooleans() {
		assertThat(reader("true").booleanValue()).isTrue();
		assertThat(reader("false").booleanValue()).isFalse();
		assertThat(reader("\"true\"").booleanValue()).isFalse();
		assertThat(reader("null").booleanValue()).isFalse();
	}

	@Test
	void readsAValueAsItIsWritten() {
		JsonReader reader = reader("{\"a\": [1,  {\"é\" : \"\\n\"} ] , \"b\":-1.0}");
		assertThat(reader.enterObject()).isTrue();
		assertThat(reader.nextName()).isEqualTo("a");
		assertThat(reader.raw()).isEqualTo("[1,  {\"é\" : \"\\n\"} ]");
		assertThat(reader.nextName()).isEqualTo("b");
		assertThat(reader.raw()).isEqualTo("-1.0");
		assertThat(reader.nextName()).isNull();
	}

	@Test
	void passesOverWhatIsNotRead() {
		JsonReader reader = reader("{\"a\":{\"x\":[1,{}]},\"b\":\"}\",\"c\":[[],\"]\",3],\"d\":1} 7");
		assertThat(reader.hasDocument()).isTrue();
		assertThat(reader.enterObject()).isTrue();
		assertThat(reader.nextName()).isEqualTo("a");
		assertThat(reader.nextName()).isEqualTo("b");
		assertThat(reader.nextName()).isEqualTo("c");
		assertThat(reader.enterArray()).isTrue();
		assertThat(reader.nextElement()).isTrue();
		assertThat(reader.nextElement()).isTrue();
		assertThat(reader.nextElement()).isTrue();
		assertThat(reader.nextElement()).isFalse();
		assertThat(reader.nextName()).isEqualTo("d");
		assertThat(reader.nextName()).isNull();
		assertThat(reader.hasDocument()).isTrue();
		assertThat(reader.longValue(0)).isEqualTo(7);
	}

	@Test
	void doesNotEnterWhatIsSomethingElse() {
		JsonReader reader = reader("{\"a\":[1],\"b\":{\"x\":1},\"c\":null,\"d\":\"s\",\"e\":2}");
		assertThat(reader.enterObject()).isTrue();
		assertThat(reader.nextName()).isEqualTo("a");
		assertThat(reader.enterObject()).isFalse();
		assertThat(reader.nextName()).isEqualTo("b");
		assertThat(reader.enterArray()).isFalse();
		assertThat(reader.nextName()).isEqualTo("c");
		assertThat(reader.enterArray()).isFalse();
		assertThat(reader.nextName()).isEqualTo("d");
		assertThat(reader.enterObject()).isFalse();
		assertThat(reader.nextName()).isEqualTo("e");
		assertThat(reader.peek()).isEqualTo(JsonKind.NUMBER);
		assertThat(reader.longValue(0)).isEqualTo(2);
		assertThat(reader.nextName()).isNull();
	}

	@Test
	void readsSeveralDocuments() {
		JsonReader reader = reader("\n{\"a\":1}{\"b\":2} [3]\r\n\t\"x\" 4 null\n");
		List<@Nullable Object> values = new ArrayList<>();
		List<String> documents = new ArrayList<>();
		while (reader.hasDocument()) {
			values.add(value(reader));
			documents.add(reader.document());
		}
		assertThat(values).isEqualTo(Arrays.asList(Map.of("a", new BigDecimal(1)), Map.of("b", new BigDecimal(2)),
				List.of(new BigDecimal(3)), "x", new BigDecimal(4), null));
		assertThat(documents).containsExactly("{\"a\":1}", "{\"b\":2}", "[3]", "\"x\"", "4", "null");
		assertThat(reader(" \r\n\t").hasDocument()).isFalse();
		JsonReader unread = reader("{\"a\":[1]} 2");
		assertThat(unread.hasDocument()).isTrue();
		assertThat(unread.hasDocument()).as("the first is passed over").isTrue();
		assertThat(unread.longValue(0)).isEqualTo(2);
	}

	@Test
	void aNameThatComesAgainIsTheSameString() {
		JsonReader reader = reader("[{\"delta\":1},{\"delta\":2}]");
		assertThat(reader.enterArray()).isTrue();
		List<@Nullable String> names = new ArrayList<>();
		while (reader.nextElement()) {
			assertThat(reader.enterObject()).isTrue();
			names.add(reader.nextName());
			assertThat(reader.nextName()).isNull();
		}
		assertThat(names).containsExactly("delta", "delta");
		assertThat(names.get(0)).isSameAs(names.get(1));
	}

	@Test
	void readsNamesOfAnyKind() {
		String longName = "n".repeat(100);
		JsonReader reader = reader("{\"\":1,\"a\\u0062\\\"\":2,\"größe\":3,\"" + longName + "\":4}");
		assertThat(reader.enterObject()).isTrue();
		assertThat(reader.nextName()).isEmpty();
		assertThat(reader.nextName()).isEqualTo("ab\"");
		assertThat(reader.nextName()).isEqualTo("größe");
		assertThat(reader.nextName()).isEqualTo(longName);
		assertThat(reader.nextName()).isNull();
	}

	@Test
	void aDocumentThatIsCutOffIsMalformed() {
		byte[] bytes = utf8(DOCUMENT.strip());
		for (int length = 0; length < bytes.length; length++) {
			assertMalformed(Arrays.copyOf(bytes, length));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "x", "tru", "trux", "truefalse", "nul", "nullx", "False", "-", "-x", "01", "-01",
			"1.", ".5", "1.e3", "1e", "1e+", "1.2.3", "1-2", "+1", "1x", "0x10", "NaN", "'a'", "\"", "\"a", "\"\\\"",
			"\"\\q\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\u", "\"\\", "[", "]", "[1", "[1,", "[1,]", "[,1]", "[1 2]",
			"[1:2]", "[1}", "{", "}", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{,}", "{a:1}",
			"{\"a\" 1}", "{\"a\",1}", "{1:2}", "{\"a\":1]", "{\"a\":1 \"b\":2}", "{\"a\":}", "{null:1}", "{\"a\":1}}",
			"[1]]", "\uFEFF{}", "/**/1" })
	void refusesWhatIsNoJson(String json) {
		assertMalformed(utf8(json));
		if (!json.isBlank()) {
			assertMalformed(utf8("[" + json + "]"));
			assertMalformed(utf8("{\"x\":" + json + "}"));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "FF", "80", "C3", "C0AF", "C1BF", "E28A", "E2E2AC", "E080AF", "EDA080", "EDBFBF",
			"F08080AF", "F0908D", "F4908080", "F5808080", "C328", "EFBFBDFF", "F09F9880BF" })
	void refusesInvalidUtf8(String hex) {
		byte[] invalid = HexFormat.of().parseHex(hex);
		assertMalformed(join(utf8("\""), invalid, utf8("\"")));
		assertMalformed(join(utf8("\"a\\n"), invalid, utf8("\\n\"")));
		assertMalformed(join(utf8("{\"x\":\"é"), invalid, utf8("é\"}")));
		assertMalformed(join(utf8("{\""), invalid, utf8("\":1}")));
		assertMalformed(join(utf8("[1,"), invalid, utf8("]")));
	}

	@Test
	void refusesWhatIsNestedTooDeeply() {
		String fits = "[".repeat(200) + "]".repeat(200);
		JsonReader reader = reader(fits);
		reader.skip();
		assertThat(reader.hasDocument()).isFalse();
		assertMalformed(utf8("[".repeat(201) + "]".repeat(201)));
		assertMalformed(utf8("{\"a\":".repeat(201) + "1" + "}".repeat(201)));
		assertMalformed(utf8("[".repeat(1_000_000)));
		JsonReader again = reader("[[]]".repeat(300));
		int documents = 0;
		for (; again.hasDocument(); documents++) {
			assertThat(again.enterArray()).isTrue();
			assertThat(again.nextElement()).isTrue();
			assertThat(again.nextElement()).isFalse();
		}
		assertThat(documents).as("depth goes down again").isEqualTo(300);
	}

	@Test
	void aMessageSaysWhereAndQuotesNothing() {
		assertThatExceptionOfType(MalformedJsonException.class).isThrownBy(() -> reader("{\"secret\" 1}").skip())
			.withMessageContaining("byte 10")
			.withMessageNotContaining("secret");
	}

	@Test
	void canBeUsedAgainAfterAnError() {
		JsonReader reader = reader("[[{\"a\":");
		assertThat(reader.enterArray()).isTrue();
		assertThatExceptionOfType(MalformedJsonException.class).isThrownBy(reader::skip);
		byte[] bytes = utf8("{\"a\":1}");
		reader.reset(bytes, 0, bytes.length);
		assertThat(value(reader)).isEqualTo(Map.of("a", new BigDecimal(1)));
	}

	@RepeatedTest(300)
	void readsRandomDocumentsAsJacksonDoes(RepetitionInfo repetition) {
		String json = new RandomJson(repetition.getCurrentRepetition()).document();
		JsonReader reader = reader(json);
		assertThat(reader.hasDocument()).isTrue();
		assertThat(value(reader)).as(json).isEqualTo(plain(MAPPER.readTree(json)));
		assertThat(reader.hasDocument()).isFalse();
		reader = reader(json);
		assertThat(reader.raw()).isEqualTo(json.strip());
		assertThat(reader.hasDocument()).isFalse();
	}

	@RepeatedTest(300)
	void refusesBrokenDocumentsAsJacksonDoes(RepetitionInfo repetition) {
		Random random = new Random(repetition.getCurrentRepetition());
		String json = "{\"r\":" + new RandomJson(repetition.getCurrentRepetition()).withoutPairs().document() + "}";
		byte[] alphabet = utf8("{}[]\",:\\/0159-+.eEtrufalsn x\n\t");
		for (int i = 0; i < 50; i++) {
			byte[] bytes = utf8(json);
			int at = random.nextInt(bytes.length);
			if (bytes[at] < 0) {
				continue;
			}
			bytes[at] = alphabet[random.nextInt(alphabet.length)];
			String text = new String(bytes, StandardCharsets.UTF_8);
			if (LONE_SURROGATE.matcher(text).find()) {
				// Jackson refuses what we keep on purpose
				continue;
			}
			boolean valid = isJson(bytes);
			assertThat(readsAll(bytes)).as("read " + text).isEqualTo(valid);
			assertThat(skipsAll(bytes)).as("skip " + text).isEqualTo(valid);
		}
	}

	private static boolean isJson(byte[] bytes) {
		try (JsonParser parser = MAPPER.createParser(bytes)) {
			boolean any = false;
			while (parser.nextToken() != null) {
				any = true;
				// strings are decoded lazily
				parser.getString();
			}
			return any;
		}
		catch (JacksonException ex) {
			return false;
		}
	}

	private static void assertMalformed(byte[] bytes) {
		String text = new String(bytes, StandardCharsets.ISO_8859_1);
		assertThat(readsAll(bytes)).as("read " + text).isFalse();
		assertThat(skipsAll(bytes)).as("skip " + text).isFalse();
	}

	private static boolean readsAll(byte[] bytes) {
		return all(bytes, JsonReaderTests::value);
	}

	private static boolean skipsAll(byte[] bytes) {
		return all(bytes, JsonReader::skip);
	}

	private static boolean all(byte[] bytes, Consumer<JsonReader> action) {
		JsonReader reader = new JsonReader();
		reader.reset(bytes, 0, bytes.length);
		try {
			action.accept(reader);
			while (reader.hasDocument()) {
				action.accept(reader);
			}
			return true;
		}
		catch (MalformedJsonException ex) {
			return false;
		}
	}

	private static @Nullable Object value(JsonReader reader) {
		switch (reader.peek()) {
			case OBJECT -> {
				Map<String, @Nullable Object> members = new LinkedHashMap<>();
				reader.enterObject();
				for (String name = reader.nextName(); name != null; name = reader.nextName()) {
					members.put(name, value(reader));
				}
				return members;
			}
			case ARRAY -> {
				List<@Nullable Object> elements = new ArrayList<>();
				reader.enterArray();
				while (reader.nextElement()) {
					elements.add(value(reader));
				}
				return elements;
			}
			case NUMBER -> {
				return number(reader.string(""));
			}
			case BOOLEAN -> {
				return Boolean.valueOf(reader.string());
			}
			default -> {
				return reader.string();
			}
		}
	}

	private static Object number(String text) {
		try {
			return new BigDecimal(text).stripTrailingZeros();
		}
		catch (NumberFormatException ex) {
			// JSON has larger exponents
			return text;
		}
	}

	private static @Nullable Object plain(JsonNode node) {
		if (node.isObject()) {
			Map<String, @Nullable Object> members = new LinkedHashMap<>();
			node.propertyStream().forEach((member) -> members.put(member.getKey(), plain(member.getValue())));
			return members;
		}
		if (node.isArray()) {
			List<@Nullable Object> elements = new ArrayList<>();
			node.forEach((element) -> elements.add(plain(element)));
			return elements;
		}
		if (node.isNumber()) {
			return node.decimalValue().stripTrailingZeros();
		}
		if (node.isBoolean()) {
			return node.booleanValue();
		}
		return (node.isNull()) ? null : node.stringValue();
	}

	private static JsonReader reader(String json) {
		JsonReader reader = new JsonReader();
		byte[] bytes = utf8(json);
		reader.reset(bytes, 0, bytes.length);
		return reader;
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static byte[] join(byte[]... parts) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		for (byte[] part : parts) {
			out.writeBytes(part);
		}
		return out.toByteArray();
	}

}
