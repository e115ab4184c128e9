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

import java.util.HashSet;
import java.util.Set;

import tools.jackson.databind.JsonNode;

/**
 * Finds the properties in a schema that say which of several types an object is.
 */
final class TypeProperties {

	private TypeProperties() {
	}

	static Set<String> of(JsonNode schema) {
		Set<String> names = new HashSet<>();
		collect(schema, names);
		return Set.copyOf(names);
	}

	private static void collect(JsonNode node, Set<String> names) {
		for (JsonNode alternative : node.path("anyOf")) {
			for (var property : alternative.path("properties").properties()) {
				if (property.getValue().path("enum").size() == 1) {
					names.add(property.getKey());
				}
			}
		}
		for (JsonNode child : node) {
			collect(child, names);
		}
	}

}
