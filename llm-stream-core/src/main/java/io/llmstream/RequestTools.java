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

package io.llmstream;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The tools of a request.
 */
final class RequestTools {

	private RequestTools() {
	}

	/**
	 * What the model is told of all tools.
	 * @throws IllegalArgumentException if one that is run has the name of another
	 */
	static List<ToolDefinition> definitions(List<ToolDefinition> tools, List<ToolCallback> callbacks) {
		if (callbacks.isEmpty()) {
			return List.copyOf(tools);
		}
		List<ToolDefinition> all = new ArrayList<>(tools);
		Set<String> names = new HashSet<>();
		tools.forEach((tool) -> names.add(tool.name()));
		for (ToolCallback callback : callbacks) {
			ToolDefinition tool = callback.definition();
			if (!names.add(tool.name())) {
				throw new IllegalArgumentException(
						"each tool must have a name of its own, but '" + tool.name() + "' is used twice");
			}
			all.add(tool);
		}
		return List.copyOf(all);
	}

}
