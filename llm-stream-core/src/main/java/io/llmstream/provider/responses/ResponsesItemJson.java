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

package io.llmstream.provider.responses;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import io.llmstream.Token;
import io.llmstream.json.JsonReader;
import org.jspecify.annotations.Nullable;

/**
 * An item as it is written: when it was added, when it was done, or in the output of a
 * whole response.
 */
final class ResponsesItemJson {

	final String json;

	String type = "";

	@Nullable String id;

	@Nullable String callId;

	@Nullable String name;

	@Nullable String arguments;

	@Nullable String status;

	@Nullable String encryptedContent;

	final List<Piece> content = new ArrayList<>();

	final List<Piece> summary = new ArrayList<>();

	ResponsesItemJson(String json) {
		this.json = json;
		JsonReader reader = reader(json);
		if (reader.enterObject()) {
			for (String member = reader.nextName(); member != null; member = reader.nextName()) {
				read(member, reader);
			}
		}
	}

	private void read(String member, JsonReader reader) {
		switch (member) {
			case "type" -> this.type = reader.string("");
			case "id" -> this.id = reader.string();
			case "call_id" -> this.callId = reader.string();
			case "name" -> this.name = reader.string();
			case "arguments", "input" -> this.arguments = reader.string();
			case "status" -> this.status = reader.string();
			case "encrypted_content" -> this.encryptedContent = reader.string();
			case "content" -> readPieces(reader, this.content);
			case "summary" -> readPieces(reader, this.summary);
			default -> reader.skip();
		}
	}

	ResponsesKind kind() {
		return ResponsesKind.of(this.type);
	}

	private static void readPieces(JsonReader reader, List<Piece> pieces) {
		if (reader.enterArray()) {
			while (reader.nextElement()) {
				pieces.add(readPiece(reader));
			}
		}
	}

	static Piece piece(String json) {
		return readPiece(reader(json));
	}

	private static Piece readPiece(JsonReader reader) {
		String type = "";
		String text = "";
		List<String> annotations = new ArrayList<>();
		if (reader.enterObject()) {
			for (String member = reader.nextName(); member != null; member = reader.nextName()) {
				switch (member) {
					case "type" -> type = reader.string("");
					case "text", "refusal" -> text = reader.string(text);
					case "annotations" -> {
						if (reader.enterArray()) {
							while (reader.nextElement()) {
								annotations.add(reader.raw());
							}
						}
					}
					default -> reader.skip();
				}
			}
		}
		return new Piece(type, text, annotations);
	}

	static Token.Citation citation(String json) {
		String url = null;
		String title = null;
		String filename = null;
		String quote = null;
		JsonReader reader = reader(json);
		if (reader.enterObject()) {
			for (String member = reader.nextName(); member != null; member = reader.nextName()) {
				switch (member) {
					case "url" -> url = reader.string();
					case "title" -> title = reader.string();
					case "filename" -> filename = reader.string();
					case "quote" -> quote = reader.string();
					default -> reader.skip();
				}
			}
		}
		return new Token.Citation(url, (title != null) ? title : filename, quote, json);
	}

	private static JsonReader reader(String json) {
		byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
		JsonReader reader = new JsonReader();
		reader.reset(bytes, 0, bytes.length);
		return reader;
	}

	/**
	 * A part of an item's content or summary.
	 *
	 * @param type the provider's word for what it is
	 * @param text its text, whatever it is
	 * @param annotations what is cited, as it is written
	 */
	record Piece(String type, String text, List<String> annotations) {
	}

}
