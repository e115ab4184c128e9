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

/**
 * Reads citations in their several forms. Some servers repeat them with every chunk; each
 * is emitted once.
 */
final class CitationReader {

	private final Set<String> seen = new HashSet<>();

	private final JsonReader list = new JsonReader();

	private final JsonReader element = new JsonReader();

	private @Nullable String lastSources;

	/**
	 * Read the marks that tie a passage of the answer to its source.
	 * @param raw a list of marks, as JSON
	 * @param sink receives those that are new
	 */
	void annotations(String raw, TokenSink sink) {
		read(raw, false, sink);
	}

	/**
	 * Read a list of sources, which several servers repeat with every chunk. A source
	 * that was cited before is not new.
	 * @param raw a list of addresses or objects, as JSON
	 * @param sink receives those that are new
	 */
	void sources(String raw, TokenSink sink) {
		if (!raw.equals(this.lastSources)) {
			this.lastSources = raw;
			read(raw, true, sink);
		}
	}

	/**
	 * A citation that has no more than a reference.
	 * @param raw the reference, as JSON
	 * @param sink receives it if it is new
	 */
	void reference(String raw, TokenSink sink) {
		emit(object(raw), false, sink);
	}

	private void read(String raw, boolean sources, TokenSink sink) {
		byte[] bytes = raw.getBytes(StandardCharsets.UTF_8);
		this.list.reset(bytes, 0, bytes.length);
		if (!this.list.enterArray()) {
			return;
		}
		while (this.list.nextElement()) {
			if (this.list.peek() == JsonKind.STRING) {
				String json = this.list.raw();
				emit(new Token.Citation(string(json), null, null, json), sources, sink);
			}
			else if (this.list.peek() == JsonKind.OBJECT) {
				emit(object(this.list.raw()), sources, sink);
			}
		}
	}

	private @Nullable String string(String json) {
		return open(json).string();
	}

	private Token.Citation object(String json) {
		Source source = new Source();
		source.read(open(json));
		return new Token.Citation(source.url, source.title, source.quote, json);
	}

	private JsonReader open(String json) {
		byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
		this.element.reset(bytes, 0, bytes.length);
		return this.element;
	}

	private void emit(Token.Citation citation, boolean source, TokenSink sink) {
		boolean newSource = citation.url() == null || this.seen.add(citation.url());
		boolean newMark = this.seen.add(citation.json());
		if ((source) ? newSource && newMark : newMark || newSource) {
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
