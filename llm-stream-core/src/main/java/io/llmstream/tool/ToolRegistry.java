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

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

import io.llmstream.ToolCallback;

/**
 * The tools that requests may name. Must be safe for use by several threads.
 */
@FunctionalInterface
public interface ToolRegistry {

	/**
	 * All tools.
	 * @return the tools by their names
	 */
	Map<String, ToolCallback> tools();

	/**
	 * A tool.
	 * @param name its name
	 * @return the tool
	 * @throws IllegalArgumentException if there is none; the message names those that
	 * there are
	 */
	default ToolCallback get(String name) {
		ToolCallback tool = tools().get(name);
		if (tool == null) {
			List<String> known = new ArrayList<>(new TreeSet<>(tools().keySet()));
			throw new IllegalArgumentException("There is no tool '" + name + "'; "
					+ ((known.isEmpty()) ? "none is known." : "known are: " + String.join(", ", known) + "."));
		}
		return tool;
	}

	/**
	 * A registry of some tools.
	 * @param tools the tools
	 * @return the registry
	 * @throws IllegalArgumentException if two of them have the same name
	 */
	static ToolRegistry of(Collection<? extends ToolCallback> tools) {
		Map<String, ToolCallback> all = new LinkedHashMap<>();
		for (ToolCallback tool : tools) {
			ToolCallback other = all.put(tool.definition().name(), tool);
			if (other != null) {
				throw new IllegalArgumentException("The tools " + other + " and " + tool
						+ " have the same name; set @Tool(name = …) for one of them");
			}
		}
		return () -> all;
	}

}
