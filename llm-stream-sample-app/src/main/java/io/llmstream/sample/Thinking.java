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

package io.llmstream.sample;

import java.util.Set;

import io.llmstream.ReasoningOptions;
import org.jspecify.annotations.Nullable;

/**
 * What "Think" on the page asks of a provider.
 */
final class Thinking {

	/** They reason, but never say what. To ask for it would be an error. */
	private static final Set<String> SILENT = Set.of("openai", "azure-openai");

	private Thinking() {
	}

	static ReasoningOptions of(@Nullable String type) {
		ReasoningOptions options = ReasoningOptions.effort(ReasoningOptions.Effort.MEDIUM);
		return (type != null && SILENT.contains(type)) ? options : options.show(true);
	}

}
