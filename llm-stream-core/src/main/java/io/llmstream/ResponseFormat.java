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
 * The form that the answer must have.
 *
 * @param name a name for the schema, or {@code null} for any JSON object
 * @param schema the JSON schema of the answer, or {@code null} for any JSON object
 * @param strict whether the provider must hold the answer to the schema
 * @param mode how the model is told
 */
public record ResponseFormat(@Nullable String name, @Nullable String schema, boolean strict, Mode mode) {

	/** Any JSON object. */
	public static final ResponseFormat JSON_OBJECT = new ResponseFormat(null, null, false);

	/**
	 * A format that the provider must have a mode for.
	 * @param name a name for the schema, or {@code null}
	 * @param schema the JSON schema of the answer, or {@code null}
	 * @param strict whether the provider must hold the answer to the schema
	 */
	public ResponseFormat(@Nullable String name, @Nullable String schema, boolean strict) {
		this(name, schema, strict, Mode.NATIVE);
	}

	/**
	 * JSON that follows a schema, strictly.
	 * @param name a name for the schema: letters, digits, underscores and hyphens
	 * @param schema the JSON schema
	 * @return the format
	 */
	public static ResponseFormat jsonSchema(String name, String schema) {
		return new ResponseFormat(name, schema, true);
	}

	/**
	 * The same form, told to the model in another way.
	 * @param mode how the model is told
	 * @return a changed format
	 */
	public ResponseFormat withMode(Mode mode) {
		return new ResponseFormat(this.name, this.schema, this.strict, mode);
	}

	/**
	 * How the model is told which form its answer must have. In each of them the answer
	 * comes as {@link Token.Text}.
	 */
	public enum Mode {

		/**
		 * The best that the provider can do: its own mode, else {@link #TOOL}, else
		 * {@link #PROMPT}.
		 */
		AUTO,

		/** The provider's own mode; a provider without one rejects the request. */
		NATIVE,

		/** A tool that the model must call, and whose arguments are the answer. */
		TOOL,

		/** Words in the system message. */
		PROMPT

	}

}
