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

package io.llmstream;

import reactor.core.publisher.Flux;

/**
 * The heart of the library: something that answers a request with a stream of tokens.
 */
@FunctionalInterface
public interface StreamingModel {

	/**
	 * Answer a request.
	 * <p>
	 * The stream is cold: nothing happens before it is subscribed to, and subscriptions
	 * share nothing. It ends with a {@link Token.Finish} and completion, or with an
	 * {@link LlmStreamException}. Cancelling closes the connection to the provider, in
	 * any phase. Demand is honoured down to the socket. Tokens are emitted on a thread of
	 * the HTTP client, which must not be blocked.
	 * @param request what to answer
	 * @return the tokens of the answer
	 */
	Flux<Token> stream(StreamRequest request);

}
