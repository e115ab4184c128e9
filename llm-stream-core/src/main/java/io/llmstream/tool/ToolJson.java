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

package io.llmstream.tool;

import java.io.IOException;
import java.io.Writer;

import io.llmstream.ToolException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The JSON of tools: reads arguments and writes results, with a mapper of its own, so
 * that no setting of the application can change what the schema says.
 */
final class ToolJson {

	static final JsonMapper MAPPER = JsonMapper.builder()
		.enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
		.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
		.disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
		.disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
		.disable(DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
		.build();

	private ToolJson() {
	}

	/**
	 * Read the arguments of a call.
	 * @param arguments what the model wrote
	 * @return an object
	 * @throws ToolException if they are not one
	 */
	static JsonNode read(String arguments) {
		if (arguments.isBlank()) {
			return MAPPER.createObjectNode();
		}
		JsonNode json;
		try {
			json = MAPPER.readTree(arguments);
		}
		catch (JacksonException ex) {
			throw invalid();
		}
		if (!json.isObject()) {
			throw new ToolException("The arguments must be a JSON object.");
		}
		return json;
	}

	static ToolException invalid() {
		return new ToolException("The arguments are not valid JSON.");
	}

	/**
	 * Write a result.
	 * @param result what a tool returned
	 * @param limit how long it may be, in characters
	 * @return the result as text; may be longer than the limit only if it was text before
	 * @throws ToolException if it is longer
	 */
	static String write(Object result, int limit) {
		if (result instanceof CharSequence text) {
			return text.toString();
		}
		BoundedWriter writer = new BoundedWriter(limit);
		try {
			MAPPER.writeValue(writer, result);
		}
		catch (JacksonException ex) {
			if (writer.full) {
				throw tooLong(limit);
			}
			throw ex;
		}
		return writer.text.toString();
	}

	static ToolException tooLong(int limit) {
		return new ToolException("The result is longer than " + limit + " characters. Ask for less.");
	}

	/**
	 * Stops a result that grows too long while it is written.
	 */
	private static final class BoundedWriter extends Writer {

		private final StringBuilder text = new StringBuilder();

		private final int limit;

		private boolean full;

		BoundedWriter(int limit) {
			this.limit = limit;
		}

		@Override
		public void write(char[] chars, int offset, int length) throws IOException {
			if (length > this.limit - this.text.length()) {
				this.full = true;
				throw new IOException("The result is too long");
			}
			this.text.append(chars, offset, length);
		}

		@Override
		public void flush() {
		}

		@Override
		public void close() {
		}

	}

}
