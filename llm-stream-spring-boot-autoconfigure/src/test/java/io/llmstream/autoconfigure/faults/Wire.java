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

package io.llmstream.autoconfigure.faults;

import java.util.Locale;

/**
 * The wires that providers speak.
 */
enum Wire {

	OPENAI("openai-compatible", "/v1"),

	RESPONSES("openai-responses", "/v1"),

	ANTHROPIC("anthropic", ""),

	GEMINI("gemini", "/v1beta"),

	OLLAMA("ollama", "");

	private final String type;

	private final String path;

	Wire(String type, String path) {
		this.type = type;
		this.path = path;
	}

	/**
	 * The type of provider.
	 */
	String type() {
		return this.type;
	}

	/**
	 * What base addresses end with.
	 */
	String path() {
		return this.path;
	}

	/**
	 * The wire of the second target, so that every one continues what another began.
	 */
	Wire next() {
		return values()[(ordinal() + 1) % values().length];
	}

	String word() {
		return name().toLowerCase(Locale.ROOT);
	}

}
