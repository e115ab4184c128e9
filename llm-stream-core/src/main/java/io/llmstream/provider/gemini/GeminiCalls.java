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

import java.util.function.IntFunction;

import io.llmstream.Token;
import io.llmstream.provider.TokenSink;
import org.jspecify.annotations.Nullable;

/**
 * Puts the tool calls of one answer together. A call comes whole; or as a name that is
 * followed by pieces of arguments until a piece says that it is the last, or a next call
 * begins, or the answer ends: the closing piece may be missing. A call that came with a
 * name and no arguments is kept open for one part, as its arguments may come in the next.
 */
final class GeminiCalls {

	private final IntFunction<String> ids;

	private int count;

	private @Nullable OpenCall open;

	/**
	 * Create an assembly.
	 * @param ids makes up the id of a call to which the server gave none
	 */
	GeminiCalls(IntFunction<String> ids) {
		this.ids = ids;
	}

	boolean isEmpty() {
		return this.count == 0;
	}

	/**
	 * Whether more pieces of a call are announced.
	 * @return whether a call is written right now
	 */
	boolean isStreaming() {
		return this.open != null && this.open.streaming;
	}

	void accept(GeminiPart.Call call, @Nullable String signature, TokenSink sink) {
		OpenCall current = this.open;
		if (!call.name.isEmpty()) {
			close(true, sink);
			current = begin(call, sink);
		}
		else if (current == null) {
			acceptStray(call, sink);
			return;
		}
		else {
			sink.progress();
			String fragment = current.add(call);
			if (!fragment.isEmpty()) {
				sink.next(new Token.ToolCallDelta(current.index, null, null, fragment));
			}
		}
		if (signature != null) {
			sink.next(GeminiReplay.ofCall(signature, current.id));
		}
		boolean mayHaveArgumentsToCome = !call.name.isEmpty() && !current.hasArguments();
		if (!call.willContinue && !mayHaveArgumentsToCome) {
			close(true, sink);
		}
	}

	private OpenCall begin(GeminiPart.Call call, TokenSink sink) {
		String id = (call.id.isEmpty()) ? this.ids.apply(this.count) : call.id;
		OpenCall opened = new OpenCall(this.count++, id, call.name, call.willContinue);
		this.open = opened;
		sink.next(new Token.ToolCallDelta(opened.index, opened.id, opened.name, opened.add(call)));
		return opened;
	}

	private void acceptStray(GeminiPart.Call call, TokenSink sink) {
		if (call.args != null) {
			sink.next(new Token.Other("functionCall", "{\"args\":" + call.args + "}"));
		}
		else {
			sink.progress();
		}
	}

	/**
	 * Say that content other than calls came: a call without arguments has none.
	 * @param sink receives the tokens
	 */
	void otherContent(TokenSink sink) {
		if (!isStreaming()) {
			close(true, sink);
		}
	}

	/**
	 * Close the call that is open, if any.
	 * @param complete whether the model is known to have written the whole call, even if
	 * its closing piece is missing
	 * @param sink receives the tokens
	 */
	void close(boolean complete, TokenSink sink) {
		OpenCall call = this.open;
		if (call == null) {
			return;
		}
		this.open = null;
		String tail = call.finish(complete || !call.streaming);
		if (!tail.isEmpty()) {
			sink.next(new Token.ToolCallDelta(call.index, null, null, tail));
		}
		sink.next(new Token.ToolCall(call.index, call.id, call.name, call.arguments()));
	}

	private static final class OpenCall {

		private final int index;

		private final String id;

		private final String name;

		private final boolean streaming;

		private @Nullable String args;

		private @Nullable PartialArguments partial;

		OpenCall(int index, String id, String name, boolean streaming) {
			this.index = index;
			this.id = id;
			this.name = name;
			this.streaming = streaming;
		}

		boolean hasArguments() {
			return this.args != null || this.partial != null;
		}

		String add(GeminiPart.Call call) {
			if (!call.pieces.isEmpty() && this.args == null) {
				return addPieces(call);
			}
			if (call.args != null && !hasArguments()) {
				this.args = call.args;
				return call.args;
			}
			return "";
		}

		private String addPieces(GeminiPart.Call call) {
			PartialArguments arguments = this.partial;
			if (arguments == null) {
				arguments = new PartialArguments();
				this.partial = arguments;
			}
			for (GeminiPart.Piece piece : call.pieces) {
				if (piece.text() != null) {
					arguments.string(piece.path(), piece.text(), piece.willContinue());
				}
				else if (piece.json() != null) {
					arguments.value(piece.path(), piece.json());
				}
			}
			return arguments.takeFragment();
		}

		String finish(boolean complete) {
			if (this.partial != null) {
				if (complete) {
					this.partial.close();
				}
				return this.partial.takeFragment();
			}
			if (this.args == null && complete) {
				this.args = "{}";
				return this.args;
			}
			return "";
		}

		String arguments() {
			if (this.partial != null) {
				return this.partial.json();
			}
			return (this.args != null) ? this.args : "";
		}

	}

}
