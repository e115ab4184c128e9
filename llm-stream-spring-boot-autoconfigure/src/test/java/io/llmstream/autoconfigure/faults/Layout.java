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

/**
 * Which targets a route has, and which requests the fault hits. The columns of the table.
 */
enum Layout {

	/** One target, and the fault hits the first request alone. */
	ONE_ONCE("one target, once"),

	/** One target, and the fault hits every request. */
	ONE_ALWAYS("one target, always"),

	/** Two targets, and the fault hits every request to the first. */
	TWO("two targets, the first always");

	private final String words;

	Layout(String words) {
		this.words = words;
	}

	String words() {
		return this.words;
	}

	int targets() {
		return (this == TWO) ? 2 : 1;
	}

}
