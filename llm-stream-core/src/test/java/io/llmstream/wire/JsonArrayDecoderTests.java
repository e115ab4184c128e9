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

package io.llmstream.wire;

import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static io.llmstream.wire.Feeding.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link JsonArrayDecoder}.
 */
class JsonArrayDecoderTests {

	@ParameterizedTest
	@MethodSource("bodies")
	void decodesHoweverTheBodyIsCut(String body, List<String> elements, List<String> left) {
		for (String lineEnd : List.of("\n", "\r\n", "\r")) {
			byte[] bytes = utf8(body.replace("\n", lineEnd));
			Feeding.assertFrames(() -> new JsonArrayDecoder(1000), bytes, false,
					elements.stream().map((text) -> Feeding.got(text.replace("\n", lineEnd))).toList());
			Feeding.assertFrames(() -> new JsonArrayDecoder(1000), bytes, true,
					Stream.concat(elements.stream(), left.stream())
						.map((text) -> Feeding.got(text.replace("\n", lineEnd)))
						.toList());
		}
	}

	static Stream<Arguments> bodies() {
		return Stream.of(of("", List.of()), of("[]", List.of()), of(" [\n]\n", List.of()),
				of("[{\"a\":1}\n,\n{\"b\":2}]", List.of("{\"a\":1}", "{\"b\":2}")),
				of("[{\n  \"a\": [ { } ]\n}\n,\n{\n  \"b\": \"]}\\\\\\\"[{\"\n}\n]\n",
						List.of("{\n  \"a\": [ { } ]\n}", "{\n  \"b\": \"]}\\\\\\\"[{\"\n}")),
				of("{\"error\":{\"code\":400}}", List.of("{\"error\":{\"code\":400}}")),
				of("\uFEFF{\n\"é\":\"😀\"\n}\n", List.of("{\n\"é\":\"😀\"\n}")),
				of("{\"a\":1}\n{\"b\":2}{\"c\":3}\n", List.of("{\"a\":1}", "{\"b\":2}", "{\"c\":3}")),
				of("[[1,[2]],[3]]", List.of("[1,[2]]", "[3]")),
				of("[1, \"a,]\", null,true]", List.of("1", "\"a,]\"", "null", "true")),
				of("[{}][{\"a\":1}]", List.of("{}", "{\"a\":1}")),
				of("[{\"a\":1},{\"b\":", List.of("{\"a\":1}"), "{\"b\":"), of("[{\"a\":1},\n", List.of("{\"a\":1}")),
				of("tru", List.of(), "tru"), of("} ]x", List.of("}"), "]x"));
	}

	private static Arguments of(String body, List<String> elements, String... left) {
		return Arguments.of(body, elements, List.of(left));
	}

	@Test
	void anElementIsThereAsSoonAsItsBracketsBalance() {
		JsonArrayDecoder decoder = new JsonArrayDecoder(100);
		byte[] body = utf8("[{\"a\":{}}");
		decoder.feed(body, 0, body.length - 1);
		assertThat(decoder.next()).isNull();
		decoder.feed(body, body.length - 1, 1);
		Frame frame = decoder.next();
		assertThat(frame).isNotNull();
		assertThat(frame.text()).isEqualTo("{\"a\":{}}");
		assertThat(frame.event()).isNull();
	}

	@Test
	void refusesAnElementOverTheLimitFromThenOn() {
		byte[] fits = utf8("[{\"a\":1234},{\"b\":5678}]");
		assertThat(Feeding.decode(new JsonArrayDecoder(10), fits, true)).hasSize(2);
		for (String over : List.of("[{\"a\":12345}]", "[{\"a\":123456", "[12345678901", "[1,[[[[[[[[[[[")) {
			JsonArrayDecoder decoder = new JsonArrayDecoder(10);
			assertThatExceptionOfType(FrameTooLongException.class).as(over)
				.isThrownBy(() -> Feeding.decode(decoder, utf8(over), false, 1, 2, 6));
			decoder.feed(fits, 0, fits.length);
			assertThatExceptionOfType(FrameTooLongException.class).isThrownBy(decoder::next);
			assertThatExceptionOfType(FrameTooLongException.class).isThrownBy(decoder::end);
		}
	}

}
