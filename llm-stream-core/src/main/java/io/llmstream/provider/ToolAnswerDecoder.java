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

import io.llmstream.FinishReason;
import io.llmstream.Token;
import io.llmstream.Usage;
import io.llmstream.wire.Frame;
import org.jspecify.annotations.Nullable;

/**
 * Turns the arguments of one tool into text: the answer of a model that was made to call
 * a tool because its server knows no other way to ask for a form.
 */
final class ToolAnswerDecoder implements TokenDecoder, TokenSink {

	private final TokenDecoder decoder;

	private final String tool;

	private @Nullable TokenSink sink;

	private int answer = -1;

	private boolean fragments;

	private boolean otherCalls;

	ToolAnswerDecoder(TokenDecoder decoder, String tool) {
		this.decoder = decoder;
		this.tool = tool;
	}

	@Override
	public void decode(Frame frame, TokenSink sink) {
		this.sink = sink;
		this.decoder.decode(frame, this);
	}

	@Override
	public void end(TokenSink sink) {
		this.sink = sink;
		this.decoder.end(this);
	}

	@Override
	public void next(Token token) {
		TokenSink target = target();
		if (token instanceof Token.ToolCallDelta delta && isAnswer(delta.index(), delta.name())) {
			this.fragments = true;
			if (delta.arguments().isEmpty()) {
				target.progress();
			}
			else {
				target.next(new Token.Text(delta.arguments()));
			}
		}
		else if (token instanceof Token.ToolCall call && isAnswer(call.index(), call.name())) {
			if (!this.fragments) {
				target.next(new Token.Text(call.arguments()));
			}
		}
		else {
			this.otherCalls |= token instanceof Token.ToolCall;
			target.next(token);
		}
	}

	// a second answer is a call like any other
	private boolean isAnswer(int index, @Nullable String name) {
		if (this.answer < 0 && this.tool.equals(name)) {
			this.answer = index;
		}
		return this.answer == index;
	}

	@Override
	public void progress() {
		target().progress();
	}

	@Override
	public void silentPhase(boolean silent) {
		target().silentPhase(silent);
	}

	private TokenSink target() {
		TokenSink target = this.sink;
		if (target == null) {
			throw new IllegalStateException("Nothing is being decoded");
		}
		return target;
	}

	@Override
	public Phase phase() {
		return this.decoder.phase();
	}

	@Override
	public Token.Finish finish() {
		Token.Finish finish = this.decoder.finish();
		if (finish.reason() != FinishReason.TOOL_CALLS || this.answer < 0 || this.otherCalls) {
			return finish;
		}
		return new Token.Finish(FinishReason.STOP, finish.rawReason(), finish.usage(), finish.responseId(),
				finish.model(), finish.attempts());
	}

	@Override
	public Usage usage() {
		return this.decoder.usage();
	}

	@Override
	public @Nullable String responseId() {
		return this.decoder.responseId();
	}

	@Override
	public @Nullable String model() {
		return this.decoder.model();
	}

}
