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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.llmstream.ErrorKind;
import io.llmstream.Token;
import io.llmstream.json.JsonReader;
import io.llmstream.provider.ErrorBodies;
import io.llmstream.provider.EventTokenDecoder;
import io.llmstream.provider.ProviderError;
import io.llmstream.provider.ProviderErrorException;
import io.llmstream.provider.TokenSink;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the events of one message. Blocks are kept by index and may overlap.
 */
final class AnthropicTokenDecoder extends EventTokenDecoder {

	private final AnthropicEvent event = new AnthropicEvent();

	private final AnthropicUsage counts = new AnthropicUsage();

	private final Map<Integer, AnthropicBlock> blocks = new LinkedHashMap<>();

	private @Nullable AnthropicBlock last;

	private boolean started;

	private int opened;

	private int calls;

	private int silentBlocks;

	private @Nullable String stopReason;

	@Override
	protected void decodeDocument(JsonReader json, @Nullable String name, TokenSink sink) {
		AnthropicEvent event = this.event;
		event.read(json, this.counts);
		String type = (event.type != null) ? event.type : String.valueOf(name);
		if (event.error || type.equals("error")) {
			throw new ProviderErrorException(ErrorBodies.readInStream(json.document()));
		}
		switch (type) {
			case "content_block_delta" -> delta(json, sink);
			case "content_block_start" -> start((event.block != null) ? event.block : "{}", event.index, sink);
			case "content_block_stop" -> stop(sink);
			case "message_start" -> messageStart(event.message, sink);
			case "message_delta" -> messageDelta(sink);
			case "message_stop" -> messageStop(sink);
			case "message" -> {
				messageStart(json.document(), sink);
				messageStop(sink);
			}
			case "ping" -> {
			}
			default -> {
				if (event.type != null || !stray(json.document(), name)) {
					sink.next(new Token.Other(type, json.document()));
				}
			}
		}
		usage(this.counts.toUsage());
	}

	@Override
	protected boolean saidOnePiece() {
		AnthropicEvent event = this.event;
		if (!"content_block_delta".equals(event.type) || event.counted || event.deltaType == null) {
			return false;
		}
		return switch (event.deltaType) {
			case "text_delta" -> isPiece(event.text);
			case "thinking_delta" -> isPiece(event.thinking);
			default -> false;
		};
	}

	private static boolean isPiece(@Nullable String text) {
		return text != null && !text.isEmpty();
	}

	@Override
	protected void sayAgain(String text, TokenSink sink) {
		if ("text_delta".equals(this.event.deltaType)) {
			text(text, sink);
		}
		else {
			thinking(block(this.event), text, sink);
		}
	}

	@Override
	public void end(TokenSink sink) {
		if (phase() != Phase.STREAMING) {
			closeAll(sink);
		}
	}

	@Override
	public Token.Finish finish() {
		if (phase() == Phase.STREAMING) {
			throw new IllegalStateException("The message has not ended");
		}
		return new Token.Finish(AnthropicFinishReasons.of(this.stopReason, this.calls > 0), this.stopReason, usage(),
				responseId(), model());
	}

	private void messageStart(@Nullable String json, TokenSink sink) {
		AnthropicMessageStart message = new AnthropicMessageStart();
		if (json != null) {
			byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
			JsonReader reader = new JsonReader();
			reader.reset(bytes, 0, bytes.length);
			message.read(reader, this.counts);
		}
		if (this.started) {
			if (phase() != Phase.DONE && !Objects.equals(message.id, responseId())) {
				throw new ProviderErrorException(new ProviderError(ErrorKind.MALFORMED, null,
						"a second message began before the first one had ended", null));
			}
			return;
		}
		this.started = true;
		responseId(message.id);
		model(message.model);
		stopReason(message.stopReason);
		for (String block : message.content) {
			int index = this.opened;
			start(block, index, sink);
			close(this.blocks.remove(index), sink);
		}
	}

	private void messageDelta(TokenSink sink) {
		sink.progress();
		this.event.details.forEach(sink::next);
		if (stopReason(this.event.stopReason)) {
			// Some servers never close their blocks.
			closeAll(sink);
			reach((this.event.counted) ? Phase.SETTLED : Phase.FINISHING);
		}
	}

	private boolean stopReason(@Nullable String reason) {
		if (reason == null || reason.isEmpty()) {
			return false;
		}
		this.stopReason = reason;
		return true;
	}

	private void messageStop(TokenSink sink) {
		closeAll(sink);
		reach(Phase.DONE);
	}

