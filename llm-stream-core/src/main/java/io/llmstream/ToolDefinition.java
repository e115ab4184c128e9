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

import org.jspecify.annotations.Nullable;

/**
 * A tool that the model may call.
 *
 * @param name the tool's name: letters, digits, underscores and hyphens, 64 at most
 * @param description what it does, for the model to read, or {@code null}
 * @param parameters the JSON schema of its arguments, an object schema
 * @param strict whether the provider must hold the arguments to the schema
 */
public record ToolDefinition(String name, @Nullable String description, String parameters, boolean strict) {

	/**
	 * A tool without strict checking.
	 * @param name the tool's name
	 * @param description what it does
	 * @param parameters the JSON schema of its arguments
	 */
	public ToolDefinition(String name, String description, String parameters) {
		this(name, description, parameters, false);
	}

}
