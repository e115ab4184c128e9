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
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.llmstream.Completion;
import io.llmstream.LlmStreamClient;
import io.llmstream.Token;
import io.llmstream.provider.ProviderDialect;
import io.llmstream.usage.TokenEstimator;
import io.llmstream.usage.UsageLedger;
import io.llmstream.usage.UsageTagResolver;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of what a web application writes down of its streams, tells of it, and refuses.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
public abstract class AbstractUsageApplicationTests {

	private static final String RUNS = "/llm-stream/runs";

	private static final String USAGE = "/actuator/llmusage";

	private static final String BUDGETS = USAGE + "/budgets";

	private final HttpClient browser = HttpClient.newHttpClient();

	private final WebApplicationType type;

	private final Class<?> login;

	/**
	 * Create tests.
	 * @param type the kind of application
	 * @param login configuration that lets in whom the header {@code X-User} names, for
	 * the request alone, and whom {@code X-Security} names, for Spring Security alone
	 */
	protected AbstractUsageApplicationTests(WebApplicationType type, Class<?> login) {
		this.type = type;
		this.login = login;
	}

	private ConfigurableApplicationContext start(TestProvider provider, String... properties) {
		return new SpringApplicationBuilder(Application.class, this.login).web(this.type)
			.properties("server.port=0", "server.address=127.0.0.1", "spring.main.banner-mode=off",
					"server.shutdown=immediate", "llm-stream.relay.endpoints.enabled=true",
					"llm-stream.providers.test.api-key=sesame", "llm-stream.providers.test.model=m",
					"llm-stream.providers.test.base-url=" + provider.baseUrl(), "llm-stream.usage.prices[0].model=m*",
					"llm-stream.usage.prices[0].input=100", "llm-stream.usage.prices[0].output=1000",
					"management.endpoints.web.exposure.include=llmusage")
			.properties(properties)
			.run();
	}

	private HttpRequest.Builder request(ConfigurableApplicationContext context, String path) {
		String port = context.getEnvironment().getRequiredProperty("local.server.port");
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(Duration.ofSeconds(20));
	}

	private HttpResponse<String> get(ConfigurableApplicationContext context, String path, @Nullable String accept)
			throws IOException, InterruptedException {
		HttpRequest.Builder request = request(context, path);
		return send((accept != null) ? request.header("Accept", accept) : request);
	}

