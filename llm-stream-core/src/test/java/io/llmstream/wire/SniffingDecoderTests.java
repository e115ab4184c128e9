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

import io.llmstream.wire.Feeding.Got;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static io.llmstream.wire.Feeding.got;
import static io.llmstream.wire.Feeding.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link SniffingDecoder}.
 */
class SniffingDecoderTests {

	@ParameterizedTest
	@MethodSource("bodies")
	void choosesByTheFirstBytes(Framing expected, String body, List<Got> frames) {
		Feeding.assertFrames(() -> new SniffingDecoder(expected, 1000), utf8(body), true, frames);
	}

	static Stream<Arguments> bodies() {
		return Stream.concat(forEventStreams(), forJson());
	}

	private static Stream<Arguments> forEventStreams() {
		return Stream.of(Arguments.of(Framing.SSE, "", List.of()), Arguments.of(Framing.SSE, " \n\r\n", List.of()),
				Arguments.of(Framing.SSE, "data: {\"a\":1}\n\n", List.of(got("{\"a\":1}"))),
				Arguments.of(Framing.SSE, "\uFEFFdata: 1\n\n", List.of(got("1"))),
				Arguments.of(Framing.SSE, "\uFEFF\uFEFFdata: 1\n\ndata: 2\n\n", List.of(got("2"))),
				Arguments.of(Framing.SSE, "\n\n\uFEFFdata: 1\n\ndata: 2\n\n", List.of(got("2"))),
				Arguments.of(Framing.SSE, " data: 1\n\ndata: 2\n\n", List.of(got("2"))),
				Arguments.of(Framing.SSE, "\n\n: hi\n\nevent: x\ndata: 1\n\n", List.of(got("x", "1"))),
				Arguments.of(Framing.SSE, "\n\n data: 1\n\ndata: 2\n\n", List.of(got("2"))),
				Arguments.of(Framing.SSE, "{\n  \"error\": {}\n}\n", List.of(got("{\n  \"error\": {}\n}"))),
				Arguments.of(Framing.SSE, "\uFEFF \n{\"a\":1}\n{\"b\":2}\n",
						List.of(got("{\"a\":1}"), got("{\"b\":2}"))),
				Arguments.of(Framing.SSE, "[{\"a\":1},\n{\"b\":2}]", List.of(got("{\"a\":1}"), got("{\"b\":2}"))),
				Arguments.of(Framing.SSE, "{\"a\":", List.of(got("{\"a\":"))));
	}

	private static Stream<Arguments> forJson() {
		return Stream.of(Framing.NDJSON, Framing.JSON_ARRAY)
			.flatMap((framing) -> Stream.of(Arguments.of(framing, "", List.of()),
					Arguments.of(framing, "\n \n", List.of()),
					Arguments.of(framing, "{\"a\":1}\n{\"b\":2}\n", List.of(got("{\"a\":1}"), got("{\"b\":2}"))),
					Arguments.of(framing, "\uFEFF\n{\"a\":1}", List.of(got("{\"a\":1}"))),
					Arguments.of(framing, "{ \r\n\"a\":1\n}\n", List.of(got("{ \r\n\"a\":1\n}"))),
					Arguments.of(framing, "{", List.of(got("{"))),
					Arguments.of(framing, "[{\"a\":1}\r\n,\r\n{\"b\":2}]", List.of(got("{\"a\":1}"), got("{\"b\":2}"))),
					Arguments.of(framing, "data: 1\n\n", List.of(got("1"))),
					Arguments.of(framing, "event: error\ndata: 1\n\n", List.of(got("error", "1"))),
					Arguments.of(framing, "id:7\ndata: 1\n\n", List.of(got("1"))),
					Arguments.of(framing, "\n\n: hi\n\ndata:1\n\n", List.of(got("1"))),
					Arguments.of(framing, "error: bad\n\n", List.of(got("error", "bad"))),
					Arguments.of(framing, "data", List.of(got("data"))),
					Arguments.of(framing, "sorry: no\n", (framing == Framing.NDJSON) ? List.of(got("sorry: no"))
							: List.of(got("sorry:"), got("no")))));
	}

	@ParameterizedTest
	@EnumSource(Framing.class)
	void refusesAPage(Framing expected) {
		for (String page : List.of("<!DOCTYPE html><html></html>", "\uFEFF\r\n  <html>", "<?xml version='1.0'?>")) {
			for (int cut = 0; cut < page.length(); cut++) {
				SniffingDecoder decoder = new SniffingDecoder(expected, 1000);
				int at = cut;
				assertThatExceptionOfType(NotAStreamException.class)
					.isThrownBy(() -> Feeding.decode(decoder, utf8(page), true, at))
					.withMessageContaining("instead of a stream");
				decoder.feed(utf8("data: 1\n\n"), 0, 9);
				assertThatExceptionOfType(NotAStreamException.class).isThrownBy(decoder::next);
				assertThatExceptionOfType(NotAStreamException.class).isThrownBy(decoder::end);
			}
		}
	}

	@ParameterizedTest
	@EnumSource(Framing.class)
	void refusesACompressedBody(Framing expected) {
		byte[] body = { 0x1F, (byte) 0x8B, 8, 0 };
		for (int cut = 0; cut < body.length; cut++) {
			SniffingDecoder decoder = new SniffingDecoder(expected, 1000);
			int at = cut;
			assertThatExceptionOfType(NotAStreamException.class)
				.isThrownBy(() -> Feeding.decode(decoder, body, true, at))
				.withMessageContaining("compressed");
		}
	}

	@ParameterizedTest
	@EnumSource(Framing.class)
	void isBounded(Framing expected) {
		SniffingDecoder blank = new SniffingDecoder(expected, 10);
		assertThatExceptionOfType(NotAStreamException.class)
			.isThrownBy(() -> Feeding.decode(blank, utf8(" ".repeat(12)), true, 3, 6, 9));
		SniffingDecoder open = new SniffingDecoder(expected, 10);
		assertThatExceptionOfType(FrameTooLongException.class)
			.isThrownBy(() -> Feeding.decode(open, utf8("{" + " ".repeat(12)), true, 3, 6, 9));
		SniffingDecoder endless = new SniffingDecoder(expected, 10);
		assertThatExceptionOfType(FrameTooLongException.class)
			.isThrownBy(() -> Feeding.decode(endless, utf8("data: 12345678901\n\n"), true, 3, 6, 9));
	}

	@Test
	void blankLinesBeforeTheStreamDoNotAddUp() {
		SniffingDecoder decoder = new SniffingDecoder(Framing.SSE, 10);
		byte[] blank = utf8("\r\n");
		for (int i = 0; i < 10_000; i++) {
			decoder.feed(blank, 0, blank.length);
			assertThat(decoder.next()).isNull();
		}
		byte[] event = utf8("data: 1\n\n");
		decoder.feed(event, 0, event.length);
		Frame frame = decoder.next();
		assertThat(frame).isNotNull();
		assertThat(frame.text()).isEqualTo("1");
	}

}
