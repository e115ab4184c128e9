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

package io.llmstream.sample;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.stream.Stream;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the lines of an event stream as they come.
 */
final class EventLines implements Iterator<EventLines.Event> {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private final Iterator<String> lines;

	EventLines(Stream<String> lines) {
		this.lines = lines.iterator();
	}

	@Override
	public boolean hasNext() {
		return this.lines.hasNext();
	}

	/**
	 * Wait for the next event; comments and retry delays are passed over.
	 */
	@Override
	public Event next() {
		String name = "message";
		String data = null;
		while (this.lines.hasNext()) {
			String line = this.lines.next();
			if (line.startsWith("event: ")) {
				name = line.substring("event: ".length());
			}
			else if (line.startsWith("data: ")) {
				data = line.substring("data: ".length());
			}
			else if (line.isEmpty() && data != null) {
				return new Event(name, JSON.readTree(data));
			}
		}
		throw new NoSuchElementException("The stream is over");
	}

	Event next(String name) {
		Event event = next();
		while (!event.name().equals(name)) {
			event = next();
		}
		return event;
	}

	/**
	 * An event.
	 *
	 * @param name its name
	 * @param data its data
	 */
	record Event(String name, JsonNode data) {

		boolean isTerminal() {
			return this.name.equals("done") || this.name.equals("run-error") || this.name.equals("aborted");
		}

	}

}
