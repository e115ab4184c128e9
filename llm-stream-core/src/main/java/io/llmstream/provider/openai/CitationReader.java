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

package io.llmstream.provider.openai;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

import io.llmstream.Token;
import io.llmstream.json.JsonKind;
import io.llmstream.json.JsonReader;
import io.llmstream.provider.TokenSink;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.StringNode;

/**
 * Reads citations in their several forms. Some servers repeat them with every chunk; each
 * is emitted once.
 */
final class CitationReader {

	private final Set<String> seen = new HashSet<>();

	private final JsonReader element = new JsonReader();

	private @Nullable String last;

	/**
	 * Read a list of citations.
	 * @param json stands before the list
	 * @param sink receives those that are new
	 */
	void read(JsonReader json, TokenSink sink) {
		if (json.peek() != JsonKind.ARRAY) {
			json.skip();
			return;
		}
		json.enterArray();
		while (json.nextElement()) {
			if (json.peek() == JsonKind.STRING) {
				String url = json.string("");
				emit(new Token.Citation(url, null, null, StringNode.valueOf(url).toString()), sink);
			}
			else if (json.peek() == JsonKind.OBJECT) {
				emit(object(json.raw()), sink);
			}
		}
	}

	/**
	 * Read a list that a server repeats with every chunk.
	 * @param raw the list, as JSON
	 * @param sink receives those that are new
	 */
	void readRepeated(String raw, TokenSink sink) {
		if (raw.equals(this.last)) {
			return;
		}
		this.last = raw;
		JsonReader list = new JsonReader();
		byte[] bytes = raw.getBytes(StandardCharsets.UTF_8);
		list.reset(bytes, 0, bytes.length);
		read(list, sink);
	}

	/**
	 * A citation that has no more than a reference.
	 * @param raw the reference, as JSON
	 * @param sink receives it if it is new
	 */
	void reference(String raw, TokenSink sink) {
		emit(object(raw), sink);
	}

	private Token.Citation object(String raw) {
		Source source = new Source();
		byte[] bytes = raw.getBytes(StandardCharsets.UTF_8);
		this.element.reset(bytes, 0, bytes.length);
		source.read(this.element);
		return new Token.Citation(source.url, source.title, source.quote, raw);
	}

	private void emit(Token.Citation citation, TokenSink sink) {
		if (this.seen.add(citation.json())) {
			sink.next(citation);
		}
	}

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
					case "url_citation" -> read(json);
					case "url", "uri" -> this.url = json.string();
					case "title" -> this.title = json.string();
					case "content", "snippet", "quote", "cited_text" -> this.quote = json.string();
					default -> json.skip();
				}
			}
		}

	}

}
