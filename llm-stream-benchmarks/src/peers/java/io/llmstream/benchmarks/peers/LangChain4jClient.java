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

import java.time.Duration;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import io.llmstream.benchmarks.client.Answer;
import io.llmstream.benchmarks.client.Contestant;
import io.llmstream.benchmarks.load.Workload;
import io.llmstream.benchmarks.provider.WireTemplate;

/**
 * LangChain4j with the HTTP client of the JDK, its default.
 */
public final class LangChain4jClient implements Contestant {

	private OpenAiStreamingChatModel model;

	@Override
	public void start(String provider, WireTemplate wire) {
		this.model = OpenAiStreamingChatModel.builder()
			.baseUrl(provider + "/v1")
			.apiKey("none")
			.modelName("mock-1")
			.timeout(Duration.ofMinutes(5))
			.build();
	}

	@Override
	public void ask(Workload workload, Answer answer) {
		this.model.chat(workload.prompt(), new StreamingChatResponseHandler() {

			@Override
			public void onPartialResponse(String text) {
				answer.text(text);
			}

			@Override
			public void onCompleteResponse(ChatResponse response) {
				answer.end(null);
			}

			@Override
			public void onError(Throwable failure) {
				answer.end(failure);
			}

		});
	}

}
