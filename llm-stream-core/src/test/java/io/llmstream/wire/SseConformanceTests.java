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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.llmstream.CorpusFolder;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds {@link SseDecoder} to the events that the HTML standard gives for a set of
 * bodies.
 */
class SseConformanceTests {

	private static final JsonMapper MAPPER = new JsonMapper();

	@TestFactory
	Stream<DynamicTest> givesTheEventsOfTheStandard() throws IOException {
		return CorpusFolder.tests("sse-conformance", 1, ".sse",
				(file) -> DynamicTest.dynamicTest(name(file), () -> check(file)));
	}

	private static String name(Path body) {
		return body.getFileName().toString().replace(".sse", "");
	}

	private static void check(Path file) throws IOException {
		byte[] body = Files.readAllBytes(file);
		JsonNode expected = MAPPER.readTree(Files.readString(file.resolveSibling(name(file) + ".expected.json")));
		assertEvents(body, false, events(expected.get("events")));
		if (expected.has("events_lenient")) {
			assertEvents(body, true, events(expected.get("events_lenient")));
		}
		else {
			assertEvents(body, true, events(expected.get("events")));
		}
	}

	private static List<Event> events(JsonNode nodes) {
		List<Event> events = new ArrayList<>();
		for (JsonNode node : nodes) {
			events.add(new Event(node.get("event").stringValue(), node.get("data").stringValue(),
					node.get("lastEventId").stringValue()));
		}
		return events;
	}

	private static void assertEvents(byte[] body, boolean lenient, List<Event> expected) {
		assertThat(decode(body, lenient, new int[0])).as("whole").isEqualTo(expected);
		int[] every = new int[body.length];
		for (int i = 0; i < body.length; i++) {
			every[i] = i;
		}
		assertThat(decode(body, lenient, every)).as("byte by byte").isEqualTo(expected);
		int step = Math.max(1, body.length / 1000);
		for (int cut = 0; cut <= body.length; cut += step) {
			assertThat(decode(body, lenient, new int[] { cut })).as("cut at %d", cut).isEqualTo(expected);
		}
	}

	private static List<Event> decode(byte[] body, boolean lenient, int[] cuts) {
		SseDecoder decoder = new SseDecoder(1 << 20);
		List<Event> events = new ArrayList<>();
		int from = 0;
		for (int i = 0; i <= cuts.length; i++) {
			int to = (i < cuts.length) ? cuts[i] : body.length;
			decoder.feed(body, from, to - from);
			for (Frame frame = decoder.next(); frame != null; frame = decoder.next()) {
				events.add(event(decoder, frame));
			}
			from = to;
		}
		if (lenient) {
			for (Frame frame = decoder.end(); frame != null; frame = decoder.end()) {
				events.add(event(decoder, frame));
			}
		}
		return events;
	}

	private static Event event(SseDecoder decoder, Frame frame) {
		String event = frame.event();
		return new Event((event != null) ? event : "message", frame.text(), decoder.lastEventId());
	}

	private record Event(String event, String data, String lastEventId) {
	}

}
