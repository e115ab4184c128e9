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

package io.llmstream.provider;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

import io.llmstream.json.JsonKind;
import io.llmstream.json.JsonReader;
import io.llmstream.wire.Frame;
import org.jspecify.annotations.Nullable;

/**
 * Looks at what is no piece of an answer: errors that do not say so in a member
 * {@code error}, keep-alives, and things this version does not know. Gateways put them
 * into the streams of any wire. Never reached for ordinary documents.
 */
public final class StrayDocuments {

	private static final int LONGEST_KEEP_ALIVE = 64;

	private static final Set<String> KEEP_ALIVES = Set.of("ping", "[ping]", "keep-alive", "keepalive", "keep_alive",
			"heartbeat", "[heartbeat]", "processing");

	private static final Set<String> SUCCESSES = Set.of("", "0", "200", "ok", "success");

	private StrayDocuments() {
	}

	/**
	 * What a document is.
	 */
	public enum Kind {

		/** An error. */
		ERROR,

		/** Nothing but a sign of life. */
		KEEP_ALIVE,

		/** Not known. */
		OTHER

	}

	/**
	 * Whether a frame is a sign of life and not JSON.
	 * @param frame the frame
	 * @param length how many of its bytes count
	 * @return whether it can be dropped
	 */
	static boolean isKeepAlive(Frame frame, int length) {
		byte first = frame.bytes()[frame.offset()];
		return first != '{' && length < LONGEST_KEEP_ALIVE
				&& isKeepAlive(new String(frame.bytes(), frame.offset(), length, StandardCharsets.UTF_8));
	}

	private static boolean isKeepAlive(String text) {
		String word = text.strip().toLowerCase(Locale.ROOT);
		return word.isEmpty() || word.startsWith(":") || KEEP_ALIVES.contains(word);
	}

	/**
	 * Find out what a document is.
	 * @param raw the document
	 * @param event the name of its event, or {@code null}
	 * @return its kind
	 */
	public static Kind classify(String raw, @Nullable String event) {
		Document document = new Document(raw);
		if (document.isError()) {
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
	public static String name(String raw, @Nullable String event) {
		Document document = new Document(raw);
		if (document.type != null) {
			return document.type;
		}
		if (event != null) {
			return event;
		}
		return (document.object != null) ? document.object : "unknown";
	}

	/**
	 * Whether the next value says anything: servers fill in an {@code error} that there
	 * is not with all sorts of nothing.
	 * @param json stands before the value, which is read
	 * @return whether it is not {@code null}, {@code false}, 0 or empty
	 */
	public static boolean says(JsonReader json) {
		return json.peek() != JsonKind.NULL && says(json.raw());
	}

	/**
	 * The same of a value that was read.
	 * @param raw the JSON of the value
	 * @return whether it is not {@code null}, {@code false}, 0 or empty
	 */
	public static boolean says(String raw) {
		return switch (raw) {
			case "null", "false", "0", "\"0\"", "\"\"" -> false;
			default -> !isEmpty(raw);
		};
	}

	private static boolean isEmpty(String raw) {
		return (raw.startsWith("{") || raw.startsWith("[")) && raw.substring(1, raw.length() - 1).isBlank();
	}

	private static final class Document {

		private @Nullable String type;

		private @Nullable String object;

		private @Nullable String code;

		private @Nullable String status;

		private boolean message;

		private boolean detail;

		private boolean fails;

		private boolean empty = true;

		Document(String raw) {
			JsonReader json = open(raw);
			if (!json.enterObject()) {
				this.empty = false;
				return;
			}
			for (String name = json.nextName(); name != null; name = json.nextName()) {
				this.empty = false;
				switch (name) {
					case "type" -> this.type = json.string();
					case "object" -> this.object = json.string();
					case "code", "status_code" -> this.code = json.string();
					case "status" -> this.status = json.string();
					case "message", "msg" -> this.message |= says(json);
					case "detail" -> this.detail = says(json);
					case "errors", "error_type", "error_code", "error_message" -> this.fails |= says(json);
					case "success" -> this.fails |= "false".equals(json.raw());
					case "base_resp" -> this.fails |= saysStatus(json);
					default -> json.skip();
				}
			}
		}

		private static JsonReader open(String raw) {
			byte[] bytes = raw.getBytes(StandardCharsets.UTF_8);
			JsonReader json = new JsonReader();
			json.reset(bytes, 0, bytes.length);
			return json;
		}

		/** MiniMax has a status with every document. */
		private static boolean saysStatus(JsonReader json) {
			boolean fails = false;
			if (json.enterObject()) {
				for (String name = json.nextName(); name != null; name = json.nextName()) {
					if (name.equals("status_code")) {
						fails |= says(json);
					}
					else {
						json.skip();
					}
				}
			}
			return fails;
		}

		boolean isError() {
			if (this.fails || this.detail || "error".equals(this.type) || "error".equals(this.object)) {
				return true;
			}
			return this.message && (isFailure(this.code) || isStatus(this.status));
		}

		private static boolean isFailure(@Nullable String code) {
			return code != null && !SUCCESSES.contains(code.toLowerCase(Locale.ROOT));
		}

		/**
		 * In members of that name there are words, too, such as of an answer's progress.
		 */
		private static boolean isStatus(@Nullable String status) {
			return status != null && status.matches("[45]\\d\\d");
		}

	}

}
