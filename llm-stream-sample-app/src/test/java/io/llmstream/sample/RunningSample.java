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

package io.llmstream.sample;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The sample on a free port, and a client that knows nothing of the library.
 */
final class RunningSample implements AutoCloseable {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final ConfigurableApplicationContext context;

	private RunningSample(ConfigurableApplicationContext context) {
		this.context = context;
	}

	static RunningSample on(String stack, String... arguments) {
		return run(stack, new SpringApplication(SampleApplication.class), arguments);
	}

	static RunningSample withSmallSendBuffers(String stack, String... arguments) {
		return run(stack, new SpringApplication(SampleApplication.class, SmallSendBuffers.class), arguments);
	}

	private static RunningSample run(String stack, SpringApplication application, String... arguments) {
		List<String> all = new ArrayList<>(Arrays.asList(arguments));
		all.add("--spring.main.web-application-type=" + stack);
		all.add("--server.port=0");
		all.add("--server.address=127.0.0.1");
		all.add("--spring.main.banner-mode=off");
		return new RunningSample(application.run(all.toArray(String[]::new)));
	}

	WebServer server() {
		return ((WebServerApplicationContext) this.context).getWebServer();
	}

	SimulatedTraffic.Figures traffic() {
		return this.context.getBean(SimulatedTraffic.class).figures();
	}

	HttpResponse<String> get(String path) throws IOException, InterruptedException {
		return this.client.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
	}

	HttpResponse<Stream<String>> chat(String provider, String... said) throws IOException, InterruptedException {
		return post(question(provider, said).toString());
	}

	HttpResponse<Stream<String>> chatWithThought(String provider, String said)
			throws IOException, InterruptedException {
		return post(question(provider, said).put("think", true).toString());
	}

	HttpResponse<Stream<String>> post(String body) throws IOException, InterruptedException {
		return post("/api/chat", body);
	}

	HttpResponse<Stream<String>> startRun(String provider, String said) throws IOException, InterruptedException {
		return post("/api/runs", question(provider, said).toString());
	}

	HttpResponse<Stream<String>> watchRun(String id) throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(uri("/api/runs/" + id))
			.header("Accept", "text/event-stream")
			.build();
		return this.client.send(request, HttpResponse.BodyHandlers.ofLines());
	}

	HttpResponse<Stream<String>> stopRun(String id) throws IOException, InterruptedException {
		return post("/api/runs/" + id + "/stop", "");
	}

	HttpResponse<Stream<String>> startRecipe(String provider, String dish) throws IOException, InterruptedException {
		return post("/api/recipes", JSON.createObjectNode().put("provider", provider).put("dish", dish).toString());
	}

	HttpResponse<Stream<String>> post(String path, String body) throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(uri(path))
			.header("Content-Type", "application/json")
			.header("Accept", "text/event-stream")
			.POST(HttpRequest.BodyPublishers.ofString(body))
			.build();
		return this.client.send(request, HttpResponse.BodyHandlers.ofLines());
	}

	private static ObjectNode question(String provider, String... said) {
		ObjectNode question = JSON.createObjectNode().put("provider", provider);
		ArrayNode messages = question.putArray("messages");
		for (int i = 0; i < said.length; i++) {
			messages.addObject().put("role", (i % 2 == 0) ? "user" : "assistant").put("text", said[i]);
		}
		return question;
	}

	private URI uri(String path) {
		return URI.create("http://127.0.0.1:" + server().getPort() + path);
	}

	@Override
	public void close() {
		this.context.close();
	}

}
