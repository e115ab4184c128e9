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

import io.llmstream.Usage;
import io.llmstream.json.JsonKind;
import io.llmstream.json.JsonReader;
import io.llmstream.provider.StrayDocuments;
import org.jspecify.annotations.Nullable;

/**
 * One element of {@code choices}, as it was read. Reused for every chunk.
 */
final class ChatChoice {

	private final UsageReader usageReader;

	private final ChatDelta delta = new ChatDelta();

	private @Nullable ChatDelta message;

	private long index;

	private boolean hasDelta;

	private boolean hasMessage;

	private @Nullable String finishReason;

	private @Nullable Usage usage;

	private @Nullable String logprobs;

	private @Nullable String error;

	ChatChoice(UsageReader usageReader) {
		this.usageReader = usageReader;
	}

	/**
	 * Read a choice.
	 * @param json stands before the value
	 * @param streamed whether the answer is known to come in deltas; a whole message
	 * beside them only repeats them
	 * @return whether it is an object
	 */
	boolean read(JsonReader json, boolean streamed) {
		clear();
		if (!json.enterObject()) {
			return false;
		}
		for (String name = json.nextName(); name != null; name = json.nextName()) {
			switch (name) {
				case "index" -> this.index = json.longValue(0);
				case "delta" -> this.hasDelta = this.delta.read(json);
				case "finish_reason" -> finishReason(json.word());
				case "message" -> this.hasMessage = !streamed && message(json);
				case "usage" -> this.usage = this.usageReader.read(json);
				case "logprobs" -> logprobs(json);
				case "error" -> error(json.raw());
				default -> json.skip();
			}
		}
		return true;
	}

	private void clear() {
		this.delta.clear();
		if (this.message != null) {
			this.message.clear();
		}
		this.index = 0;
		this.hasDelta = false;
		this.hasMessage = false;
		this.finishReason = null;
		this.usage = null;
		this.logprobs = null;
		this.error = null;
	}

	private boolean message(JsonReader json) {
		if (this.message == null) {
			this.message = new ChatDelta();
		}
		return this.message.read(json);
	}

	private void finishReason(@Nullable String reason) {
		if (reason != null && !reason.isEmpty() && !reason.equals("null")) {
			this.finishReason = reason;
		}
	}

	private void error(String raw) {
		this.error = (StrayDocuments.says(raw)) ? raw : null;
	}

	private void logprobs(JsonReader json) {
		if (json.peek() == JsonKind.OBJECT) {
			this.logprobs = json.raw();
		}
	}

	long index() {
		return this.index;
	}

	boolean hasDelta() {
		return this.hasDelta;
	}

	/**
	 * What the choice says.
	 * @return the delta or else the message, or {@code null} if there is neither
	 */
	@Nullable ChatDelta said() {
		if (this.hasDelta) {
			return this.delta;
		}
		return (this.hasMessage) ? this.message : null;
	}

	@Nullable String finishReason() {
		return this.finishReason;
	}

	@Nullable Usage usage() {
		return this.usage;
	}

	/**
	 * The probabilities of tokens.
	 * @return the member as JSON, or {@code null} if it says nothing
	 */
	@Nullable String logprobs() {
		// some servers send an object of nulls with every chunk
		return (this.logprobs != null && this.logprobs.indexOf('[') >= 0) ? this.logprobs : null;
	}

	/**
	 * The error of this choice alone.
	 * @return the error as JSON, or {@code null}
	 */
	@Nullable String error() {
		return this.error;
	}

}