	private void start(String json, int index, TokenSink sink) {
		int key = (index >= 0) ? index : this.opened;
		close(this.blocks.remove(key), sink);
		AnthropicBlock block = new AnthropicBlock(json);
		this.blocks.put(key, block);
		this.last = block;
		this.opened++;
		sink.progress();
		switch (block.type()) {
			case "text" -> {
				text(block.text(), sink);
				block.citations().forEach((citation) -> sink.next(AnthropicCitations.read(citation)));
			}
			case "thinking" -> {
				silent(block, block.written().isEmpty(), sink);
				reasoning(block.written(), sink);
			}
			case "redacted_thinking" -> {
				replay(block, json, sink);
				silent(block, true, sink);
			}
			case "tool_use" -> {
				sink.next(block.beginCall(this.calls++));
				silent(block, true, sink);
			}
			case "server_tool_use", "mcp_tool_use", "compaction" -> silent(block, true, sink);
			default -> {
				sink.next(new Token.Other(block.type(), json));
				if (block.isServerToolResult()) {
					replay(block, json, sink);
				}
			}
		}
	}

	private void delta(JsonReader json, TokenSink sink) {
		AnthropicEvent event = this.event;
		AnthropicBlock block = block(event);
		switch ((event.deltaType != null) ? event.deltaType : "") {
			case "text_delta" -> text(event.text, sink);
			case "thinking_delta" -> thinking(block, event.thinking, sink);
			case "input_json_delta" -> input(block, event.partialJson, sink);
			case "signature_delta" -> {
				sink.progress();
				if (block != null && event.signature != null) {
					block.sign(event.signature);
				}
			}
			case "citations_delta" -> {
				if (event.citation != null) {
					sink.next(AnthropicCitations.read(event.citation));
				}
			}
			case "compaction_delta" -> {
				sink.progress();
				if (block != null && event.content != null) {
					block.write(event.content);
				}
			}
			default -> sink.next(new Token.Other(Objects.requireNonNullElse(event.deltaType, "content_block_delta"),
					json.document()));
		}
	}

	private @Nullable AnthropicBlock block(AnthropicEvent event) {
		return (event.index >= 0) ? this.blocks.get(event.index) : this.last;
	}

	private static void text(@Nullable String text, TokenSink sink) {
		if (text != null && !text.isEmpty()) {
			sink.next(new Token.Text(text));
		}
	}

	private static void reasoning(String text, TokenSink sink) {
		if (!text.isEmpty()) {
			sink.next(new Token.Reasoning(text));
		}
	}

	private void thinking(@Nullable AnthropicBlock block, @Nullable String text, TokenSink sink) {
		if (text == null || text.isEmpty()) {
			return;
		}
		if (block != null) {
			block.write(text);
			silent(block, false, sink);
		}
		reasoning(text, sink);
	}

	private static void input(@Nullable AnthropicBlock block, @Nullable String fragment, TokenSink sink) {
		if (block == null || fragment == null || fragment.isEmpty()) {
			return;
		}
		block.write(fragment);
		if (block.type().equals("tool_use")) {
			sink.next(block.callDelta(fragment));
		}
		else {
			sink.progress();
		}
	}

	private void stop(TokenSink sink) {
		if (this.event.index >= 0) {
			close(this.blocks.remove(this.event.index), sink);
		}
		else if (this.last != null) {
			this.blocks.values().remove(this.last);
			close(this.last, sink);
		}
	}

	private void closeAll(TokenSink sink) {
		for (AnthropicBlock block : List.copyOf(this.blocks.values())) {
			close(block, sink);
		}
		this.blocks.clear();
	}

	private void close(@Nullable AnthropicBlock block, TokenSink sink) {
		if (block == null) {
			return;
		}
		if (block == this.last) {
			this.last = null;
		}
		sink.progress();
		switch (block.type()) {
			case "tool_use" -> {
				String whole = block.wholeInput();
				if (whole != null) {
					sink.next(block.callDelta(whole));
				}
				sink.next(block.call(block.arguments()));
			}
			case "thinking" -> {
				// What is not signed need not, and must not, be sent back.
				if (!block.signature().isEmpty()) {
					replay(block, block.complete(), sink);
				}
			}
			case "server_tool_use", "mcp_tool_use" -> {
				String json = block.complete();
				sink.next(new Token.Other(block.type(), json));
				replay(block, json, sink);
			}
			case "compaction" -> replay(block, block.complete(), sink);
			default -> {
			}
		}
		silent(block, false, sink);
	}

	private static void replay(AnthropicBlock block, String json, TokenSink sink) {
		sink.next(new Token.ReplayState(AnthropicDialect.TYPE, block.type(), json));
	}

	private void silent(AnthropicBlock block, boolean silent, TokenSink sink) {
		if (block.isSilent() == silent) {
			return;
		}
		block.setSilent(silent);
		this.silentBlocks += (silent) ? 1 : -1;
		if (this.silentBlocks == ((silent) ? 1 : 0)) {
			sink.silentPhase(silent);
		}
	}

}
