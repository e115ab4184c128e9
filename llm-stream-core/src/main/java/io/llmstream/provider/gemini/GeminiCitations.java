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

package io.llmstream.provider.gemini;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

import io.llmstream.Token;
import io.llmstream.json.JsonReader;
import io.llmstream.provider.TokenSink;
import org.jspecify.annotations.Nullable;

/**
 * Reads the sources of an answer. They may be repeated from chunk to chunk; each is
 * reported once.
 */
final class GeminiCitations {

	private @Nullable Set<String> seen;

	/**
	 * Read {@code citationMetadata}, which the two services spell differently.
	 * @param json stands before it
	 * @param sink receives the tokens
	 */
	void readCitations(JsonReader json, TokenSink sink) {
		if (json.enterObject()) {
			for (String name = json.nextName(); name != null; name = json.nextName()) {
				if ("citationSources".equals(name) || "citations".equals(name)) {
					readSources(json, sink);
				}
			}
		}
	}

	/**
	 * Read {@code groundingMetadata}. What it says beyond its sources, such as which
	 * sentence rests on which, is carried as it came.
	 * @param json stands before it
	 * @param sink receives the tokens
	 */
	void readGrounding(JsonReader json, TokenSink sink) {
		String raw = json.raw();
		if (!isNew(raw)) {
			return;
		}
		JsonReader metadata = reader(raw);
		if (metadata.enterObject()) {
			boolean empty = true;
			for (String name = metadata.nextName(); name != null; name = metadata.nextName()) {
				empty = false;
				if ("groundingChunks".equals(name)) {
					readSources(metadata, sink);
				}
			}
			if (!empty) {
				sink.next(new Token.Other("groundingMetadata", raw));
			}
		}
	}

	private void readSources(JsonReader json, TokenSink sink) {
		if (json.enterArray()) {
			while (json.nextElement()) {
				String raw = json.raw();
				if (isNew(raw)) {
					Source source = new Source();
					source.read(reader(raw));
					sink.next(new Token.Citation(source.url, source.title, source.quote, raw));
				}
			}
		}
	}

	private boolean isNew(String raw) {
		if (this.seen == null) {
			this.seen = new HashSet<>();
		}
		return this.seen.add(raw);
	}

	private static JsonReader reader(String raw) {
		byte[] bytes = raw.getBytes(StandardCharsets.UTF_8);
		JsonReader json = new JsonReader();
		json.reset(bytes, 0, bytes.length);
		return json;
	}

	/**
	 * A source: a citation, or an object that has one member, named for where the source
	 * was found.
	 */
	private static final class Source {

		private @Nullable String url;

		private @Nullable String title;

		private @Nullable String quote;

		void read(JsonReader json) {
			if (!json.enterObject()) {
				return;
			}
			for (String name = json.nextName(); name != null; name = json.nextName()) {
				switch (name) {
					case "web", "retrievedContext", "maps", "image" -> read(json);
					case "uri" -> this.url = text(json);
					case "title" -> this.title = text(json);
					case "text" -> this.quote = text(json);
					default -> json.skip();
				}
			}
		}

		private static @Nullable String text(JsonReader json) {
			String text = json.string("");
			return (text.isEmpty()) ? null : text;
		}

	}

}
