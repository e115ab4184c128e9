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

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import com.sun.management.ThreadMXBean;
import io.llmstream.wire.Feeding.Got;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static io.llmstream.wire.Feeding.got;
import static io.llmstream.wire.Feeding.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeout;

/**
 * Tests for {@link SseDecoder}.
 */
class SseDecoderTests {

	private static final int LIMIT = 1 << 20;

	@ParameterizedTest(name = "{0}")
	@MethodSource("bodies")
	void decodesHoweverTheBodyIsCutAndItsLinesEnd(String name, String body, List<Got> expected, List<Got> left) {
		List<Got> all = new ArrayList<>(expected);
		all.addAll(left);
		for (String lineEnd : List.of("\n", "\r\n", "\r")) {
			byte[] bytes = utf8(body.replace("\n", lineEnd));
			List<Got> strict = adapt(expected, lineEnd);
			Feeding.assertFrames(() -> new SseDecoder(LIMIT), bytes, false, strict);
			Feeding.assertFrames(() -> new SseDecoder(LIMIT), bytes, true, adapt(all, lineEnd));
		}
	}

	// bare JSON keeps the line ends that it came with; joined data has line feeds
	private static List<Got> adapt(List<Got> frames, String lineEnd) {
		return frames.stream().map((frame) -> got(frame.event(), frame.data().replace("↵", lineEnd))).toList();
	}

	static Stream<Arguments> bodies() {
		return Stream.concat(standard(), tolerances());
	}

	private static Stream<Arguments> standard() {
		return Stream.of(of("nothing", "", List.of()), of("blank lines", "\n\n\n", List.of()),
				of("one event", "data: a\n\n", List.of(got("a"))),
				of("named events", "event: x\ndata: 1\n\nevent: y\ndata: 2\n\ndata: 3\n\n",
						List.of(got("x", "1"), got("y", "2"), got("3"))),
				of("name behind the data", "data: 1\nevent: x\n\n", List.of(got("x", "1"))),
				of("a name without data", "event: x\n\ndata: 1\n\n", List.of(got("1"))),
				of("a name that is not ASCII", "event: größe\ndata: 1\n\n", List.of(got("größe", "1"))),
				of("lines that are joined", "data: a\ndata: b\ndata:\ndata:  c\n\n", List.of(got("a\nb\n\n c"))),
				of("fields between data lines", "data: a\nid: 7\n: comment\nfoo: bar\ndata: b\n\n",
						List.of(got("a\nb"))),
				of("comments and heartbeats", ": ping\n\n:\n\n: PROCESSING\n\ndata: x\n\n: ping\n\n",
						List.of(got("x"))),
				of("data without a value", "data:\n\ndata\n\ndata: \n\n", List.of(got(""), got(""), got(""))),
				of("fields that only look like data", "Data: a\ndata : b\n data: c\ndatas: d\ndat: e\n\n", List.of()),
				of("characters of every width", "data: aé€😀\n\ndata: 日本\n\n", List.of(got("aé€😀"), got("日本"))),
				of("line separators that are none", "data: a\u2028b\u0085c\u000bd\fe\n\n",
						List.of(got("a\u2028b\u0085c\u000bd\fe"))),
				of("a byte order mark", "\uFEFFdata: a\n\n\uFEFFdata: b\n\n", List.of(got("a"))),
				of("JSON in a data block stays what the standard makes of it", "data: a\n{\"b\":1}\n\n",
						List.of(got("a"))),
				of("no blank line at the end", "data: a\n\ndata: [DONE]\n", List.of(got("a")), got("[DONE]")),
				of("no line end at the end", "event: x\ndata: a\ndata: b", List.of(), got("x", "a\nb")),
				of("a name that may be cut off is not used", "data: a\nevent: mess", List.of(), got("a")),
				of("a field that is cut off", "data: a\n\ndat", List.of(got("a"))));
	}

