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

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.llmstream.Token;
import io.llmstream.provider.ProviderDialect;
import io.llmstream.relay.Run;
import io.llmstream.relay.RunRefusedException;
import io.llmstream.relay.RunState;
import io.llmstream.relay.Runs;
import io.llmstream.relay.endpoint.RunStarter;
import org.jspecify.annotations.Nullable;
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
import static org.awaitility.Awaitility.await;

/**
 * Tests of the ready-made endpoints of runs.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
public abstract class AbstractRunEndpointTests {

	protected static final String PATH = "/llm-stream/runs";

	protected static final String ENABLED = "llm-stream.relay.endpoints.enabled=true";

	protected static final String PROMPT = "{\"prompt\":\"Hi\"}";

	private final HttpClient browser = HttpClient.newHttpClient();

	private final WebApplicationType type;

	protected AbstractRunEndpointTests(WebApplicationType type) {
		this.type = type;
	}

	/**
	 * What an application of these tests has beyond its kind.
	 * @return properties
	 */
	protected String[] more() {
		return new String[0];
	}

	protected final ConfigurableApplicationContext start(Class<?> application, String... properties) {
		return new SpringApplicationBuilder(application).web(this.type)
			.properties(more())
			.properties("server.port=0", "server.address=127.0.0.1", "spring.main.banner-mode=off",
					"server.shutdown=immediate", "llm-stream.providers.test.api-key=sesame",
					"llm-stream.providers.test.base-url=http://127.0.0.1:9", "llm-stream.providers.test.model=m")
			.properties(properties)
			.run();
	}

	protected static HttpRequest.Builder request(ConfigurableApplicationContext context, String path) {
		String port = context.getEnvironment().getRequiredProperty("local.server.port");
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(Duration.ofSeconds(20));
	}

	protected static HttpRequest post(ConfigurableApplicationContext context, String path, String body) {
		return request(context, path).header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString(body))
			.build();
	}

	protected HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
		return this.browser.send(request, HttpResponse.BodyHandlers.ofString());
	}

	private static String id(HttpResponse<?> response) {
		return response.headers().firstValue("X-Run-Id").orElseThrow();
	}

	protected static void assertProblem(HttpResponse<String> response, int status) {
		assertThat(response.statusCode()).isEqualTo(status);
		assertThat(response.headers().firstValue("Content-Type"))
			.hasValueSatisfying((type) -> assertThat(type).startsWith("application/problem+json"));
		assertThat(response.body()).contains("\"status\":" + status).contains("\"detail\":\"");
	}

	@Test
	void thereAreNoneUnlessTheyAreAskedFor() throws Exception {
		try (ConfigurableApplicationContext context = start(Application.class)) {
			assertThat(send(post(context, PATH, PROMPT)).statusCode()).isEqualTo(404);
		}
	}

	@Test
	void theDefaultClientAnswersAndTheAnswerCanBeReadAgain() throws Exception {
		try (TestProvider provider = TestProvider.answering("Hello", " world");
				ConfigurableApplicationContext context = start(Application.class, ENABLED,
						"llm-stream.relay.endpoints.path=/chat/runs",
						"llm-stream.providers.test.base-url=" + provider.baseUrl())) {
			HttpResponse<String> first = send(post(context, "/chat/runs", PROMPT));
			assertThat(first.statusCode()).isEqualTo(200);
			assertThat(first.headers().firstValue("Content-Type"))
				.hasValueSatisfying((type) -> assertThat(type).startsWith("text/event-stream"));
			assertThat(first.body()).contains("\"runId\":\"" + id(first) + "\"").contains("event: done");
			HttpRequest.Builder again = request(context, "/chat/runs/" + id(first));
			HttpResponse<String> replay = send(again.build());
			assertThat(replay.body()).contains("Hello").contains(" world").contains("event: done");
			HttpResponse<String> rest = send(again.header("Last-Event-ID", "2").build());
			assertThat(rest.body()).doesNotContain("event: start").contains("event: done");
			String last = replay.body().substring(replay.body().lastIndexOf("id: ") + 4).split("\n")[0];
			HttpResponse<String> nothing = send(request(context, "/chat/runs/" + id(first) + "?after=" + last).build());
			assertThat(nothing.statusCode()).isEqualTo(204);
		}
	}

	@Test
	void aRunIsStoppedOnceAndAskingAgainIsNoProblem() throws Exception {
		try (ConfigurableApplicationContext context = start(StartingApplication.class, ENABLED)) {
			HttpResponse<InputStream> stream = this.browser.send(post(context, PATH, PROMPT),
					HttpResponse.BodyHandlers.ofInputStream());
			try (InputStream body = stream.body()) {
				String stop = PATH + "/" + id(stream) + "/stop";
				assertThat(send(post(context, stop, "")).body()).isEqualTo("{\"stopped\":true}");
				assertThat(new String(body.readAllBytes(), StandardCharsets.UTF_8)).contains("event: aborted");
				assertThat(send(post(context, stop, "")).body()).isEqualTo("{\"stopped\":false}");
			}
		}
	}

	@Test
	void theStarterGetsTheConversation() throws Exception {
		try (ConfigurableApplicationContext context = start(StartingApplication.class, ENABLED)) {
			String body = "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},"
					+ "{\"role\":\"assistant\",\"content\":\"b\"},{\"role\":\"user\",\"content\":\"end\"}]}";
			assertThat(send(post(context, PATH, body)).body()).contains("user a|assistant b|user end")
				.contains("event: done");
		}
	}

	@Test
	void aWrongBodyIsABadRequestThatRepeatsNothingOfIt() throws Exception {
		List<String> bodies = List.of("", "secret", "[]", "{}", "{\"prompt\":1}", "{\"prompt\":\" \"}",
				"{\"prompt\":\"secret\"", "{\"prompt\":\"secret\"} {}", "{\"messages\":[]}",
				"{\"messages\":[\"secret\"]}", "{\"prompt\":\"a\",\"messages\":[]}",
				"{\"messages\":[{\"role\":\"user\"}]}",
				"{\"messages\":[{\"role\":\"system\",\"content\":\"secret\"}]}");
		try (ConfigurableApplicationContext context = start(StartingApplication.class, ENABLED)) {
			for (String body : bodies) {
				HttpResponse<String> response = send(post(context, PATH, body));
				assertProblem(response, 400);
				assertThat(response.body()).as(body).doesNotContain("secret");
			}
		}
	}

	@Test
	void aRequestThatCannotBeAnsweredIsAProblem() throws Exception {
		List<Wrong> requests = List.of(new Wrong("GET", "", 405, "POST, OPTIONS"),
				new Wrong("PUT", "", 405, "POST, OPTIONS"), new Wrong("DELETE", "/x", 405, "GET, OPTIONS"),
				new Wrong("POST", "/x", 405, "GET, OPTIONS"), new Wrong("GET", "/x/stop", 405, "POST, OPTIONS"),
				new Wrong("GET", "/x", 404, null), new Wrong("POST", "/x/stop", 404, null),
				new Wrong("POST", "", 415, null));
		try (ConfigurableApplicationContext context = start(StartingApplication.class, ENABLED)) {
			for (Wrong wrong : requests) {
				HttpResponse<String> response = send(request(context, PATH + wrong.path())
					.method(wrong.method(), HttpRequest.BodyPublishers.ofString("a"))
					.header("Content-Type", "text/plain")
					.header("Accept", "text/event-stream, application/json")
					.build());
				assertProblem(response, wrong.status());
				assertThat(response.headers().firstValue("Allow").orElse(null)).isEqualTo(wrong.allow());
			}
		}
	}

	@Test
	void anEventSourceAsksNoMoreForARunThatIsNotThere() throws Exception {
		try (ConfigurableApplicationContext context = start(StartingApplication.class, ENABLED)) {
			assertThat(send(request(context, PATH + "/x").header("Accept", "text/event-stream").build()).statusCode())
				.isEqualTo(204);
		}
	}

	@Test
	void aBodyThatIsTooLargeIsAProblemWhetherOrNotItSaysHowLargeItIs() throws Exception {
		try (ConfigurableApplicationContext context = start(StartingApplication.class, ENABLED,
				"llm-stream.relay.endpoints.max-request-size=100B")) {
			String fits = "{\"prompt\":\"end" + "x".repeat(84) + "\"}";
			assertThat(fits).hasSize(100);
			assertThat(send(post(context, PATH, fits)).statusCode()).isEqualTo(200);
			assertProblem(send(post(context, PATH, fits + " ")), 413);
			byte[] bytes = (fits + " ").getBytes(StandardCharsets.UTF_8);
			assertProblem(send(request(context, PATH).header("Content-Type", "application/json")
				.POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes)))
				.build()), 413);
		}
	}

	@Test
	void limitsAndLastEventsThatAreNoneAreProblems() throws Exception {
		try (ConfigurableApplicationContext context = start(StartingApplication.class, ENABLED,
				"llm-stream.relay.runs.max-runs=1")) {
			HttpResponse<InputStream> stream = this.browser.send(post(context, PATH, PROMPT),
					HttpResponse.BodyHandlers.ofInputStream());
			try (InputStream body = stream.body()) {
				assertThat(body.read()).isPositive();
				assertProblem(send(post(context, PATH, PROMPT)), 503);
				for (String id : List.of("x", "-1", "1000")) {
					assertProblem(send(request(context, PATH + "/" + id(stream)).header("Last-Event-ID", id).build()),
							400);
				}
			}
		}
	}

	@Test
	void aStartThatIsSentAgainWatchesTheRunThatItStarted() throws Exception {
		try (ConfigurableApplicationContext context = start(StartingApplication.class, ENABLED)) {
			String key = "3f0c7f4e-5f5e-4f0a-9d0b-6f6d8c1f2a11";
			HttpRequest again = HttpRequest.newBuilder(post(context, PATH, PROMPT), (name, value) -> true)
				.header("Idempotency-Key", key)
				.build();
			HttpResponse<InputStream> first = this.browser.send(again, HttpResponse.BodyHandlers.ofInputStream());
			try (InputStream body = first.body()) {
				assertThat(body.read()).isPositive();
				HttpResponse<InputStream> second = this.browser.send(again, HttpResponse.BodyHandlers.ofInputStream());
				assertThat(id(second)).isEqualTo(id(first));
				assertThat(context.getBean(Runs.class).active()).isEqualTo(1);
				send(post(context, PATH + "/" + id(first) + "/stop", ""));
				assertThat(new String(second.body().readAllBytes(), StandardCharsets.UTF_8)).contains("user Hi")
					.contains("event: aborted");
			}
			assertProblem(send(HttpRequest.newBuilder(again, (name, value) -> !name.equals("Idempotency-Key"))
				.header("Idempotency-Key", "short")
				.build()), 400);
		}
	}

	@Test
	void theEndpointsHaveAPolicyOfTheirOwn() throws Exception {
		try (ConfigurableApplicationContext context = start(StartingApplication.class, ENABLED,
				"llm-stream.relay.runs.on-disconnect=continue", "llm-stream.relay.heartbeat=50ms",
				"llm-stream.relay.endpoints.on-disconnect=cancel")) {
			Runs runs = context.getBean(Runs.class);
			HttpResponse<InputStream> stream = this.browser.send(post(context, PATH, PROMPT),
					HttpResponse.BodyHandlers.ofInputStream());
			assertThat(stream.body().read()).isPositive();
			Run run = runs.get(id(stream), null);
			stream.body().close();
			await().atMost(Duration.ofSeconds(10)).until(() -> run.state() == RunState.ABORTED);
		}
	}

	@Test
	void whoAcceptsNoEventsGetsAProblem() throws Exception {
		try (ConfigurableApplicationContext context = start(StartingApplication.class, ENABLED)) {
			HttpRequest.Builder start = HttpRequest.newBuilder(post(context, PATH, PROMPT), (name, value) -> true);
			assertProblem(send(start.header("Accept", "text/html, application/json").build()), 406);
			assertThat(context.getBean(Runs.class).active()).isZero();
			HttpResponse<InputStream> stream = this.browser.send(post(context, PATH, PROMPT),
					HttpResponse.BodyHandlers.ofInputStream());
			try (InputStream body = stream.body()) {
				assertThat(body.read()).isPositive();
				assertProblem(
						send(request(context, PATH + "/" + id(stream)).header("Accept", "application/json").build()),
						406);
			}
		}
	}

	@Test
	void refusalsSayWhenToAskAgain() throws Exception {
		try (ConfigurableApplicationContext context = start(StartingApplication.class, ENABLED,
				"llm-stream.relay.runs.max-runs=1")) {
			HttpResponse<InputStream> stream = this.browser.send(post(context, PATH, PROMPT),
					HttpResponse.BodyHandlers.ofInputStream());
			try (InputStream body = stream.body()) {
				assertThat(body.read()).isPositive();
				HttpResponse<String> refused = send(post(context, PATH, PROMPT));
				assertProblem(refused, 503);
				assertThat(refused.headers().firstValue("Retry-After")).hasValue("5");
			}
		}
	}

	@Test
	void ownControllersRefuseAsTheEndpointsDo() throws Exception {
		try (ConfigurableApplicationContext context = start(RefusingApplication.class)) {
			assertProblem(send(request(context, "/refusing").build()), 404);
			assertProblem(send(request(context, "/refusing").header("Accept", "text/event-stream, */*").build()), 404);
			assertThat(send(request(context, "/refusing").header("Accept", "text/event-stream").build()).statusCode())
				.isEqualTo(204);
		}
	}

	@Test
	void anOwnerMayHaveSoManyRuns() throws Exception {
		try (ConfigurableApplicationContext context = start(RefusingApplication.class)) {
			HttpResponse<String> refused = send(request(context, "/toomany").build());
			assertProblem(refused, 429);
			assertThat(refused.headers().firstValue("Retry-After")).hasValue("5");
		}
	}

	@Configuration(proxyBeanMethods = false)
	@Import(RefusingController.class)
	static class RefusingApplication extends Application {

	}

	@RestController
	static class RefusingController {

		@GetMapping("/refusing")
		Flux<Token> refusing() {
			throw RunRefusedException.notFound();
		}

		@GetMapping("/toomany")
		Flux<Token> tooMany() {
			throw RunRefusedException.tooManyOfOwner();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	protected static class Application {

		@Bean
		ProviderDialect testDialect() {
			return new TestDialect("test", null, true);
		}

	}

	/**
	 * Says what it was asked, and ends only if it was asked to.
	 */
	@Configuration(proxyBeanMethods = false)
	protected static class StartingApplication extends Application {

		@Bean
		RunStarter runStarter() {
			return (request, principal) -> {
				List<String> asked = request.messages()
					.stream()
					.map((message) -> message.role().name().toLowerCase() + " " + message.text())
					.toList();
				String all = String.join("|", asked);
				Flux<Token> said = Flux.just(new Token.Text(all));
				return (all.contains("end")) ? said : said.concatWith(Sinks.<Token>one().asMono());
			};
		}

	}

	/**
	 * A request that cannot be answered.
	 *
	 * @param method its method
	 * @param path its path, below that of the endpoints
	 * @param status the status of the problem
	 * @param allow what is allowed instead
	 */
	private record Wrong(String method, String path, int status, @Nullable String allow) {
	}

}
