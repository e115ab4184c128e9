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

package io.llmstream.benchmarks.micro;

import io.llmstream.Token;
import io.llmstream.benchmarks.provider.WireTemplate;
import io.llmstream.provider.TokenDecoder;
import io.llmstream.provider.TokenSink;

/**
 * The way of one answer from bytes to tokens.
 */
final class TokenWork implements TokenSink {

	private final FrameWork frames;

	private int texts;

	TokenWork(WireTemplate wire, int tokens) {
		this.frames = new FrameWork(wire, tokens);
	}

	/**
	 * Decode the answer.
	 * @return how many pieces of text it had
	 */
	int run() {
		this.texts = 0;
		TokenDecoder decoder = this.frames.dialect().newDecoder();
		this.frames.frames((frame) -> decoder.decode(frame, this));
		decoder.end(this);
		if (decoder.phase() == TokenDecoder.Phase.STREAMING) {
			throw new IllegalStateException("The answer is not complete");
		}
		return this.texts;
	}

	@Override
	public void next(Token token) {
		if (token instanceof Token.Text) {
			this.texts++;
		}
	}

	@Override
	public void progress() {
	}

	@Override
	public void silentPhase(boolean silent) {
	}

}