	private static Stream<Arguments> tolerances() {
		return Stream.of(
				of("an error field", "data: a\n\nerror: {\"code\":500}\n\n",
						List.of(got("a"), got("error", "{\"code\":500}"))),
				of("an error field without an end", "data: a\n\nerror: {\"code\":500}", List.of(got("a")),
						got("error", "{\"code\":500}")),
				of("an error field behind data", "event: x\ndata: a\nerror: b\n\ndata: c\n\n",
						List.of(got("x", "a"), got("error", "b"), got("c"))),
				of("an error field behind data, at the end", "data: a\nerror: b", List.of(), got("a"),
						got("error", "b")),
				of("an error field before the end mark", "error: b\ndata: [DONE]\n\n", List.of(got("error", "b"))),
				of("an error field before other data is unknown", "error: b\ndata: c\n\n", List.of(got("c"))),
				of("bare JSON", "data: a\n\n{\"error\":{\"code\":1}}\ndata: b\n\n",
						List.of(got("a"), got("{\"error\":{\"code\":1}}"), got("b"))),
				of("bare JSON, printed over lines", "data: a\n\n{\n  \"error\": {\n\n    \"m\": \"}\\\"{\"\n  }\n}\n\n",
						List.of(got("a"), got("{↵  \"error\": {↵↵    \"m\": \"}\\\"{\"↵  }↵}"))),
				of("a bare array", "[{\"error\":\n1}]\n\ndata: b\n\n", List.of(got("[{\"error\":↵1}]"), got("b"))),
				of("bare JSON after an event name", "event: error\n{\"a\":1}\n\ndata: b\n\n",
						List.of(got("error", "{\"a\":1}"), got("b"))),
				of("bare JSON after data without a value", "data:\n{\"a\":1}\n\ndata:\ndata:\n{\"b\":2}\n\n",
						List.of(got("{\"a\":1}"), got("{\"b\":2}"))),
				of("bare documents in one line", "{\"a\":1} {\"b\":2},[3] rest: x\ndata: 1\n\n",
						List.of(got("{\"a\":1}"), got("{\"b\":2}"), got("[3]"), got("1"))),
				of("bare JSON without a line end", "data: a\n\n{\"a\":1}", List.of(got("a"), got("{\"a\":1}"))),
				of("bare JSON that is cut off", "data: a\n\n{\"a\":\n{", List.of(got("a")), got("{\"a\":↵{")));
	}

	private static Arguments of(String name, String body, List<Got> expected, Got... left) {
		return Arguments.of(name, body, expected, List.of(left));
	}

	@Test
	void keepsTheLastEventId() {
		SseDecoder decoder = new SseDecoder(LIMIT);
		assertThat(decoder.lastEventId()).isEmpty();
		feed(decoder, "id: 1\ndata: a\n");
		assertThat(decoder.next()).isNull();
		assertThat(decoder.lastEventId()).as("not before the event is complete").isEmpty();
		feed(decoder, "\nid: 2\u00003\ndata: b\n\n");
		assertThat(text(decoder.next())).isEqualTo("a");
		assertThat(decoder.lastEventId()).isEqualTo("1");
		assertThat(text(decoder.next())).isEqualTo("b");
		assertThat(decoder.lastEventId()).isEqualTo("1");
		feed(decoder, "id: é\n\n");
		assertThat(decoder.next()).isNull();
		assertThat(decoder.lastEventId()).as("an event without data").isEqualTo("é");
		feed(decoder, "id\ndata: c\n\n");
		assertThat(text(decoder.next())).isEqualTo("c");
		assertThat(decoder.lastEventId()).isEmpty();
	}

	@Test
	void keepsTheRetryTime() {
		SseDecoder decoder = new SseDecoder(LIMIT);
		feed(decoder, "retry:\nretry: 1x\nretry: -5\nretry: 99999999999999999999\n\n");
		assertThat(decoder.next()).isNull();
		assertThat(decoder.retryMillis()).isEqualTo(-1);
		feed(decoder, "retry: 1500\n");
		assertThat(decoder.next()).isNull();
		assertThat(decoder.retryMillis()).isEqualTo(1500);
	}

	@Test
	void anEventIsAViewOfTheBuffer() {
		SseDecoder decoder = new SseDecoder(LIMIT);
		feed(decoder, "data: one\n\ndata: two\n\n");
		Frame first = decoder.next();
		assertThat(first).isNotNull();
		byte[] buffer = first.bytes();
		assertThat(first.offset()).isEqualTo("data: ".length());
		Frame second = decoder.next();
		assertThat(second).isNotNull();
		assertThat(second.bytes()).isSameAs(buffer);
		assertThat(second.offset()).isEqualTo("data: one\n\ndata: ".length());
	}

	@Test
	void aNameThatComesAgainIsTheSameString() {
		SseDecoder decoder = new SseDecoder(LIMIT);
		feed(decoder, "event: content_block_delta\ndata: 1\n\nevent: content_block_delta\ndata: 2\n\n");
		Frame frame = decoder.next();
		assertThat(frame).isNotNull();
		String name = frame.event();
		assertThat(name).isEqualTo("content_block_delta");
		frame = decoder.next();
		assertThat(frame).isNotNull();
		assertThat(frame.event()).isSameAs(name);
	}

	@Test
	void allocatesNothingPerEvent() {
		Assumptions.assumeTrue(ManagementFactory.getThreadMXBean() instanceof ThreadMXBean);
		ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		byte[] events = utf8(
				"event: content_block_delta\ndata: {\"delta\":{\"text\":\"token\"}}\n\n: ping\n\n".repeat(10));
		SseDecoder decoder = new SseDecoder(LIMIT);
		decodeOften(decoder, events, 2000);
		long before = threads.getCurrentThreadAllocatedBytes();
		int frames = decodeOften(decoder, events, 2000);
		long allocated = threads.getCurrentThreadAllocatedBytes() - before;
		assertThat(frames).isEqualTo(20_000);
		assertThat(allocated).isLessThan(20_000);
	}

