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

import io.llmstream.Token;
import io.llmstream.Usage;
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
 * Decodes the chunks of one answer. Takes what any server of the family is known to send,
 * whatever its profile: gateways pass on what they got.
 */
final class ChatDecoder extends JsonTokenDecoder {

	private final UsageReader usageReader;

	private final ChatChoice choice;

	private final ChatAnswer answer;

	private @Nullable String rawReason;

	private boolean answered;

	private boolean streamed;

	/** Whether a piece came that had no reason to stop. */
	private boolean unfinishedChunkSeen;

	/** Whether a piece came that said something. */
	private boolean spoke;

	/** Whether one came after a reason to stop. */
	private boolean goesOn;

	private int choices;

	private boolean hasChoices;

	private boolean hasError;

	private @Nullable String choiceError;

	private boolean hasUsage;

	private boolean known;

	private @Nullable String cited;

	private @Nullable String found;

	ChatDecoder(OpenAiProfile profile) {
		this.usageReader = new UsageReader(profile.outputCount());
		this.choice = new ChatChoice(this.usageReader);
		this.answer = new ChatAnswer(profile);
	}

	@Override
	public void decode(Frame frame, TokenSink sink) {
		if ("error".equals(frame.event())) {
			throw failure(frame.text());
		}
		super.decode(frame, sink);
	}

	@Override
	protected void endMark(TokenSink sink) {
		// a mark without any answer before it ends nothing
		if (this.answered) {
			finishAnswer(sink);
			reach(Phase.DONE);
		}
	}

	private void finishAnswer(TokenSink sink) {
		this.answer.finish(FinishReasons.isCut(this.rawReason), sink);
	}

	@Override
	public void end(TokenSink sink) {
		if (phase() != Phase.STREAMING) {
			finishAnswer(sink);
		}
	}

	@Override
	protected void decodeDocument(JsonReader json, @Nullable String event, TokenSink sink) {
		JsonKind kind = json.peek();
		if (kind == JsonKind.ARRAY) {
			json.enterArray();
			while (json.nextElement()) {
				byte[] element = json.raw().getBytes(StandardCharsets.UTF_8);
				JsonReader single = new JsonReader();
				single.reset(element, 0, element.length);
				if (single.hasDocument()) {
					object(single, event, sink);
				}
			}
		}
		else {
			object(json, event, sink);
		}
	}

	private void object(JsonReader json, @Nullable String event, TokenSink sink) {
		this.choices = 0;
		this.hasChoices = false;
		this.hasError = false;
		this.choiceError = null;
		this.hasUsage = false;
		this.known = false;
		this.cited = null;
		this.found = null;
		if (!json.enterObject()) {
			return;
		}
		for (String name = json.nextName(); name != null; name = json.nextName()) {
			switch (name) {
				case "choices" -> choices(json, sink);
				case "usage" -> usageOrNull(this.usageReader.read(json));
				case "x_groq" -> groq(json);
				case "error" -> this.hasError |= StrayDocuments.says(json);
				case "id" -> id(json);
				case "model" -> model(json.word());
				case "citations" -> this.cited = arrayOrNull(json);
				case "search_results" -> this.found = arrayOrNull(json);
				case "moderation", "prompt_filter_results" -> other(name, json, sink);
				default -> json.skip();
			}
		}
		if (this.hasError) {
			throw failure((this.choiceError != null) ? "{\"error\":" + this.choiceError + "}" : json.document());
		}
		sources(sink);
		if (this.choices == 0 && !this.hasUsage && !this.known) {
			unknown(json.document(), event, sink);
		}
		if (this.rawReason != null) {
			// not before the end of the document: an error may stand beside the reason
			finishing(sink);
		}
	}

	/**
	 * Where the first piece has a reason to stop, all may have one: gateways write it
	 * into every chunk, or into one before the first that says something.
	 */
	private void finishing(TokenSink sink) {
		boolean last = this.unfinishedChunkSeen || !this.streamed || !"stop".equals(this.rawReason);
		if (last) {
			finishAnswer(sink);
		}
		reach((this.hasUsage && last) ? Phase.SETTLED : Phase.FINISHING);
		if (!last && (this.goesOn || !this.spoke && !this.hasUsage)) {
			goOn();
		}
	}

