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

import java.util.LinkedHashMap;
import java.util.Map;

import io.llmstream.FinishReason;
import io.llmstream.Token;
import io.llmstream.json.JsonKind;
import io.llmstream.json.JsonReader;
import io.llmstream.provider.ErrorBodies;
import io.llmstream.provider.JsonTokenDecoder;
import io.llmstream.provider.ProviderErrorException;
import io.llmstream.provider.StrayDocuments;
import io.llmstream.provider.TokenSink;
import io.llmstream.wire.Frame;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the chunks of {@code streamGenerateContent}, from events as well as from the
 * elements of one array. There is no end mark. Old models write a finish reason into
 * every chunk, so content that follows one is content all the same.
 */
final class GeminiTokenDecoder extends JsonTokenDecoder {

	private final GeminiFinishReasons reasons;

	private final GeminiPart part = new GeminiPart();

	private final GeminiCalls calls = new GeminiCalls(this::callId);

	private final GeminiCitations citations = new GeminiCitations();

	private final GeminiUsage usageFigures = new GeminiUsage();

	private @Nullable Frame frame;

	private @Nullable String finishReason;

	private boolean promptBlocked;

	private boolean unfinishedChunkSeen;

	/** Whether content came after a finish reason: each chunk may have one here. */
	private boolean goesOn;

	/** Whether all chunks before this one had one, and the last said "stop". */
	private boolean stoppedBefore;

	private boolean serverToolWorks;

	private boolean silent;

	GeminiTokenDecoder(GeminiFinishReasons reasons) {
		this.reasons = reasons;
	}

	@Override
	public void decode(Frame frame, TokenSink sink) {
		if ("error".equals(frame.event())) {
			throw error(frame.text());
		}
		this.frame = frame;
		super.decode(frame, sink);
		this.frame = null;
	}

	@Override
	protected void endMark(TokenSink sink) {
		end(sink);
	}

	@Override
	protected void decodeDocument(JsonReader json, @Nullable String event, TokenSink sink) {
		JsonKind kind = json.peek();
		if (kind == JsonKind.OBJECT) {
			decodeResponse(json, sink);
		}
		else if (kind == JsonKind.ARRAY) {
			json.enterArray();
			while (json.nextElement()) {
				decodeDocument(json, event, sink);
			}
		}
		else {
			sink.next(new Token.Other("document", json.raw()));
		}
	}

	private void decodeResponse(JsonReader json, TokenSink sink) {
		boolean usageCame = false;
		String before = this.finishReason;
		this.stoppedBefore = before != null && !this.unfinishedChunkSeen
				&& this.reasons.normalise(before, false) == FinishReason.STOP;
		Map<String, String> others = Map.of();
		json.enterObject();
		for (String name = json.nextName(); name != null; name = json.nextName()) {
			switch (name) {
				case "candidates" -> decodeCandidates(json, sink);
				case "usageMetadata" -> usageCame |= this.usageFigures.read(json);
				case "promptFeedback" -> decodePromptFeedback(json, sink);
				case "modelVersion" -> model(json.word());
				case "responseId" -> responseId(json.word());
				case "createTime" -> json.skip();
				case "error" -> {
					String error = json.raw();
					if (StrayDocuments.says(error)) {
						throw error("{\"error\":" + error + "}");
					}
				}
				default -> {
					others = (others.isEmpty()) ? new LinkedHashMap<>() : others;
					others.put(name, json.raw());
				}
			}
		}
		if (usageCame) {
			usage(this.usageFigures.toUsage());
		}
		decodeOthers(others, sink);
		if (this.finishReason != null || this.promptBlocked) {
			// where the first chunk has a finish reason, all may have one: more may
			// follow
			boolean last = this.unfinishedChunkSeen || this.promptBlocked;
			reach((usageCame && last) ? Phase.SETTLED : Phase.FINISHING);
			if (this.goesOn) {
				goOn();
			}
		}
	}

	private void decodeOthers(Map<String, String> others, TokenSink sink) {
		if (others.isEmpty()) {
			return;
		}
		boolean error = "\"error\"".equals(others.get("type")) || others.containsKey("code")
				&& (others.containsKey("message") || others.containsKey("msg") || others.containsKey("status"));
		if (error) {
			StringBuilder document = new StringBuilder();
			others.forEach((name, value) -> document.append((document.isEmpty()) ? '{' : ',')
				.append(JsonText.quote(name))
				.append(':')
				.append(value));
			throw error(document.append('}').toString());
		}
		others.forEach((name, value) -> sink.next(new Token.Other(name, value)));
	}

	private void decodeCandidates(JsonReader json, TokenSink sink) {
		if (json.enterArray()) {
			for (boolean first = true; json.nextElement(); first = false) {
				if (first) {
					decodeCandidate(json, sink);
				}
			}
		}
	}

