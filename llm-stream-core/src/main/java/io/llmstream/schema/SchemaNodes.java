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

package io.llmstream.schema;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Pieces of schemas.
 */
final class SchemaNodes {

	private static final JsonNodeFactory nodes = JsonNodeFactory.instance;

	private SchemaNodes() {
	}

	static ObjectNode object() {
		ObjectNode object = nodes.objectNode();
		object.put("type", "object");
		object.putObject("properties");
		object.putArray("required");
		return object;
	}

	static ObjectNode close(ObjectNode object, boolean strict) {
		if (object.get("required").isEmpty() && !strict) {
			object.remove("required");
		}
		object.put("additionalProperties", false);
		return object;
	}

	static ObjectNode withDescription(ObjectNode schema, String text) {
		ObjectNode described = nodes.objectNode();
		if (!schema.has("$ref")) {
			schema.remove("description");
		}
		described.setAll(schema);
		described.put("description", text);
		return described;
	}

	/**
	 * What a property that may be left out looks like where nothing may be left out.
	 */
	static ObjectNode orNull(ObjectNode schema) {
		if (schema.get("anyOf") instanceof ArrayNode types) {
			types.add(nodes.objectNode().put("type", "null"));
			return schema;
		}
		JsonNode type = schema.get("type");
		if (type == null || !type.isString()) {
			ObjectNode either = nodes.objectNode();
			JsonNode description = schema.remove("description");
			either.putArray("anyOf").add(schema).add(nodes.objectNode().put("type", "null"));
			if (description != null) {
				either.set("description", description);
			}
			return either;
		}
		schema.putArray("type").add(type).add("null");
		if (schema.get("enum") instanceof ArrayNode values) {
			values.addNull();
		}
		return schema;
	}

}
