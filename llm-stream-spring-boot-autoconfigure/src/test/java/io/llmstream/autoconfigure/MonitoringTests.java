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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.llmstream.BudgetExceededException;
import io.llmstream.ErrorKind;
import io.llmstream.StreamRequest;
import io.llmstream.test.Script;
import io.llmstream.usage.UsageLedger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.WebApplicationType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Holds every query of the Grafana dashboard and of the alert rules against what an
 * application really publishes.
 */
class MonitoringTests {

	private static final Path FOLDER = Path.of("..", "docs", "monitoring");

	private static final Duration LIMIT = Duration.ofSeconds(20);

	private static Scrape scrape;

	@BeforeAll
	static void useTheApplication() {
		try (ObservedApplication application = new ObservedApplication(WebApplicationType.SERVLET,
				"llm-stream.budgets.limits[0].tokens=4000", "llm-stream.budgets.limits[0].period=month")) {
			application.first.enqueue(Script.failure(ErrorKind.OVERLOADED),
					Script.text("Hello", " wor", "ld").usage(30, 12));
			application.second.enqueue(Script.text("Hello", " there").usage(30, 12));
			application.client("chat").prompt("hi").call();
			application.client("chat").prompt("hi").call();
			StreamRequest large = StreamRequest.builder().user("hi").maxOutputTokens(5_000).build();
			assertThatExceptionOfType(BudgetExceededException.class)
				.isThrownBy(() -> application.client("chat").stream(large).blockLast(LIMIT));
			assertThat(application.bean(UsageLedger.class).flush(LIMIT)).isTrue();
			scrape = new Scrape(application.get("/actuator/prometheus"));
		}
	}

	@AfterAll
	static void forget() {
		scrape = new Scrape("");
	}

	@Test
	void everyQueryOfTheDashboardHasMeters() throws IOException {
		JsonNode dashboard = JsonMapper.shared().readTree(Files.readString(FOLDER.resolve("grafana-dashboard.json")));
		List<String> queries = new ArrayList<>();
		dashboard.at("/panels")
			.forEach((panel) -> panel.at("/targets").forEach((target) -> queries.add(target.at("/expr").asString())));
		dashboard.at("/templating/list").forEach((variable) -> queries.add(variable.at("/query/query").asString()));
		assertThat(queries).hasSizeGreaterThan(15).allSatisfy(MonitoringTests::assertAnswered);
	}

	@Test
	void everyAlertHasMeters() throws IOException {
		List<String> queries = new ArrayList<>();
		try (InputStream in = Files.newInputStream(FOLDER.resolve("prometheus-alerts.yml"))) {
			Map<String, List<Map<String, List<Map<String, String>>>>> alerts = new Yaml().load(in);
			alerts.get("groups")
				.forEach((group) -> group.get("rules").forEach((rule) -> queries.add(rule.get("expr"))));
		}
		assertThat(queries).hasSizeGreaterThan(5).allSatisfy(MonitoringTests::assertAnswered);
	}

	private static void assertAnswered(String query) {
		assertThat(Scrape.metrics(query)).as(query).isNotEmpty();
		assertThat(scrape.missing(query)).as(query).isEmpty();
		assertThat(query.chars().filter((c) -> c == '(').count()).as(query)
			.isEqualTo(query.chars().filter((c) -> c == ')').count());
	}

	@Test
	void aQueryForWhatIsNotThereIsFound() {
		assertThat(scrape.missing("sum by (le, nobody) (rate(gen_ai_client_inference_duration_seconds_bucket[5m]))"))
			.containsExactly("by (nobody)");
		assertThat(scrape.missing("rate(llm_stream_attempts_total{wrong=\"a\"}[5m]) / absent_total"))
			.containsExactly("absent_total", "llm_stream_attempts_total{wrong}");
	}

}
