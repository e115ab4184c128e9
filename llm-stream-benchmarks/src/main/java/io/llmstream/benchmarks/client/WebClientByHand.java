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

package io.llmstream.benchmarks.client;

import java.util.Map;

import io.llmstream.benchmarks.load.Workload;
import io.llmstream.benchmarks.provider.WireTemplate;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.MediaType;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * {@link WebClient}, {@link ServerSentEvent} and Jackson, as an application would write
 * it that uses no library. Speaks OpenAI's wire only.
 */
public final class WebClientByHand implements Contestant {

	private static final ParameterizedTypeReference<ServerSentEvent<String>> EVENT = new ParameterizedTypeReference<>() {
	};

	private final JsonMapper mapper = JsonMapper.builder().build();

	private WebClient client = WebClient.create();

	@Override
	public void start(String provider, WireTemplate wire) {
		HttpClient http = HttpClient
			.create(ConnectionProvider.builder("hand").maxConnections(10_000).pendingAcquireMaxCount(-1).build());
		this.client = WebClient.builder()
			.clientConnector(new ReactorClientHttpConnector(http))
			.baseUrl(provider + wire.path())
			.build();
	}

	@Override
	public void ask(Workload workload, Answer answer) {
		this.client.post()
			.contentType(MediaType.APPLICATION_JSON)
			.bodyValue(Map.of("model", "mock-1", "stream", true, "prompt", workload.prompt()))
			.retrieve()
			.bodyToFlux(EVENT)
			.subscribe((event) -> take(event.data(), answer), answer::end, () -> answer.end(null));
	}

	private void take(@Nullable String data, Answer answer) {
		if (data != null && !data.equals("[DONE]")) {
			JsonNode text = this.mapper.readTree(data).path("choices").path(0).path("delta").path("content");
			if (text.isString() && !text.stringValue().isEmpty()) {
				answer.text(text.stringValue());
			}
		}
	}

}
