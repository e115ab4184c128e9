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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.llmstream.FinishReason;
import io.llmstream.Token;
import io.llmstream.Usage;
import io.llmstream.relay.RelaySettings;
import io.llmstream.relay.Run;
import io.llmstream.relay.RunLog;
import io.llmstream.relay.RunLogs;
import io.llmstream.relay.RunSettings;
import io.llmstream.relay.RunState;
import io.llmstream.relay.Runs;
import io.llmstream.relay.endpoint.RunStarter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

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
 * Tests of what a graceful shutdown does to streams.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
public abstract class AbstractRelayShutdownTests {

	private static final String RUNS = "/llm-stream/runs";

	private final HttpClient browser = HttpClient.newHttpClient();

	private final WebApplicationType type;

	private @Nullable ConfigurableApplicationContext context;

	protected AbstractRelayShutdownTests(WebApplicationType type) {
		this.type = type;
	}

	private Said start(Class<?> application, String... properties) {
		this.context = new SpringApplicationBuilder(application).web(this.type)
			.properties("server.port=0", "server.address=127.0.0.1", "spring.main.banner-mode=off",
					"llm-stream.relay.endpoints.enabled=true", "llm-stream.providers.test.api-key=sesame",
					"llm-stream.providers.test.base-url=http://127.0.0.1:9", "llm-stream.providers.test.model=m")
			.properties(properties)
			.run();
		return this.context.getBean(Said.class);
	}

	private ConfigurableApplicationContext context() {
		assertThat(this.context).isNotNull();
		return this.context;
	}

	@AfterEach
	void stop() {
		if (this.context != null) {
			this.context.close();
		}
	}

	private CompletableFuture<Void> close() {
		return CompletableFuture.runAsync(context()::close);
	}

	private HttpResponse<InputStream> open(String path) throws IOException, InterruptedException {
		String port = context().getEnvironment().getRequiredProperty("local.server.port");
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
		if (path.equals(RUNS)) {
			request.header("Content-Type", "application/json")
				.POST(HttpRequest.BodyPublishers.ofString("{\"prompt\":\"Hi\"}"));
		}
		return this.browser.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
	}

	private static String until(InputStream body, String text) throws IOException {
		StringBuilder read = new StringBuilder();
		while (read.indexOf(text) < 0) {
			int b = body.read();
			assertThat(b).as("after %s", read).isNotNegative();
			read.append((char) b);
		}
		return read.toString();
	}

	private static String rest(InputStream body) throws IOException {
		return new String(body.readAllBytes(), StandardCharsets.UTF_8);
	}

	@Test
	void shutdownTakesMillisecondsWhenNothingIsRunning() throws Exception {
		Said said = start(Application.class, "llm-stream.relay.shutdown-timeout=30s");
		said.finish();
		try (InputStream body = open(RUNS).body()) {
			assertThat(rest(body)).contains("event: done");
		}
		RelayShutdown shutdown = context().getBean(RelayShutdown.class);
		CountDownLatch stopped = new CountDownLatch(1);
		long begin = System.nanoTime();
		shutdown.stop(stopped::countDown);
		assertThat(stopped.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMillis(100));
		begin = System.nanoTime();
		context().close();
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
	}

	@Test
	void streamsMayEndAndNewOnesAreRefusedMeanwhile() throws Exception {
		Said said = start(Application.class, "llm-stream.relay.shutdown-timeout=30s");
		try (InputStream run = open(RUNS).body(); InputStream stream = open("/tokens").body()) {
			until(run, "event: start");
			until(stream, "event: start");
			Runs runs = context().getBean(Runs.class);
			CompletableFuture<Void> closed = close();
			while (!runs.isDraining()) {
				Thread.onSpinWait();
			}
			for (String path : new String[] { RUNS, "/tokens" }) {
				HttpResponse<InputStream> refused = open(path);
				assertThat(refused.statusCode()).isEqualTo(503);
				assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
				assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json");
				refused.body().close();
			}
			assertThat(closed).isNotDone();
			said.finish();
			assertThat(rest(run)).contains("event: done");
			assertThat(rest(stream)).contains("event: done");
			closed.get(20, TimeUnit.SECONDS);
		}
	}

	@Test
	void streamsThatGoOnForTooLongEndWithAnEvent() throws Exception {
		start(Application.class, "llm-stream.relay.shutdown-timeout=200ms");
		try (InputStream run = open(RUNS).body(); InputStream stream = open("/tokens").body()) {
			until(run, "event: start");
			until(stream, "event: start");
			CompletableFuture<Void> closed = close();
			for (InputStream body : new InputStream[] { run, stream }) {
				assertThat(rest(body)).contains("event: run-error")
					.contains("\"code\":\"shutdown\"")
					.contains("\"retryable\":true");
			}
			closed.get(20, TimeUnit.SECONDS);
		}
	}