	private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
		return this.browser.send(request.build(), HttpResponse.BodyHandlers.ofString());
	}

	private HttpRequest.Builder run(ConfigurableApplicationContext context) {
		return request(context, RUNS).header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString("{\"prompt\":\"secret\"}"));
	}

	private static void flush(ConfigurableApplicationContext context) {
		assertThat(context.getBean(UsageLedger.class).flush(Duration.ofSeconds(20))).isTrue();
	}

	@Test
	void whatStreamsUsedIsToldAsJsonAndAsCsv() throws Exception {
		try (TestProvider provider = TestProvider.answering("Hello", " secret");
				ConfigurableApplicationContext context = start(provider)) {
			assertThat(send(run(context)).body()).contains("event: done");
			assertThat(get(context, "/text", null).body()).isEqualTo("Hello secret");
			flush(context);
			HttpResponse<String> json = get(context, USAGE + "?groupBy=provider,model&period=day", "*/*");
			assertThat(json.statusCode()).isEqualTo(200);
			assertThat(json.headers().firstValue("Content-Type")).hasValue("application/json");
			// 7 tokens of the prompt and 3 of the answer, twice
			assertThat(json.body()).contains("\"group\":{\"provider\":\"test\",\"model\":\"m\"}")
				.contains("\"streams\":2", "\"attempts\":2", "\"inputTokens\":14", "\"outputTokens\":6",
						"\"cost\":\"0.0074\"", "\"estimated\":2", "\"unpriced\":0", "\"currency\":\"USD\"",
						"\"lost\":0")
				.doesNotContain("secret", "sesame");
			HttpResponse<String> csv = get(context, USAGE + "?groupBy=provider", "text/csv");
			assertThat(csv.headers().firstValue("Content-Type"))
				.hasValueSatisfying((type) -> assertThat(type).startsWith("text/csv"));
			assertThat(csv.body().split("\r\n")).hasSize(2)
				.satisfies((lines) -> assertThat(lines[0]).startsWith("provider,streams,attempts,inputTokens"),
						(lines) -> assertThat(lines[1]).startsWith("test,2,2,14,6,0,0,0,0.0074,"));
			assertThat(get(context, USAGE + "?where=provider:other", "*/*").body()).contains("\"rows\":[]");
			assertThat(get(context, USAGE + "?from=1h", "*/*").body()).contains("\"streams\":2");
		}
	}

	@Test
	void aQueryThatMakesNoSenseIsABadRequest() throws Exception {
		try (TestProvider provider = TestProvider.answering("Hello");
				ConfigurableApplicationContext context = start(provider)) {
			for (String query : List.of("groupBy=colour", "period=fortnight", "from=soon", "where=provider")) {
				assertThat(get(context, USAGE + "?" + query, "*/*").statusCode()).as(query).isEqualTo(400);
			}
		}
	}

	@Test
	void whoIsLoggedInIsATag() throws Exception {
		try (TestProvider provider = TestProvider.answering("Hello");
				ConfigurableApplicationContext context = start(provider)) {
			assertThat(send(run(context).header("X-User", "anna")).statusCode()).isEqualTo(200);
			assertThat(send(run(context).header("X-Security", "ben")).statusCode()).isEqualTo(200);
			assertThat(send(request(context, "/text").header("X-Security", "ben")).statusCode()).isEqualTo(200);
			assertThat(send(request(context, "/tokens").header("X-Security", "ben")).body()).contains("event: done");
			assertThat(send(request(context, "/text")).statusCode()).isEqualTo(200);
			flush(context);
			assertThat(get(context, USAGE + "?groupBy=tag.user", "text/csv").body()).contains("\r\nanna,1,1,")
				.contains("\r\nben,3,3,")
				.contains("\r\n,1,1,");
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void aBudgetWithoutRoomIsAProblemThatSaysWhenToReturnHoweverLateThatIsKnown(boolean late) throws Exception {
		try (TestProvider provider = TestProvider.answering("Hello");
				ConfigurableApplicationContext context = start(provider, "llm-stream.budgets.limits[0].tokens=20",
						"llm-stream.budgets.limits[0].period=month", "llm-stream.budgets.reserved-output-tokens=10",
						"test.late-tags=" + late)) {
			assertThat(send(run(context)).body()).contains("event: done");
			flush(context);
			for (HttpRequest.Builder request : List.of(run(context), request(context, "/tokens"),
					request(context, "/text"))) {
				HttpResponse<String> refused = send(request);
				assertThat(refused.statusCode()).as(refused.uri().getPath()).isEqualTo(429);
				assertThat(refused.headers().firstValue("Content-Type"))
					.as(refused.uri().getPath() + " " + refused.body())
					.hasValue("application/problem+json");
				assertThat(refused.headers().firstValueAsLong("Retry-After").orElseThrow()).isBetween(1L, 31 * 86_400L);
				assertThat(refused.body()).contains("\"detail\":\"Your budget is used up for now\"");
			}
			assertThat(provider.calls()).hasSize(1);
			flush(context);
			assertThat(get(context, USAGE + "?groupBy=error", "text/csv").body()).contains("budget-exceeded,3,0,0,0,");
		}
	}

	@Test
	void whatIsUsedReservedAndFreeOfBudgetsIsTold() throws Exception {
		try (TestProvider provider = TestProvider.answering("Hello", " secret");
				ConfigurableApplicationContext context = start(provider, "llm-stream.budgets.limits[0].tokens=100",
						"llm-stream.budgets.limits[0].tag=user", "llm-stream.budgets.limits[0].period=month",
						"llm-stream.budgets.limits[0].overrides.ben=50", "llm-stream.budgets.limits[1].cost=2.50",
						"llm-stream.budgets.limits[1].period=day", "llm-stream.budgets.reserved-output-tokens=20")) {
			String none = get(context, BUDGETS, null).body();
			assertThat(none).contains("\"budget\":\"tokens per user and month\",\"tag\":\"user\",\"unit\":\"tokens\","
					+ "\"period\":\"month\",\"limit\":100,\"values\":[],\"truncated\":false");
			assertThat(send(run(context).header("X-User", "anna")).statusCode()).isEqualTo(200);
			assertThat(send(run(context).header("X-User", "ben")).statusCode()).isEqualTo(200);
			// the ledger may hear of the end after the browser
			Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
				flush(context);
				String told = get(context, BUDGETS, null).body();
				// 7 tokens of the prompt and 3 of the answer
				assertThat(told).contains(
						"\"values\":[{\"value\":\"ben\",\"used\":10,\"reserved\":0,\"free\":40,\"limit\":50,\"resets\":\"",
						"{\"value\":\"anna\",\"used\":10,\"reserved\":0,\"free\":90,\"limit\":100,",
						"\"unit\":\"cost\",\"period\":\"day\",\"limit\":\"2.5\",\"values\":[{\"value\":\"\","
								+ "\"used\":\"0.0074\",\"reserved\":\"0\",\"free\":\"2.4926\",",
						"\"storeFailures\":0")
					.doesNotContain("secret", "sesame");
			});
			assertThat(get(context, BUDGETS + "?value=anna", null).body()).contains("\"anna\"")
				.doesNotContain("\"ben\"");
			assertThat(get(context, BUDGETS + "?limit=1", null).body()).contains("\"ben\"", "\"truncated\":true")
				.doesNotContain("\"anna\"");
			assertThat(get(context, USAGE + "/other", null).statusCode()).isEqualTo(404);
		}
	}

	@Test
	void whatIsReservedTooMuchIsFreeForTheNext() throws Exception {
		try (TestProvider provider = TestProvider.answering("Hello");
				ConfigurableApplicationContext context = start(provider, "llm-stream.budgets.limits[0].cost=0.015",
						"llm-stream.budgets.limits[0].period=month", "llm-stream.budgets.reserved-output-tokens=10")) {
			// the most that one may cost is 0.0106, and it costs 0.0037 in the end
			assertThat(send(run(context)).statusCode()).isEqualTo(200);
			flush(context);
			assertThat(send(run(context)).statusCode()).isEqualTo(200);
			flush(context);
			assertThat(send(run(context)).statusCode()).isEqualTo(429);
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(UsingController.class)
	static class Application {

		@Bean
		@ConditionalOnBooleanProperty("test.late-tags")
		UsageTagResolver lateTags() {
			return (client, request) -> Mono.delay(Duration.ofMillis(100)).thenReturn(Map.of("feature", "late"));
		}

		@Bean
		ProviderDialect testDialect() {
			return new TestDialect("test", null, true);
		}

		@Bean
		TokenEstimator threeTokens() {
			return (model, text) -> 3;
		}

	}

	@RestController
	static class UsingController {

		private final LlmStreamClient client;

		UsingController(LlmStreamClient client) {
			this.client = client;
		}

		@GetMapping("/tokens")
		Flux<Token> tokens() {
			return this.client.prompt("Hi").stream();
		}

		@GetMapping("/text")
		Mono<String> text() {
			return this.client.prompt("Hi").completion().map(Completion::text);
		}

	}

}
