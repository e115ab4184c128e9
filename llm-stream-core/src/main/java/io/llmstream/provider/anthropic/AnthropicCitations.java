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

package io.llmstream.provider.anthropic;

import java.nio.charset.StandardCharsets;

import io.llmstream.Token;
import io.llmstream.json.JsonReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads citations, whose members depend on what is cited: a page of the web, a document,
 * a search result.
 */
final class AnthropicCitations {

	private AnthropicCitations() {
	}

	static Token.Citation read(String json) {
		byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
		JsonReader reader = new JsonReader();
		reader.reset(bytes, 0, bytes.length);
		String url = null;
		String source = null;
		String title = null;
		String document = null;
		String quote = null;
		if (reader.enterObject()) {
			for (String name = reader.nextName(); name != null; name = reader.nextName()) {
				switch (name) {
					case "url" -> url = reader.string();
					case "source" -> source = reader.string();
					case "title" -> title = reader.string();
					case "document_title" -> document = reader.string();
					case "cited_text" -> quote = reader.string();
					default -> reader.skip();
				}
			}
		}
		return new Token.Citation(first(url, source), first(title, document), quote, json);
	}

	private static @Nullable String first(@Nullable String one, @Nullable String other) {
		return (one != null) ? one : other;
	}

}
