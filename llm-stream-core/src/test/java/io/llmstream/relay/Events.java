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

package io.llmstream.relay;

import java.util.ArrayList;
import java.util.List;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads an event stream as a browser does.
 */
public final class Events {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private Events() {
	}

	public static List<Event> parse(String stream) {
		List<Event> events = new ArrayList<>();
		for (String block : stream.split("\n\n")) {
			String id = "";
			String name = "";
			StringBuilder data = new StringBuilder();
			for (String line : block.split("\n")) {
				String value = line.substring(line.indexOf(':') + 1);
				value = (value.startsWith(" ")) ? value.substring(1) : value;
				if (line.startsWith("id:")) {
					id = value;
				}
				else if (line.startsWith("event:")) {
					name = value;
				}
				else if (line.startsWith("data:")) {
					data.append(value);
				}
			}
			if (!data.isEmpty()) {
				events.add(new Event(Long.parseLong(id), name, JSON.readTree(data.toString())));
			}
		}
		return events;
	}

	public static String text(List<Event> events) {
		StringBuilder text = new StringBuilder();
		events.stream()
			.filter((event) -> event.name().equals("delta"))
			.forEach((event) -> text.append(event.data().get("text").asString()));
		return text.toString();
	}

	public static List<String> names(List<Event> events) {
		return events.stream().map(Event::name).toList();
	}

	/**
	 * One event.
	 *
	 * @param id its number
	 * @param name its name
	 * @param data its JSON
	 */
	public record Event(long id, String name, JsonNode data) {
	}

}