	private static int decodeOften(SseDecoder decoder, byte[] events, int times) {
		int frames = 0;
		for (int i = 0; i < times; i++) {
			// pieces that do not fall together with events
			int cut = i % events.length;
			decoder.feed(events, 0, cut);
			while (decoder.next() != null) {
				frames++;
			}
			decoder.feed(events, cut, events.length - cut);
			while (decoder.next() != null) {
				frames++;
			}
		}
		return frames;
	}

	@Test
	void aLongLineInSmallPiecesCostsNoMoreThanItsLength() {
		int length = 8 * 1024 * 1024;
		byte[] piece = "x".repeat(8).getBytes();
		SseDecoder decoder = new SseDecoder(2 * length);
		assertTimeout(Duration.ofSeconds(20), () -> {
			feed(decoder, "data: 1\n\ndata: ");
			assertThat(text(decoder.next())).isEqualTo("1");
			for (int i = 0; i < length / piece.length; i++) {
				decoder.feed(piece, 0, piece.length);
				assertThat(decoder.next() == null).isTrue();
			}
			feed(decoder, "\n\n");
			Frame frame = decoder.next();
			assertThat(frame).isNotNull();
			assertThat(frame.length()).isEqualTo(length);
		});
	}

	@Test
	void commentsDoNotAddUp() {
		SseDecoder decoder = new SseDecoder(10_000);
		byte[] comment = utf8(": " + "keep-alive ".repeat(50));
		feed(decoder, "data: first\n");
		for (int i = 0; i < 2_000; i++) {
			decoder.feed(comment, 0, comment.length);
			assertThat(decoder.next()).isNull();
			if (i % 3 == 0) {
				feed(decoder, "\n");
				assertThat(decoder.next()).isNull();
			}
		}
		feed(decoder, "\ndata: second\n\n");
		Frame frame = decoder.next();
		assertThat(frame).isNotNull();
		assertThat(frame.text()).isEqualTo("first\nsecond");
		assertThat(frame.bytes().length).isLessThan(64 * 1024);
	}

	@Test
	void refusesAFrameOverTheLimitFromThenOn() {
		assertLimit("data: 12345678901\n\n", "data: 1234567890\n\n");
		assertLimit("data:12345678901\n\n", "data:1234567890\n\n");
		assertLimit("data: 12345\ndata: 67890\n\n", "data: 12345\ndata: 6789\n\n");
		assertLimit("{\"a\":12345}\n", "{\"a\":1234}\n");
		assertLimit("error: 12345678901\n\n", "error: 1234567890\n\n");
		assertLimit("data: 1234567890123", "data: 1234567890");
		assertLimit("{\"a\":123456", "{\"a\":12345");
		assertLimit("a line that says nothing", "a short line");
	}

	private static void assertLimit(String over, String within) {
		SseDecoder fits = new SseDecoder(10);
		feed(fits, within);
		assertThat(Stream.generate(fits::next).takeWhile((frame) -> frame != null).count()).isLessThanOrEqualTo(1);
		for (int piece : new int[] { 1, 3, 1000 }) {
			SseDecoder decoder = new SseDecoder(10);
			byte[] bytes = utf8(over);
			assertThatExceptionOfType(FrameTooLongException.class).as(over).isThrownBy(() -> {
				for (int from = 0; from < bytes.length; from += piece) {
					decoder.feed(bytes, from, Math.min(piece, bytes.length - from));
					while (decoder.next() != null) {
						assertThat(decoder.lastEventId()).isEmpty();
					}
				}
			}).withMessageContaining("10");
			feed(decoder, "\n\ndata: 1\n\n");
			assertThatExceptionOfType(FrameTooLongException.class).isThrownBy(decoder::next);
			assertThatExceptionOfType(FrameTooLongException.class).isThrownBy(decoder::end);
		}
	}

	@Test
	void whatWasNotTakenIsNotLost() {
		SseDecoder decoder = new SseDecoder(LIMIT);
		List<String> expected = new ArrayList<>();
		for (int i = 0; i < 5_000; i++) {
			feed(decoder, "data: " + i + "\n\n");
			expected.add(Integer.toString(i));
		}
		List<String> taken = new ArrayList<>();
		for (Frame frame = decoder.end(); frame != null; frame = decoder.end()) {
			taken.add(frame.text());
		}
		assertThat(taken).isEqualTo(expected);
	}

	@Test
	void invalidUtf8IsLeftToTheReader() {
		byte[] body = { 'd', 'a', 't', 'a', ':', (byte) 0xFF, 0, '\n', '\n' };
		SseDecoder decoder = new SseDecoder(LIMIT);
		decoder.feed(body, 0, body.length);
		Frame frame = decoder.next();
		assertThat(frame).isNotNull();
		assertThat(Arrays.copyOfRange(frame.bytes(), frame.offset(), frame.offset() + frame.length()))
			.containsExactly(0xFF, 0);
	}

	private static void feed(SseDecoder decoder, String text) {
		byte[] bytes = utf8(text);
		decoder.feed(bytes, 0, bytes.length);
	}

	private static String text(Frame frame) {
		assertThat(frame).isNotNull();
		return frame.text();
	}

}
