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

package io.llmstream.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.llmstream.Completion;
import io.llmstream.LlmStreamClient;
import io.llmstream.Token;
import io.llmstream.provider.ProviderDialect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of a whole application on a random port, between a provider and a browser.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
public abstract class AbstractRelayApplicationTests {

	private final HttpClient browser = HttpClient.newHttpClient();

	private final WebApplicationType type;

	protected AbstractRelayApplicationTests(WebApplicationType type) {
		this.type = type;
	}

	protected ConfigurableApplicationContext start(TestProvider provider, String... properties) {
		return new SpringApplicationBuilder(Application.class).web(this.type)
			.properties("server.port=0", "server.address=127.0.0.1", "spring.main.banner-mode=off",
					"llm-stream.providers.test.base-url=" + provider.baseUrl(),
					"llm-stream.providers.test.api-key=sesame", "llm-stream.providers.test.model=m",
					"llm-stream.providers.test.retry.max-retries=0")
			.properties(properties)
			.run();
	}

	@Test
	void aControllerReturnsTokensAndTheBrowserSeesEvents() throws Exception {
		try (TestProvider provider = TestProvider.answering("Hello", " world");
				ConfigurableApplicationContext context = start(provider)) {
			HttpResponse<String> response = get(context, "/stream", HttpResponse.BodyHandlers.ofString());
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(response.headers().firstValue("content-type"))
				.hasValueSatisfying((value) -> assertThat(value).startsWith("text/event-stream"));
			assertThat(response.body()).contains("event: delta")
				.contains("Hello")
				.contains(" world")
				.contains("event: done");
		}
	}

	@Test
	void theModuleForBrowsersIsServedWithItsTypes() throws Exception {
		try (TestProvider provider = TestProvider.answering("Hello");
				ConfigurableApplicationContext context = start(provider)) {
			HttpResponse<String> module = get(context, "/llm-stream/llm-stream.js",
					HttpResponse.BodyHandlers.ofString());
			assertThat(module.statusCode()).isEqualTo(200);
			assertThat(module.headers().firstValue("content-type"))
				.hasValueSatisfying((value) -> assertThat(value).startsWith("text/javascript"));
			assertThat(module.body()).contains("export function openRun(");
			assertThat(get(context, "/llm-stream/llm-stream.d.ts", HttpResponse.BodyHandlers.ofString()).statusCode())
				.isEqualTo(200);
		}
	}

	@Test
	void theFirstTokenArrivesBeforeTheAnswerEnds() throws Exception {
		try (TestProvider provider = TestProvider.stalling("Hello");
				ConfigurableApplicationContext context = start(provider, "server.shutdown=immediate")) {
			HttpResponse<InputStream> response = get(context, "/stream", HttpResponse.BodyHandlers.ofInputStream());
			try (InputStream body = response.body()) {
				assertThat(readUntil(body, "Hello")).contains("event: delta");
			}
		}
	}

	@Test
	void aFailureIsAnEventWithoutSecrets() throws Exception {
		try (TestProvider provider = TestProvider.refusing(401);
				ConfigurableApplicationContext context = start(provider)) {
			String body = get(context, "/stream", HttpResponse.BodyHandlers.ofString()).body();
			assertThat(body).contains("event: run-error").doesNotContain("sesame").doesNotContain("event: done");
		}
	}

	@Test
	void aWholeAnswerNeedsNoStream() throws Exception {
		try (TestProvider provider = TestProvider.answering("Hello", " world");
				ConfigurableApplicationContext context = start(provider)) {
			assertThat(get(context, "/mono", HttpResponse.BodyHandlers.ofString()).body()).isEqualTo("Hello world");
			assertThat(get(context, "/blocking", HttpResponse.BodyHandlers.ofString()).body()).isEqualTo("Hello world");
		}
	}

	@Test
	void aShutdownEndsOpenStreamsWithAnEvent() throws Exception {
		try (TestProvider provider = TestProvider.stalling("Hello")) {
			ConfigurableApplicationContext context = start(provider, "llm-stream.relay.shutdown-timeout=0s");
			try (InputStream body = get(context, "/stream", HttpResponse.BodyHandlers.ofInputStream()).body()) {
				readUntil(body, "Hello");
				long started = System.nanoTime();
				CompletableFuture<Void> closed = CompletableFuture.runAsync(context::close);
				assertThat(readUntil(body, "run-error")).contains("event: run-error");
				closed.get(20, TimeUnit.SECONDS);
				assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(10));
			}
			finally {
				context.close();
			}
		}
	}

	protected <T> HttpResponse<T> get(ConfigurableApplicationContext context, String path,
			HttpResponse.BodyHandler<T> handler) throws IOException, InterruptedException {
		String port = context.getEnvironment().getRequiredProperty("local.server.port");
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
			.timeout(Duration.ofSeconds(20))
			.build();
		return this.browser.send(request, handler);
	}

	private static String readUntil(InputStream body, String text) throws IOException {
		StringBuilder read = new StringBuilder();
		byte[] buffer = new byte[1024];
		while (read.indexOf(text) < 0) {
			int count = body.read(buffer);
			assertThat(count).as("read so far: %s", read).isPositive();
			read.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
		}
		return read.toString();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(ChatController.class)
	static class Application {

		@Bean
		ProviderDialect testDialect() {
			return new TestDialect("test", null, true);
		}

	}

	@RestController
	static class ChatController {

		private final LlmStreamClient client;

		ChatController(LlmStreamClient client) {
			this.client = client;
		}

		@GetMapping("/stream")
		Flux<Token> stream() {
			return this.client.prompt("Hi").stream();
		}

		@GetMapping("/mono")
		Mono<String> mono() {
			return this.client.prompt("Hi").completion().map(Completion::text);
		}

		@GetMapping("/blocking")
		Mono<String> blocking() {
			return Mono.fromCallable(() -> this.client.prompt("Hi").call().text())
				.subscribeOn(Schedulers.boundedElastic());
		}

	}

}
