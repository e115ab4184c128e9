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

import java.util.Locale;

import io.llmstream.StreamRequest;
import io.llmstream.StreamingModel;
import io.llmstream.benchmarks.load.Workload;
import io.llmstream.benchmarks.provider.WireTemplate;
import io.llmstream.engine.BuiltInDialects;
import io.llmstream.engine.ProviderSettings;
import io.llmstream.engine.ProviderStreamingModel;
import io.llmstream.http.WebClientHttpExchange;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Ours without anything around the model: no retry, no filters.
 */
public final class OursBare implements Contestant {

	private @Nullable StreamingModel model;

	@Override
	public void start(String provider, WireTemplate wire) {
		HttpClient http = HttpClient
			.create(ConnectionProvider.builder("bare").maxConnections(10_000).pendingAcquireMaxCount(-1).build());
		ProviderSettings settings = ProviderSettings.builder("mock", BuiltInDialects.find(type(wire)))
			.baseUrl(baseUrl(provider, wire))
			.apiKey(() -> "none")
			.defaultModel("mock-1")
			.build();
		this.model = new ProviderStreamingModel(settings, new WebClientHttpExchange(
				WebClient.builder().clientConnector(new ReactorClientHttpConnector(http)).build()));
	}

	@Override
	public void ask(Workload workload, Answer answer) {
		if (this.model != null) {
			Ours.read(this.model.stream(StreamRequest.of(workload.prompt())), answer);
		}
	}

	static String type(WireTemplate wire) {
		return switch (wire) {
			case OPENAI -> "openai-compatible";
			case RESPONSES -> "openai-responses";
			default -> wire.name().toLowerCase(Locale.ROOT);
		};
	}

	static String baseUrl(String provider, WireTemplate wire) {
		return switch (wire) {
			case OPENAI, RESPONSES -> provider + "/v1";
			case GEMINI -> provider + "/v1beta";
			default -> provider;
		};
	}

}
