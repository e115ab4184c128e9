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

package io.llmstream.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import io.llmstream.provider.ProviderDialect;
import io.llmstream.provider.anthropic.AnthropicDialect;
import io.llmstream.provider.gemini.GeminiDialect;
import io.llmstream.provider.ollama.OllamaDialect;
import io.llmstream.provider.openai.OpenAiChatDialect;
import io.llmstream.provider.openai.OpenAiProfiles;
import io.llmstream.provider.responses.ResponsesDialect;

/**
 * The kinds of servers that the library speaks to.
 */
public final class BuiltInDialects {

	private static final List<ProviderDialect> dialects = create();

	private BuiltInDialects() {
	}

	private static List<ProviderDialect> create() {
		List<ProviderDialect> dialects = new ArrayList<>();
		OpenAiProfiles.all().forEach((profile) -> dialects.add(new OpenAiChatDialect(profile)));
		dialects.add(1, new ResponsesDialect());
		dialects.add(2, new AnthropicDialect());
		dialects.add(3, GeminiDialect.gemini());
		dialects.add(4, GeminiDialect.vertex());
		dialects.add(5, new OllamaDialect());
		return Collections.unmodifiableList(dialects);
	}

	/**
	 * All dialects, in the order in which people look for them.
	 * @return the dialects
	 */
	public static List<ProviderDialect> all() {
		return dialects;
	}

	/**
	 * Find a dialect.
	 * @param type its {@link ProviderDialect#type() type}
	 * @return the dialect
	 * @throws IllegalArgumentException if there is none of this type; the message lists
	 * the known ones
	 */
	public static ProviderDialect find(String type) {
		return dialects.stream()
			.filter((dialect) -> dialect.type().equals(type))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException("There is no dialect of type " + type + "; known are "
					+ dialects.stream().map(ProviderDialect::type).toList()));
	}

}
