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

package io.llmstream.provider.gemini;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.llmstream.provider.RequestJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts the arguments of a call together from values that come one by one, each with the
 * path of its place. As long as they come in the order of the document, which is how a
 * model writes, fragments of JSON come out at once. After a value that does not, no more
 * fragments come out, and the whole is built at the end.
 */
final class PartialArguments {

	private final Map<String, Value> values = new LinkedHashMap<>();

	private final ArgumentsWriter writer = new ArgumentsWriter();

	private boolean inOrder = true;

	private String openPath = "";

	private boolean closed;

	/**
	 * Add a piece of a string.
	 * @param path the path of the string
	 * @param piece the piece, may be empty
	 * @param more whether more pieces of it will come
	 */
	void string(String path, String piece, boolean more) {
		Value value = this.values.get(path);
		if (value == null || value.text == null) {
			this.inOrder &= value == null;
			value = new Value(JsonPath.steps(path), new StringBuilder(), null);
			this.values.put(path, value);
			if (moveTo(value)) {
				this.writer.openString();
				this.openPath = path;
			}
		}
		else {
			this.inOrder &= path.equals(this.openPath);
		}
		if (value.text != null) {
			value.text.append(piece);
		}
		if (this.inOrder) {
			this.writer.appendString(piece);
			if (!more) {
				this.writer.closeString();
				this.openPath = "";
			}
		}
	}

	/**
	 * Add a value that is not a string.
	 * @param path the path of the value
	 * @param json the value
	 */
	void value(String path, String json) {
		this.inOrder &= !this.values.containsKey(path);
		Value value = new Value(JsonPath.steps(path), null, json);
		this.values.put(path, value);
		this.openPath = "";
		if (moveTo(value)) {
			this.writer.value(json);
		}
	}

	private boolean moveTo(Value value) {
		this.inOrder = this.inOrder && this.writer.moveTo(value.steps);
		return this.inOrder;
	}

	/**
	 * What can be passed on since this was last called.
	 * @return a fragment of the arguments, may be empty
	 */
	String takeFragment() {
		return (this.inOrder) ? this.writer.takeFragment() : "";
	}

	/**
	 * Say that the arguments are complete. Those of a call that was cut off are never
	 * closed: they must not pass for what the model meant.
	 */
	void close() {
		this.closed = true;
		if (this.inOrder) {
			this.writer.close();
		}
	}

	/**
	 * The arguments.
	 * @return the JSON, whole after {@link #close()}
	 */
	String json() {
		if (this.inOrder) {
			return this.writer.toString();
		}
		String json = build().toString();
		return (this.closed) ? json : json.substring(0, json.length() - 1);
	}

	private ObjectNode build() {
		ObjectNode root = RequestJson.object();
		for (Value value : this.values.values()) {
			JsonNode node = root;
			for (int i = 0; i < value.steps.size() - 1; i++) {
				node = child(node, value.steps.get(i), value.steps.get(i + 1) instanceof Integer);
			}
			set(node, value.steps.get(value.steps.size() - 1), value.node());
		}
		return root;
	}

	private static JsonNode child(JsonNode parent, Object step, boolean array) {
		JsonNode present = (step instanceof Integer index) ? parent.get(index) : parent.get((String) step);
		if (present != null && ((array) ? present.isArray() : present.isObject())) {
			return present;
		}
		JsonNode created = (array) ? RequestJson.object().arrayNode() : RequestJson.object();
		set(parent, step, created);
		return created;
	}

	private static void set(JsonNode parent, Object step, JsonNode value) {
		if (parent instanceof ArrayNode array && step instanceof Integer index) {
			// an index beyond the end would let one small value claim any amount of
			// memory
			if (index < array.size()) {
				array.set(index, value);
			}
			else {
				array.add(value);
			}
		}
		else if (parent instanceof ObjectNode object) {
			object.set(String.valueOf(step), value);
		}
	}

	private record Value(List<Object> steps, @Nullable StringBuilder text, @Nullable String json) {

		JsonNode node() {
			if (this.text != null) {
				return RequestJson.object().stringNode(this.text.toString());
			}
			return (this.json != null) ? RequestJson.parse(this.json, "a partial argument")
					: RequestJson.object().nullNode();
		}

	}

}
