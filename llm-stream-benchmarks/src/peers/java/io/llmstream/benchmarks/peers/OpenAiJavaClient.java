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

import java.util.Optional;

import com.openai.client.OpenAIClientAsync;
import com.openai.client.okhttp.OpenAIOkHttpClientAsync;
import com.openai.core.http.AsyncStreamResponse;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import io.llmstream.benchmarks.client.Answer;
import io.llmstream.benchmarks.client.Contestant;
import io.llmstream.benchmarks.load.Workload;
import io.llmstream.benchmarks.provider.WireTemplate;

/**
 * OpenAI's own client, asynchronous, because a thread for each answer is no choice at
 * thousands of them.
 */
public final class OpenAiJavaClient implements Contestant {

	private OpenAIClientAsync client;

	@Override
	public void start(String provider, WireTemplate wire) {
		this.client = OpenAIOkHttpClientAsync.builder().baseUrl(provider + "/v1").apiKey("none").build();
	}

	@Override
	public void ask(Workload workload, Answer answer) {
		ChatCompletionCreateParams params = ChatCompletionCreateParams.builder()
			.model("mock-1")
			.addUserMessage(workload.prompt())
			.build();
		this.client.chat()
			.completions()
			.createStreaming(params)
			.subscribe(new AsyncStreamResponse.Handler<ChatCompletionChunk>() {

				@Override
				public void onNext(ChatCompletionChunk chunk) {
					chunk.choices()
						.forEach((choice) -> choice.delta()
							.content()
							.filter((text) -> !text.isEmpty())
							.ifPresent(answer::text));
				}

				@Override
				public void onComplete(Optional<Throwable> failure) {
					answer.end(failure.orElse(null));
				}

			});
	}

}
