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

import io.llmstream.Token;

/**
 * Receives what a decoder makes of a frame.
 */
public interface TokenSink {

	/**
	 * Emit a token. {@link Token.Finish} is never emitted here: it is
	 * {@link TokenDecoder#finish()}.
	 * @param token the token
	 */
	void next(Token token);

	/**
	 * Report typed progress that makes no token: a block began or ended, a server-side
	 * tool works. Emitting a token reports progress too. Pings, comments and empty deltas
	 * are not progress.
	 */
	void progress();

	/**
	 * Report that the provider may now be silent for long, or that this is over: a tool
	 * block is open, or the model reasons unseen.
	 * @param silent whether a silent phase begins or ends
	 */
	void silentPhase(boolean silent);

}
