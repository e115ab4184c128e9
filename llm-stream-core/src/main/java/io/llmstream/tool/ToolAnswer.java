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

package io.llmstream.tool;

import io.llmstream.Part;
import io.llmstream.Token;
import org.jspecify.annotations.Nullable;

/**
 * What became of a call.
 *
 * @param call the call
 * @param content what the model is told
 * @param failed whether the model is told that the tool failed
 * @param error what went wrong, or {@code null} if nothing did; a call that was not
 * approved is failed, but no error
 */
record ToolAnswer(Token.ToolCall call, String content, boolean failed, @Nullable Throwable error) {

	static ToolAnswer of(Token.ToolCall call, String content) {
		return new ToolAnswer(call, content, false, null);
	}

	static ToolAnswer denied(Token.ToolCall call, @Nullable String reason) {
		return new ToolAnswer(call, (reason != null) ? reason : "The call was not approved.", true, null);
	}

	static ToolAnswer failed(Token.ToolCall call, String message, Throwable error) {
		return new ToolAnswer(call, message, true, error);
	}

	Token toToken() {
		return new Token.ToolResult(this.call.id(), this.call.name(), this.content, this.failed);
	}

	Part toPart() {
		return new Part.ToolResult(this.call.id(), this.call.name(), this.content, this.failed, null);
	}

}