	@Test
	void runThatNeedsNoBrowserMayEndToo() throws Exception {
		Said said = start(Application.class, "llm-stream.relay.shutdown-timeout=30s",
				"llm-stream.relay.endpoints.on-disconnect=continue");
		HttpResponse<InputStream> response = open(RUNS);
		until(response.body(), "event: start");
		response.body().close();
		Runs runs = context().getBean(Runs.class);
		String id = response.headers().firstValue("X-Run-Id").orElseThrow();
		CompletableFuture<Void> closed = close();
		while (!runs.isDraining()) {
			Thread.onSpinWait();
		}
		assertThat(runs.get(id, null).state()).isEqualTo(RunState.RUNNING);
		Run run = runs.get(id, null);
		assertThat(closed).isNotDone();
		said.finish();
		closed.get(20, TimeUnit.SECONDS);
		assertThat(run.state()).isEqualTo(RunState.DONE);
	}

	@Test
	void browserOfARunThatOthersShareIsToldToComeBackSoonAndTheRunGoesOn() throws Exception {
		Said said = start(SharedApplication.class, "llm-stream.relay.shutdown-timeout=30s");
		HttpResponse<InputStream> response = open(RUNS);
		try (InputStream run = response.body(); InputStream stream = open("/tokens").body()) {
			until(run, "event: start");
			until(stream, "event: start");
			Runs runs = context().getBean(Runs.class);
			Run shared = runs.get(response.headers().firstValue("X-Run-Id").orElseThrow(), null);
			CompletableFuture<Void> closed = close();
			assertThat(rest(run)).endsWith("retry: 250\n: restart\n\n");
			assertThat(shared.state()).isEqualTo(RunState.RUNNING);
			assertThat(open(RUNS + "/" + shared.id()).statusCode()).isEqualTo(503);
			said.finish();
			assertThat(rest(stream)).contains("event: done");
			closed.get(20, TimeUnit.SECONDS);
			assertThat(shared.state()).isEqualTo(RunState.DONE);
		}
	}

	@Test
	void pauseCutsNoStreamAndRefusesNoneAfterTheRestart() throws Exception {
		Said said = start(Application.class, "llm-stream.relay.shutdown-timeout=200ms");
		try (InputStream run = open(RUNS).body(); InputStream stream = open("/tokens").body()) {
			until(run, "event: start");
			until(stream, "event: start");
			context().pause();
			context().restart();
			said.finish();
			assertThat(rest(run)).contains("event: done");
			assertThat(rest(stream)).contains("event: done");
		}
		assertThatAnswersAreGiven();
	}

	@Test
	void contextThatIsStartedAgainRelaysAgain() throws Exception {
		Said said = start(Application.class, "llm-stream.relay.shutdown-timeout=200ms");
		try (InputStream run = open(RUNS).body()) {
			until(run, "event: start");
			context().stop();
			assertThat(rest(run)).contains("\"code\":\"shutdown\"");
		}
		context().start();
		said.finish();
		assertThatAnswersAreGiven();
	}

	@Test
	void stopThatTookTooLongDoesNotCloseWhatWasStartedAgain() throws Exception {
		Said said = start(Application.class, "llm-stream.relay.shutdown-timeout=100ms");
		RelayShutdown shutdown = context().getBean(RelayShutdown.class);
		try (InputStream run = open(RUNS).body()) {
			until(run, "event: start");
			CountDownLatch stopped = new CountDownLatch(1);
			shutdown.stop(stopped::countDown);
			shutdown.start();
			assertThat(stopped.await(300, TimeUnit.MILLISECONDS)).isFalse();
			said.finish();
			assertThat(rest(run)).contains("event: done");
		}
		assertThatAnswersAreGiven();
	}

	private void assertThatAnswersAreGiven() throws IOException, InterruptedException {
		for (String path : new String[] { RUNS, "/tokens" }) {
			HttpResponse<InputStream> response = open(path);
			try (InputStream body = response.body()) {
				assertThat(response.statusCode()).isEqualTo(200);
				assertThat(rest(body)).contains("event: done");
			}
		}
	}

	/**
	 * What the model says, when it is told to.
	 */
	static final class Said {

		private final Sinks.Many<Token> tokens = Sinks.many().replay().all();

		void finish() {
			this.tokens.tryEmitNext(new Token.Finish(FinishReason.STOP, null, Usage.NONE, null, null));
			this.tokens.tryEmitComplete();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(TokensController.class)
	static class Application {

		@Bean
		Said said() {
			return new Said();
		}

		@Bean
		TestDialect testDialect() {
			return new TestDialect("test", null, true);
		}

		@Bean
		RunStarter runStarter(Said said) {
			return (request, principal) -> said.tokens.asFlux();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SharedApplication extends Application {

		@Bean
		RunLogs runLogs(RelaySettings settings, RunSettings runs) {
			RunLogs memory = RunLogs.inMemory(settings, runs);
			return new RunLogs() {

				@Override
				public RunLog create(String runId, @Nullable String owner) {
					return memory.create(runId, owner);
				}

				@Override
				public boolean shared() {
					return true;
				}

			};
		}

	}

	@RestController
	static class TokensController {

		private final Said said;

		TokensController(Said said) {
			this.said = said;
		}

		@GetMapping("/tokens")
		Flux<Token> tokens() {
			return this.said.tokens.asFlux();
		}

	}

}
