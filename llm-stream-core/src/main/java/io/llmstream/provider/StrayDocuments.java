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
import java.util.Locale;
import java.util.Set;

import io.llmstream.json.JsonKind;
import io.llmstream.json.JsonReader;
import org.jspecify.annotations.Nullable;

/**
 * Looks at documents that are not chunks of an answer: errors that do not say so in a
 * member {@code error}, keep-alives, and things this version does not know. Never reached
 * for ordinary chunks.
 */
final class ChatErrors {

	private static final Set<String> KEEP_ALIVES = Set.of("ping", "[ping]", "keep-alive", "keepalive", "keep_alive",
			"heartbeat", "[heartbeat]", "processing");

	private ChatErrors() {
	}

	/**
	 * What a document is.
	 */
	enum Kind {

		/** An error. */
		ERROR,

		/** Nothing but a sign of life. */
		KEEP_ALIVE,

		/** Not known. */
		OTHER

	}

	/**
	 * Whether text is a sign of life and not JSON.
	 * @param text the text
	 * @return whether it can be dropped
	 */
	static boolean isKeepAlive(String text) {
		String word = text.strip().toLowerCase(Locale.ROOT);
		return word.isEmpty() || word.startsWith(":") || KEEP_ALIVES.contains(word);
	}

	/**
	 * Find out what a document is.
	 * @param raw the document
	 * @param event the name of its event, or {@code null}
	 * @return its kind
	 */
	static Kind classify(String raw, @Nullable String event) {
		Document document = new Document(raw);
		if ("error".equals(document.type) || "error".equals(document.object)) {
			return Kind.ERROR;
		}
		boolean success = document.code == null || "0".equals(document.code) || "200".equals(document.code);
		if (document.detail || (document.message && !success) || (document.msg && !success)) {
			return Kind.ERROR;
		}
		String word = (document.type != null) ? document.type : event;
		// some servers send a chunk without choices as a sign of life
		boolean chunk = document.object != null && document.object.startsWith("chat.completion");
		boolean alive = document.empty || chunk || (word != null && isKeepAlive(word));
		return (alive) ? Kind.KEEP_ALIVE : Kind.OTHER;
	}

	/**
	 * The name for a document that is not known.
	 * @param raw the document
	 * @param event the name of its event, or {@code null}
	 * @return a name
	 */
	static String name(String raw, @Nullable String event) {
		Document document = new Document(raw);
		if (document.type != null) {
			return document.type;
		}
		if (event != null) {
			return event;
		}
		return (document.object != null) ? document.object : "unknown";
	}

	private static final class Document {

		private @Nullable String type;

		private @Nullable String object;

		private @Nullable String code;

		private boolean message;

		private boolean msg;

		private boolean detail;

		private boolean empty = true;

		Document(String raw) {
			byte[] bytes = raw.getBytes(StandardCharsets.UTF_8);
			JsonReader json = new JsonReader();
			json.reset(bytes, 0, bytes.length);
			if (!json.enterObject()) {
				return;
			}
			for (String name = json.nextName(); name != null; name = json.nextName()) {
				this.empty = false;
				switch (name) {
					case "type" -> this.type = json.string();
					case "object" -> this.object = json.string();
					case "code", "status_code" -> this.code = json.string();
					case "message" -> this.message = json.peek() != JsonKind.NULL;
					case "msg" -> this.msg = json.peek() != JsonKind.NULL;
					case "detail" -> this.detail = json.peek() != JsonKind.NULL;
					default -> json.skip();
				}
			}
		}

	}

}