	private void decodeCandidate(JsonReader json, TokenSink sink) {
		if (!json.enterObject()) {
			return;
		}
		boolean finished = false;
		for (String name = json.nextName(); name != null; name = json.nextName()) {
			switch (name) {
				case "content" -> decodeContent(json, sink);
				case "finishReason" -> {
					String reason = json.string("");
					if (this.reasons.isReason(reason)) {
						this.finishReason = reason;
						finished = true;
					}
				}
				case "citationMetadata" -> this.citations.readCitations(json, sink);
				case "groundingMetadata" -> this.citations.readGrounding(json, sink);
				case "index", "safetyRatings", "avgLogprobs", "tokenCount" -> json.skip();
				default -> sink.next(new Token.Other(name, json.raw()));
			}
		}
		if (finished) {
			closeCalls(sink);
		}
		else if (this.finishReason == null) {
			this.unfinishedChunkSeen = true;
		}
	}

	private void decodeContent(JsonReader json, TokenSink sink) {
		if (!json.enterObject()) {
			return;
		}
		for (String name = json.nextName(); name != null; name = json.nextName()) {
			if ("parts".equals(name)) {
				if (json.enterArray()) {
					while (json.nextElement()) {
						this.part.read(json);
						emit(this.part, sink);
					}
				}
			}
			else if (!"role".equals(name)) {
				sink.next(new Token.Other(name, json.raw()));
			}
		}
	}

	private void emit(GeminiPart part, TokenSink sink) {
		String text = part.text;
		if (text != null && !text.isEmpty()) {
			this.goesOn |= this.stoppedBefore;
			this.calls.otherContent(sink);
			this.serverToolWorks = false;
			sink.next((part.thought) ? new Token.Reasoning(text) : new Token.Text(text));
		}
		if (part.call != null) {
			this.goesOn |= this.stoppedBefore;
			this.serverToolWorks = false;
			this.calls.accept(part.call, part.signature, sink);
		}
		else if (!part.others.isEmpty()) {
			emitOthers(part, sink);
		}
		else if (part.signature != null) {
			sink.next((part.thought) ? GeminiReplay.ofThought(part.signature)
					: GeminiReplay.ofText(part.signature, (text != null) ? text.length() : 0));
		}
		updateSilence(sink);
	}

	private void emitOthers(GeminiPart part, TokenSink sink) {
		this.calls.otherContent(sink);
		this.serverToolWorks = false;
		boolean replay = part.signature != null;
		for (Map.Entry<String, String> other : part.others.entrySet()) {
			sink.next(new Token.Other(other.getKey(), other.getValue()));
			switch (other.getKey()) {
				case "executableCode", "toolCall" -> {
					replay = true;
					this.serverToolWorks = true;
				}
				case "codeExecutionResult", "toolResponse" -> replay = true;
				default -> {
				}
			}
		}
		if (replay) {
			sink.next(GeminiReplay.ofPart(part.others, part.signature));
		}
	}

	private void decodePromptFeedback(JsonReader json, TokenSink sink) {
		String raw = json.raw();
		if (GeminiPromptFeedback.isBlocked(raw)) {
			this.promptBlocked = true;
			sink.next(new Token.Other("promptFeedback", raw));
		}
	}

	private void closeCalls(TokenSink sink) {
		String reason = this.finishReason;
		boolean complete = reason == null || this.reasons.normalise(reason, false) == FinishReason.STOP;
		this.calls.close(complete, sink);
		this.serverToolWorks = false;
		updateSilence(sink);
	}

	private void updateSilence(TokenSink sink) {
		boolean now = this.serverToolWorks || this.calls.isStreaming();
		if (now != this.silent) {
			this.silent = now;
			sink.silentPhase(now);
		}
	}

	@Override
	public void end(TokenSink sink) {
		if (phase() != Phase.STREAMING) {
			closeCalls(sink);
			reach(Phase.DONE);
		}
	}

	@Override
	public Token.Finish finish() {
		if (phase() == Phase.STREAMING) {
			throw new IllegalStateException("The answer has not finished");
		}
		String raw = this.finishReason;
		FinishReason reason = (raw != null) ? this.reasons.normalise(raw, !this.calls.isEmpty())
				: FinishReason.CONTENT_FILTER;
		return new Token.Finish(reason, raw, usage(), responseId(), model());
	}

	private String callId(int index) {
		String id = responseId();
		if (id == null && this.frame != null) {
			id = GeminiCallIds.findResponseId(this.frame);
		}
		return GeminiCallIds.makeUp(id, index);
	}

	private static ProviderErrorException error(String json) {
		return new ProviderErrorException(ErrorBodies.readInStream(json));
	}

}