	private void choices(JsonReader json, TokenSink sink) {
		if (!json.enterArray()) {
			return;
		}
		this.hasChoices = true;
		while (json.nextElement()) {
			this.choices++;
			if (this.choice.read(json, this.streamed)) {
				choice(this.choice, sink);
			}
		}
	}

	private void choice(ChatChoice choice, TokenSink sink) {
		usageOrNull(choice.usage());
		if (choice.index() != 0) {
			return;
		}
		this.answered = true;
		this.streamed |= choice.hasDelta();
		if (choice.error() != null) {
			this.hasError = true;
			this.choiceError = choice.error();
		}
		ChatDelta said = choice.said();
		if (said != null) {
			if (!said.isEmpty()) {
				this.spoke = true;
				this.goesOn |= this.rawReason != null;
			}
			this.answer.accept(said, sink);
		}
		if (choice.logprobs() != null) {
			sink.next(new Token.Other("logprobs", choice.logprobs()));
		}
		if (choice.finishReason() != null) {
			this.rawReason = choice.finishReason();
		}
		else if (this.rawReason == null) {
			this.unfinishedChunkSeen = true;
		}
	}

	private void usageOrNull(@Nullable Usage usage) {
		if (usage != null) {
			this.hasUsage = true;
			usage(usage);
		}
	}

	@Override
	protected boolean saidOnePiece() {
		if (this.choices != 1 || this.hasUsage || this.known || this.cited != null || this.found != null
				|| this.rawReason != null) {
			return false;
		}
		ChatDelta said = this.choice.said();
		return this.choice.hasDelta() && this.choice.index() == 0 && this.choice.logprobs() == null && said != null
				&& said.isOnePiece();
	}

	@Override
	protected void sayAgain(String text, TokenSink sink) {
		ChatDelta said = this.choice.said();
		if (said == null || !said.content().isEmpty()) {
			this.answer.text(text, sink);
			return;
		}
		said.reasoned(text);
		this.answer.accept(said, sink);
	}

	private void groq(JsonReader json) {
		if (!json.enterObject()) {
			return;
		}
		for (String name = json.nextName(); name != null; name = json.nextName()) {
			switch (name) {
				case "usage" -> usageOrNull(this.usageReader.read(json));
				case "error" -> this.hasError |= StrayDocuments.says(json);
				default -> json.skip();
			}
		}
	}

	private void id(JsonReader json) {
		if (responseId() == null) {
			responseId(json.string());
		}
	}

	private static @Nullable String arrayOrNull(JsonReader json) {
		return (json.peek() == JsonKind.ARRAY) ? json.raw() : null;
	}

	private void sources(TokenSink sink) {
		// search results say more about the same sources than a list of addresses
		String raw = (this.found != null) ? this.found : this.cited;
		if (raw != null) {
			this.answer.sources(raw, sink);
		}
	}

	private void other(String name, JsonReader json, TokenSink sink) {
		JsonKind kind = json.peek();
		if (kind == JsonKind.OBJECT || kind == JsonKind.ARRAY) {
			this.known = true;
			sink.next(new Token.Other(name, json.raw()));
		}
	}

	private void unknown(String raw, @Nullable String event, TokenSink sink) {
		switch (StrayDocuments.classify(raw, event)) {
			case ERROR -> throw failure(raw);
			case OTHER -> {
				if (!this.hasChoices) {
					sink.next(new Token.Other(StrayDocuments.name(raw, event), raw));
				}
			}
			default -> {
				// a sign of life
			}
		}
	}

	private static ProviderErrorException failure(String raw) {
		return new ProviderErrorException(ErrorBodies.readInStream(raw));
	}

	@Override
	public Token.Finish finish() {
		if (phase() == Phase.STREAMING) {
			throw new IllegalStateException("The answer is not complete");
		}
		return new Token.Finish(FinishReasons.of(this.rawReason, this.answer.hasToolCalls()), this.rawReason, usage(),
				responseId(), model());
	}

}
