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

package io.llmstream.relay.endpoint;

import java.security.Principal;

import io.llmstream.StreamRequest;
import io.llmstream.Token;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * Decides what answers a request to {@link RunEndpoint}: an application replaces it to
 * add instructions and tools, to choose a model, or to refuse.
 */
@FunctionalInterface
public interface RunStarter {

	/**
	 * Answer a request. Called on the request's thread, which may be an event loop; must
	 * not block.
	 * @param request what a browser asks: messages of the user and the assistant, none of
	 * the system
	 * @param principal who asks, or {@code null} if that is not known
	 * @return the tokens; may also throw what the web stack turns into a status
	 */
	Flux<Token> start(StreamRequest request, @Nullable Principal principal);

}
