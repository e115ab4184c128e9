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

package io.llmstream.benchmarks.peers;

import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import reactor.core.publisher.Flux;

/**
 * What all uses of Spring AI have in common.
 */
final class SpringAi {

	private final OpenAiChatModel model;

	SpringAi(String provider) {
		OpenAiChatOptions options = OpenAiChatOptions.builder()
			.baseUrl(provider + "/v1")
			.apiKey("none")
			.model("mock-1")
			.build();
		this.model = OpenAiChatModel.builder().options(options).build();
	}

	Flux<String> stream(String prompt) {
		return this.model.stream(new Prompt(prompt)).mapNotNull(SpringAi::text).filter((text) -> !text.isEmpty());
	}

	private static String text(ChatResponse response) {
		return (response.getResult() != null) ? response.getResult().getOutput().getText() : null;
	}

}
