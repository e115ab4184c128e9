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

package io.llmstream.autoconfigure.faults;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a browser makes of the bytes of a response, by the letter of the event stream
 * format.
 *
 * @param text the text that it shows at the end
 * @param resets how many times it was told to discard the text
 * @param end the event that ended the answer
 */
record BrowserView(String text, int resets, String end) {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	static BrowserView of(String body) {
		StringBuilder text = new StringBuilder();
		int resets = 0;
		long number = 0;
		String end = null;
		for (String block : body.split("\n\n")) {
			Event event = Event.of(block);
			if (event == null) {
				continue;
			}
			check(end == null, "something comes after the end", body);
			check(event.id() > number, "the numbers do not rise", body);
			number = event.id();
			switch (event.name()) {
				case "delta" -> {
					if (event.data().path("kind").asString().equals("text")) {
						text.append(event.data().path("text").asString());
					}
				}
				case "reset" -> {
					text.setLength(0);
					resets++;
				}
				case "done", "run-error", "aborted" -> end = event.name();
				default -> {
				}
			}
		}
		check(end != null, "the answer does not end", body);
		return new BrowserView(text.toString(), resets, end);
	}

	private static void check(boolean condition, String complaint, String body) {
		if (!condition) {
			throw new IllegalStateException(complaint + ": " + body);
		}
	}

	/**
	 * An event.
	 */
	private record Event(long id, String name, JsonNode data) {

		static Event of(String block) {
			long id = 0;
			String name = "message";
			StringBuilder data = new StringBuilder();
			for (String line : block.split("\n")) {
				if (line.startsWith("id: ")) {
					id = Long.parseLong(line.substring("id: ".length()));
				}
				else if (line.startsWith("event: ")) {
					name = line.substring("event: ".length());
				}
				else if (line.startsWith("data: ")) {
					data.append(line.substring("data: ".length()));
				}
			}
			return (data.isEmpty()) ? null : new Event(id, name, JSON.readTree(data.toString()));
		}

	}

}
