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
 * Whether the model may, must or must not call tools.
 *
 * @param mode the choice
 * @param tool the tool that must be called, only with {@link Mode#TOOL}
 */
public record ToolChoice(Mode mode, @Nullable String tool) {

	/** The model decides. */
	public static final ToolChoice AUTO = new ToolChoice(Mode.AUTO, null);

	/** The model must not call a tool. */
	public static final ToolChoice NONE = new ToolChoice(Mode.NONE, null);

	/** The model must call a tool. */
	public static final ToolChoice REQUIRED = new ToolChoice(Mode.REQUIRED, null);

	/**
	 * Create a choice.
	 * @throws IllegalArgumentException if a tool is named without {@link Mode#TOOL}, or
	 * the other way round
	 */
	public ToolChoice {
		if ((mode == Mode.TOOL) != (tool != null)) {
			throw new IllegalArgumentException("A tool is named with mode TOOL, and only then");
		}
	}

	/**
	 * The model must call one tool.
	 * @param name the tool's name
	 * @return the choice
	 */
	public static ToolChoice tool(String name) {
		return new ToolChoice(Mode.TOOL, name);
	}

	/**
	 * Kinds of choice.
	 */
	public enum Mode {

		/** The model decides. */
		AUTO,

		/** No tool. */
		NONE,

		/** Any tool, but at least one. */
		REQUIRED,

		/** One named tool. */
		TOOL

	}

}
