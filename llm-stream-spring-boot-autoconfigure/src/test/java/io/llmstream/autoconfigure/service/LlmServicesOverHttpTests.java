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
package io.llmstream.autoconfigure.service;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.llmstream.Partial;
import io.llmstream.autoconfigure.TestDialect;
import io.llmstream.autoconfigure.TestProvider;
import io.llmstream.found.Kitchen;
import io.llmstream.provider.ProviderDialect;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a controller may return what a service returns, on both web stacks.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LlmServicesOverHttpTests {

	private static final String OBJECT = "{'kind':'object','text':'";

	@ParameterizedTest
	@EnumSource(value = WebApplicationType.class, names = { "SERVLET", "REACTIVE" })
	void aGrowingObjectIsRelayedAsPiecesOfItsJson(WebApplicationType type) throws Exception {
		try (TestProvider provider = growing(); ConfigurableApplicationContext context = start(type, provider)) {
			List<String> events = data(send(context, "/growing", MediaType.TEXT_EVENT_STREAM_VALUE));
			assertThat(events).first(InstanceOfAssertFactories.STRING).contains("'runId':");
			assertThat(events).last().isEqualTo("{'finishReason':'stop','model':'m'}");
			// how many there are depends on what comes while one is written
			List<String> pieces = events.subList(1, events.size() - 1);
			assertThat(pieces).isNotEmpty().allMatch((piece) -> piece.startsWith(OBJECT) && piece.endsWith("'}"));
			assertThat(pieces.stream()
				.map((piece) -> piece.substring(OBJECT.length(), piece.length() - 2))
				.collect(Collectors.joining())).isEqualTo("{\\'title\\':\\'Soup\\',\\'minutes\\':12}");
		}
	}

	@ParameterizedTest
	@EnumSource(value = WebApplicationType.class, names = { "SERVLET", "REACTIVE" })
	void aGrowingObjectIsADocumentPerLineForWhoAcceptsLinesOfJson(WebApplicationType type) throws Exception {
		try (TestProvider provider = growing(); ConfigurableApplicationContext context = start(type, provider)) {
			assertThat(send(context, "/growing", MediaType.APPLICATION_NDJSON_VALUE).lines()
				.map((line) -> line.replace('"', '\''))).containsExactly("{'title':'So'}", "{'title':'Soup'}",
						"{'title':'Soup','minutes':12}", "{'title':'Soup','minutes':12}");
		}
	}

	@ParameterizedTest
	@EnumSource(value = WebApplicationType.class, names = { "SERVLET", "REACTIVE" })
	void completeElementsAreEventsOfTheirOwn(WebApplicationType type) throws Exception {
		try (TestProvider provider = TestProvider.answering(piece("{'items':[{'title':'Soup','minutes':12},{'ti"),
				piece("tle':'Pie','minutes':40}]}")); ConfigurableApplicationContext context = start(type, provider)) {
			assertThat(data(send(context, "/menu", MediaType.TEXT_EVENT_STREAM_VALUE)))
				.containsExactly("{'title':'Soup','minutes':12}", "{'title':'Pie','minutes':40}");
		}
	}

	private static String piece(String json) {
		return json.replace("'", "\\\"");
	}

	private static TestProvider growing() throws IOException {
		return TestProvider.answering(piece("{'title':'So"), piece("up','minutes':12"), piece("}"));
	}

	private static String send(ConfigurableApplicationContext context, String path, String accept) throws Exception {
		String port = context.getEnvironment().getProperty("local.server.port");
		HttpResponse<String> response = HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
				.header("Accept", accept)
				.build(), HttpResponse.BodyHandlers.ofString());
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("content-type").orElse("")).startsWith(accept);
		return response.body();
	}

	private static List<String> data(String events) {
		return events.lines()
			.filter((line) -> line.startsWith("data:"))
			.map((line) -> line.substring(5).strip().replace('"', '\''))
			.toList();
	}

	private static ConfigurableApplicationContext start(WebApplicationType type, TestProvider provider) {
		return new SpringApplicationBuilder(Application.class).web(type)
			.properties("server.port=0", "server.address=127.0.0.1", "spring.main.banner-mode=off",
					"llm-stream.providers.test.base-url=" + provider.baseUrl(),
					"llm-stream.providers.test.api-key=sesame", "llm-stream.providers.test.model=m")
			.run();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableLlmServices(basePackageClasses = Kitchen.class)
	@Import(KitchenController.class)
	static class Application {

		@Bean
		ProviderDialect testDialect() {
			return new TestDialect("test", null, true);
		}

	}

	@RestController
	static class KitchenController {

		private final Kitchen kitchen;

		KitchenController(Kitchen kitchen) {
			this.kitchen = kitchen;
		}

		@GetMapping("/growing")
		Flux<Partial<Kitchen.Dish>> growing() {
			return this.kitchen.grow("soup");
		}

		@GetMapping(path = "/menu", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		Flux<Kitchen.Dish> menu() {
			return this.kitchen.menu("leek");
		}

	}

}
