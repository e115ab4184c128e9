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
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import io.llmstream.Token;
import io.llmstream.json.JsonReader;
import io.llmstream.provider.RequestJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One content block while it is open: how it began, and what its deltas added to the
 * parts of it that are needed as a whole.
 */
final class AnthropicBlock {

	private final String json;

	private String type = "";

	private String text = "";

	private @Nullable String id;

	private String name = "";

	private @Nullable String input;

	private List<String> citations = List.of();

	private @Nullable StringBuilder written;

	private @Nullable StringBuilder signature;

	private int callIndex;

	private boolean silent;

	/**
	 * Create a block.
	 * @param json the block as its first event holds it
	 */
	AnthropicBlock(String json) {
		this.json = json;
		byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
		JsonReader reader = new JsonReader();
		reader.reset(bytes, 0, bytes.length);
		if (reader.enterObject()) {
			for (String member = reader.nextName(); member != null; member = reader.nextName()) {
				read(member, reader);
			}
		}
	}

	private void read(String member, JsonReader reader) {
		switch (member) {
			case "type" -> this.type = reader.string("");
			case "text" -> this.text = reader.string("");
			case "thinking" -> write(reader.string(""));
			case "signature" -> sign(reader.string(""));
			case "id" -> this.id = reader.string();
			case "name" -> this.name = reader.string("");
			case "input" -> this.input = reader.raw();
			case "citations" -> {
				if (reader.enterArray()) {
					this.citations = new ArrayList<>();
					while (reader.nextElement()) {
						this.citations.add(reader.raw());
					}
				}
			}
			default -> reader.skip();
		}
	}

	String type() {
		return this.type;
	}

	String json() {
		return this.json;
	}

	String text() {
		return this.text;
	}

	/**
	 * What was written into this block: thinking, arguments or a summary.
	 * @return the text so far
	 */
	String written() {
		return (this.written != null) ? this.written.toString() : "";
	}

	void write(String piece) {
		if (this.written == null) {
			this.written = new StringBuilder();
		}
		this.written.append(piece);
	}

	String signature() {
		return (this.signature != null) ? this.signature.toString() : "";
	}

	void sign(String piece) {
		if (this.signature == null) {
			this.signature = new StringBuilder();
		}
		this.signature.append(piece);
	}

	List<String> citations() {
		return this.citations;
	}

	boolean isSilent() {
		return this.silent;
	}

	void setSilent(boolean silent) {
		this.silent = silent;
	}

	/**
	 * Whether the provider runs the tool that this block calls.
	 * @return whether it does
	 */
	boolean isServerTool() {
		return this.type.equals("server_tool_use") || this.type.equals("mcp_tool_use");
	}

	boolean isServerToolResult() {
		return this.type.endsWith("_tool_result");
	}

	Token.ToolCallDelta beginCall(int callIndex) {
		this.callIndex = callIndex;
		return new Token.ToolCallDelta(callIndex, id(), this.name, "");
	}

	Token.ToolCallDelta callDelta(String fragment) {
		return new Token.ToolCallDelta(this.callIndex, null, null, fragment);
	}

	Token.ToolCall call(String arguments) {
		return new Token.ToolCall(this.callIndex, id(), this.name, arguments);
	}

	/**
	 * The arguments of a call that came whole with the first event of its block.
	 * @return the arguments as JSON, or {@code null} if they came, or did not come, in
	 * pieces
	 */
	@Nullable String wholeInput() {
		if (!written().isBlank() || this.input == null || this.input.equals("null")
				|| this.input.replaceAll("\\s", "").equals("{}")) {
			return null;
		}
		return this.input;
	}

	String arguments() {
		String whole = wholeInput();
		if (whole != null) {
			return whole;
		}
		String arguments = written();
		return (arguments.isBlank()) ? "{}" : arguments;
	}

	private String id() {
		if (this.id == null || this.id.isEmpty()) {
			this.id = "call_" + UUID.randomUUID().toString().replace("-", "");
		}
		return this.id;
	}

	/**
	 * The block as if it had come whole.
	 * @return the block as JSON
	 */
	String complete() {
		if (!(RequestJson.parse(this.json, "The block") instanceof ObjectNode block)) {
			return this.json;
		}
		if (isServerTool()) {
			block.set("input", tree(arguments()));
		}
		else if (this.type.equals("thinking")) {
			block.put("thinking", written());
			block.put("signature", signature());
		}
		else if (!written().isEmpty()) {
			block.put("content", written());
		}
		return block.toString();
	}

	private static JsonNode tree(String arguments) {
		try {
			return RequestJson.parse(arguments, "The arguments");
		}
		catch (IllegalArgumentException ex) {
			return RequestJson.object().stringNode(arguments);
		}
	}

}
