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
import io.llmstream.Usage;
import io.llmstream.wire.Frame;
import org.jspecify.annotations.Nullable;

/**
 * Turns the frames of one answer into tokens. For one answer and one thread at a time.
 */
public interface TokenDecoder {

	/**
	 * Decode a frame.
	 * @param frame the frame, valid during the call
	 * @param sink receives the tokens
	 * @throws ProviderErrorException if the frame is an error of the provider
	 * @throws io.llmstream.json.MalformedJsonException if the frame is not JSON
	 */
	void decode(Frame frame, TokenSink sink);

	/**
	 * Say that the input has ended. Emits what is still open if the answer is complete.
	 * If {@link #phase()} is still {@link Phase#STREAMING} after this call, the answer
	 * was truncated.
	 * @param sink receives the tokens
	 */
	void end(TokenSink sink);

	/**
	 * How far the answer is.
	 * @return the phase
	 */
	Phase phase();

	/**
	 * The last token of a complete answer.
	 * @return the token
	 * @throws IllegalStateException in phase {@link Phase#STREAMING}
	 */
	Token.Finish finish();

	/**
	 * What was used, as far as the provider has said so.
	 * @return the usage
	 */
	Usage usage();

	/**
	 * The provider's id of the answer.
	 * @return the id, or {@code null} if it is not known yet
	 */
	@Nullable String responseId();

	/**
	 * The model that answers.
	 * @return the model as the provider names it, or {@code null} if it is not known yet
	 */
	@Nullable String model();

	/**
	 * How far an answer is.
	 */
	enum Phase {

		/** The provider has not said that the answer is complete. */
		STREAMING,

		/**
		 * The answer went on after a finish reason, which this provider writes into every
		 * piece. What has come may be all, but only the end of the input can say so.
		 */
		OPEN_END,

		/**
		 * The provider has said that the answer is complete, but usage may follow.
		 */
		FINISHING,

		/**
		 * The answer is complete and usage is known; only an end mark, or an error, may
		 * follow.
		 */
		SETTLED,

		/** The provider's last event has been seen. */
		DONE

	}

}
