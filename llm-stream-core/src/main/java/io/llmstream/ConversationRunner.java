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
 * A {@link ToolRunner} that also keeps the conversations to which
 * {@linkplain LlmStreamClient.PromptSpec#conversation(String) requests belong}.
 */
public interface ConversationRunner extends ToolRunner {

	/**
	 * Answer a request that belongs to a conversation: what was said before is put before
	 * its messages, and what is said now is kept.
	 * @param conversationId the conversation
	 * @param request the request
	 * @param model answers it, with the tools of the request
	 * @return the tokens, as {@link StreamingModel#stream(StreamRequest)} describes
	 */
	Flux<Token> converse(String conversationId, StreamRequest request, StreamingModel model);

}
