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

/**
 * Finds members that a schema requires and a document does not have. Jackson takes
 * documents without them.
 */
final class RequiredMembers {

	private final JsonNode root;

	RequiredMembers(JsonNode schema) {
		this.root = schema;
	}

	/**
	 * The way to the first member that is missing, or {@code null} if none is.
	 */
	@Nullable String missing(JsonNode document) {
		return missing(document, this.root, "");
	}

	/**
	 * The way to the first member that is missing in an element, or {@code null}.
	 */
	@Nullable String missingInElement(JsonNode element, @Nullable String list, int index) {
		JsonNode schema = this.root;
		if (list != null) {
			schema = schema.path("properties").path(list);
		}
		return missing(element, schema.path("items"), list + "[" + index + "]");
	}

	private @Nullable String missing(JsonNode value, JsonNode reference, String where) {
		JsonNode schema = resolve(reference);
		if (value.isObject()) {
			for (JsonNode name : schema.path("required")) {
				if (!value.has(name.asString())) {
					return where + ((where.isEmpty()) ? "" : ".") + name.asString();
				}
			}
			for (var member : value.properties()) {
				JsonNode of = schema.path("properties").path(member.getKey());
				if (of.isMissingNode()) {
					of = schema.path("additionalProperties");
				}
				String missing = missing(member.getValue(), of,
						where + ((where.isEmpty()) ? "" : ".") + member.getKey());
				if (missing != null) {
					return missing;
				}
			}
		}
		else if (value.isArray()) {
			for (int i = 0; i < value.size(); i++) {
				String missing = missing(value.get(i), schema.path("items"), where + "[" + i + "]");
				if (missing != null) {
					return missing;
				}
			}
		}
		return null;
	}

	private JsonNode resolve(JsonNode schema) {
		JsonNode reference = schema.path("$ref");
		return (reference.isString()) ? this.root.at(reference.asString().substring(1)) : schema;
	}

}
