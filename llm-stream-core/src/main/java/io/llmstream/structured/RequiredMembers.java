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

package io.llmstream.structured;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * Finds members that a schema requires and a document does not have, or has as
 * {@code null} where the schema has no such value. Jackson takes such documents.
 */
final class RequiredMembers {

	private final JsonNode root;

	RequiredMembers(JsonNode schema) {
		this.root = schema;
	}

	/**
	 * Says which member is the first that is missing, or {@code null} if none is.
	 * @param document a document that is complete
	 */
	@Nullable String missing(JsonContainer document) {
		return missing(document, this.root, "");
	}

	/**
	 * Says which member is the first that is missing in a document that is the value of a
	 * member without the object around it.
	 */
	@Nullable String missingInMember(JsonContainer value, String member) {
		return missing(value, this.root.path("properties").path(member), member);
	}

	/**
	 * Says which member is the first that is missing in an element, or {@code null}.
	 */
	@Nullable String missingInElement(@Nullable Object element, @Nullable String list, int index) {
		JsonNode schema = this.root;
		if (list != null) {
			schema = schema.path("properties").path(list);
		}
		return missing(element, schema.path("items"), list + "[" + index + "]");
	}

	private @Nullable String missing(@Nullable Object value, JsonNode reference, String where) {
		if (!(value instanceof JsonContainer container) || reference.isMissingNode()) {
			return null;
		}
		JsonNode schema = choose(container, resolve(reference));
		return (container.isObject()) ? missingInObject(container, schema, where)
				: missingInArray(container, schema.path("items"), where);
	}

	private @Nullable String missingInObject(JsonContainer object, JsonNode schema, String where) {
		String before = (where.isEmpty()) ? "" : where + ".";
		for (JsonNode name : schema.path("required")) {
			Object value = object.member(name.asString());
			if (value == null) {
				return "the member " + before + name.asString() + " is missing";
			}
			if (value == JsonContainer.NULL && !takesNull(schema.path("properties").path(name.asString()))) {
				return "the member " + before + name.asString() + " is null";
			}
		}
		for (int i = 0; i < object.size(); i++) {
			if (object.values()[i] instanceof JsonContainer member) {
				String name = object.names()[i];
				JsonNode of = schema.path("properties").path(name);
				String missing = missing(member, (of.isMissingNode()) ? schema.path("additionalProperties") : of,
						before + name);
				if (missing != null) {
					return missing;
				}
			}
		}
		return null;
	}

	private @Nullable String missingInArray(JsonContainer array, JsonNode items, String where) {
		for (int i = 0; i < array.size(); i++) {
			if (array.values()[i] instanceof JsonContainer element) {
				String missing = missing(element, items, where + "[" + i + "]");
				if (missing != null) {
					return missing;
				}
			}
		}
		return null;
	}

	/**
	 * Of several schemas the one whose constant members the value has; nothing is
	 * required of a value that has those of none, which does not fit any type either.
	 */
	private JsonNode choose(JsonContainer value, JsonNode schema) {
		JsonNode several = schema.path("anyOf");
		if (!several.isArray()) {
			return schema;
		}
		for (JsonNode candidate : several) {
			JsonNode one = resolve(candidate);
			if (value.isObject() && one.path("properties").isObject() && hasConstants(value, one)) {
				return one;
			}
		}
		return MissingNode.getInstance();
	}

	private boolean takesNull(JsonNode reference) {
		JsonNode schema = resolve(reference);
		for (JsonNode candidate : schema.path("anyOf")) {
			if (takesNull(candidate)) {
				return true;
			}
		}
		// what says nothing of its values is of any type
		return !schema.has("type") && !schema.has("anyOf") && !schema.has("enum");
	}

	private static boolean hasConstants(JsonContainer value, JsonNode schema) {
		for (var property : schema.path("properties").properties()) {
			JsonNode values = property.getValue().path("enum");
			if (values.size() == 1 && !values.get(0).asString().equals(value.member(property.getKey()))) {
				return false;
			}
		}
		return true;
	}

	private JsonNode resolve(JsonNode schema) {
		JsonNode reference = schema.path("$ref");
		return (reference.isString()) ? this.root.at(reference.asString().substring(1)) : schema;
	}

}
