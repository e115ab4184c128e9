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

import static io.llmstream.wire.Feeding.got;
import static io.llmstream.wire.Feeding.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link NdjsonDecoder}.
 */
class NdjsonDecoderTests {

	@ParameterizedTest
	@MethodSource("bodies")
	void decodesHoweverTheBodyIsCut(String body, List<String> lines, List<String> left) {
		for (String lineEnd : List.of("\n", "\r\n")) {
			byte[] bytes = utf8(body.replace("\n", lineEnd));
			Feeding.assertFrames(() -> new NdjsonDecoder(1000), bytes, false,
					lines.stream().map(Feeding::got).toList());
			Feeding.assertFrames(() -> new NdjsonDecoder(1000), bytes, true,
					Stream.concat(lines.stream(), left.stream()).map(Feeding::got).toList());
		}
	}

	static Stream<Arguments> bodies() {
		return Stream.of(Arguments.of("", List.of(), List.of()), Arguments.of("\n \n\t\n", List.of(), List.of()),
				Arguments.of("{\"a\":1}\n{\"b\":2}\n", List.of("{\"a\":1}", "{\"b\":2}"), List.of()),
				Arguments.of("\n\n{\"a\":1}\n\n \n{\"b\":2}\n\n", List.of("{\"a\":1}", "{\"b\":2}"), List.of()),
				Arguments.of("{\"a\":1}\n{\"b\":2}", List.of("{\"a\":1}"), List.of("{\"b\":2}")),
				Arguments.of("{\"a\":1}\n{\"b", List.of("{\"a\":1}"), List.of("{\"b")),
				Arguments.of("\uFEFF{\"é\":\"😀\"}\n", List.of("{\"é\":\"😀\"}"), List.of()),
				Arguments.of("a\rb\n", List.of("a\rb"), List.of()));
	}

	@Test
	void refusesALineOverTheLimitFromThenOn() {
		byte[] fits = utf8("1234567890\r\n");
		assertThat(Feeding.decode(new NdjsonDecoder(10), fits, true, 3, 11)).containsExactly(got("1234567890"));
		for (String over : List.of("12345678901\n", "12345678901\r\n", "12345678901", "1\n12345678901")) {
			NdjsonDecoder decoder = new NdjsonDecoder(10);
			assertThatExceptionOfType(FrameTooLongException.class).as(over)
				.isThrownBy(() -> Feeding.decode(decoder, utf8(over), false, over.length() / 2));
			decoder.feed(fits, 0, fits.length);
			assertThatExceptionOfType(FrameTooLongException.class).isThrownBy(decoder::next);
			assertThatExceptionOfType(FrameTooLongException.class).isThrownBy(decoder::end);
		}
	}

	@Test
	void aLineIsAViewOfTheBuffer() {
		NdjsonDecoder decoder = new NdjsonDecoder(100);
		byte[] body = utf8("1\n2\n");
		decoder.feed(body, 0, body.length);
		Frame frame = decoder.next();
		assertThat(frame).isNotNull();
		byte[] buffer = frame.bytes();
		assertThat(decoder.next()).isSameAs(frame);
		assertThat(frame.bytes()).isSameAs(buffer);
		assertThat(frame.event()).isNull();
	}

}
