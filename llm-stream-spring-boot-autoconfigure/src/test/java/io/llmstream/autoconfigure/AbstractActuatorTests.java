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

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.llmstream.ErrorKind;
import io.llmstream.StreamStoppedException;
import io.llmstream.Token;
import io.llmstream.observation.GenAiConvention;
import io.llmstream.observation.GenAiName;
import io.llmstream.test.Script;
import io.llmstream.usage.UsageLedger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.WebApplicationType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * What the actuator tells of a whole application over HTTP, with real calls of scripted
 * providers.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class AbstractActuatorTests {

	private static final Duration LIMIT = Duration.ofSeconds(20);

	private final WebApplicationType type;

	private ObservedApplication application;

	protected AbstractActuatorTests(WebApplicationType type) {
		this.type = type;
	}

	@BeforeAll
	void start() {
		this.application = new ObservedApplication(this.type);
	}

	@AfterAll
	void stop() {
		this.application.close();
	}

	private void answer() {
		this.application.first.enqueue(Script.text("Hello", " wor", "ld").usage(30, 12));
		assertThat(this.application.client("chat").prompt("a secret question").tag("user", "ann").call().text())
			.isEqualTo("Hello world");
	}

	@Test
	void aScrapeShowsTheNamesOfTheConvention() {
		answer();
		String scrape = this.application.get("/actuator/prometheus");
		for (String name : GenAiName.all(GenAiName.Use.TIMER, GenAiConvention.LATEST)) {
			assertThat(scrape).contains("# TYPE " + series(name) + "_seconds histogram");
		}
		for (String name : GenAiName.all(GenAiName.Use.TOKEN_COUNTER, GenAiConvention.LATEST)) {
			assertThat(scrape).contains("# TYPE " + series(name) + "_total counter");
		}
		for (String name : GenAiName.all(GenAiName.Use.TOKEN_HISTOGRAM, GenAiConvention.LATEST)) {
			assertThat(scrape).contains("# TYPE " + series(name) + " histogram");
		}
		for (String tag : GenAiName.all(GenAiName.Use.TAG, GenAiConvention.LATEST)) {
			assertThat(scrape).contains(series(tag) + "=\"");
		}
		assertThat(scrape).containsPattern(
				"gen_ai_client_inference_duration_seconds_bucket\\{.*gen_ai_provider_name=\"openai\".*le=\"81.92\"\\}");
		assertThat(scrape).containsPattern("gen_ai_client_inference_duration_seconds_bucket\\{.*le=\"0.01\"\\}")
			.contains("llm_stream_duration_seconds_count")
			.contains("llm_stream_active{llm_stream_client=\"chat\"}")
			.contains("llm_stream_relay_connections")
			.contains("llm_stream_relay_lag_seconds");
		assertThat(scrape).doesNotContain("secret").doesNotContain("Hello");
	}

	private static String series(String name) {
		return name.replace('.', '_');
	}

	@Test
	void theEndpointTellsProvidersRoutesAndFigures() {
		answer();
		JsonNode report = this.application.json("/actuator/llmstream");
		assertThat(report.at("/providers/first/type").asString()).isEqualTo("openai");
		assertThat(report.at("/providers/first/state").asString()).isEqualTo("UP");
		assertThat(report.at("/providers/first/lastAnswer").isMissingNode()).isFalse();
		assertThat(report.at("/providers/first/keys/0/number").asInt()).isEqualTo(1);
		assertThat(report.at("/routes/chat/targets/1").asString()).isEqualTo("second");
		assertThat(report.at("/models")).anySatisfy((model) -> {
			assertThat(model.at("/provider").asString()).isEqualTo("first");
			assertThat(model.at("/timeToFirstTokenP95").asDouble()).isPositive();
		});
		assertThat(report.at("/minutes/0/streams").asInt()).isPositive();
		assertThat(report.toString()).doesNotContain("secret").doesNotContain("Hello");
	}

	@Test
	void anActiveStreamIsSeenAndStopped() throws Exception {
		this.application.first.enqueue(Script.text("Hello", " wor").stall());
		CompletableFuture<List<Token>> collected = new CompletableFuture<>();
		Mono<List<Token>> answer = this.application.client("chat")
			.prompt("a secret question")
			.tag("user", "ann")
			.stream()
			.collectList();
		answer.subscribe(collected::complete, collected::completeExceptionally);
		JsonNode stream = awaitStream(2);
		assertThat(stream.at("/client").asString()).isEqualTo("chat");
		assertThat(stream.at("/provider").asString()).isEqualTo("first");
		assertThat(stream.at("/model").asString()).isEqualTo("m1");
		assertThat(stream.at("/tags/user").asString()).isEqualTo("ann");
		assertThat(stream.at("/timeToFirstToken").asDouble()).isGreaterThanOrEqualTo(0);
		String path = "/actuator/llmstream/" + stream.at("/id").asString();
		assertThat(this.application.json(path).at("/client").asString()).isEqualTo("chat");
		assertThat(this.application.send("DELETE", path).statusCode()).isEqualTo(204);
		assertThat(collected).failsWithin(LIMIT).withThrowableThat().havingCause().satisfies((error) -> {
			StreamStoppedException stopped = (StreamStoppedException) error;
			assertThat(stopped.getKind()).isEqualTo(ErrorKind.STOPPED);
			assertThat(stopped.getPartialText()).isEqualTo("Hello wor");
		});
		this.application.first.lastRequest().awaitClosedByClient(LIMIT);
		assertThat(this.application.send("DELETE", path).statusCode()).isEqualTo(404);
		assertThat(this.application.send("GET", path).statusCode()).isEqualTo(404);
	}

	private JsonNode awaitStream(int tokens) throws InterruptedException {
		long end = System.nanoTime() + LIMIT.toNanos();
		while (System.nanoTime() < end) {
			JsonNode streams = this.application.json("/actuator/llmstream").at("/streams");
			if (!streams.isEmpty() && streams.get(0).at("/tokens").asInt() == tokens) {
				return streams.get(0);
			}
			TimeUnit.MILLISECONDS.sleep(20);
		}
		throw new AssertionError("There is no such stream");
	}

	@Test
	void aFailoverIsCounted() {
		this.application.first.enqueue(Script.failure(ErrorKind.OVERLOADED));
		this.application.second.enqueue(Script.text("Hello"));
		StepVerifier.create(this.application.client("chat").prompt("hi").streamText())
			.expectNext("Hello")
			.expectComplete()
			.verify(LIMIT);
		assertThat(this.application.get("/actuator/prometheus"))
			.contains("llm_stream_failovers_total{llm_stream_client=\"chat\",llm_stream_provider=\"first\"}")
			.containsPattern("llm_stream_attempts_total\\{error_type=\"overloaded\".*llm_stream_provider=\"first\"");
	}

	@Test
	void whatAnswersCostIsCountedAndWhatHasNoPriceIsNotFree() {
		assertThat(this.application.bean(UsageLedger.class).flush(LIMIT)).isTrue();
		double before = cost("first");
		answer();
		this.application.second.enqueue(Script.text("Hello").usage(30, 12));
		this.application.client("second").prompt("hi").call();
		assertThat(this.application.bean(UsageLedger.class).flush(LIMIT)).isTrue();
		// 30 tokens for 2 and 12 for 10 dollars a million
		assertThat(cost("first") - before).isCloseTo(0.00018, within(1e-12));
		String scrape = this.application.get("/actuator/prometheus");
		assertThat(scrape).doesNotContainPattern("llm_stream_cost_usd_total\\{.*llm_stream_provider=\"second\"")
			.containsPattern("llm_stream_unpriced_total\\{.*llm_stream_provider=\"second\".*} [1-9]")
			.containsPattern("llm_stream_unpriced_total\\{.*llm_stream_provider=\"first\".*} 0")
			.contains("llm_stream_usage_pending ")
			.contains("llm_stream_usage_failed_writes_total 0")
			.contains("llm_stream_usage_merged_total 0")
			.contains("llm_stream_usage_lost_total 0");
	}

	private double cost(String provider) {
		Matcher sample = Pattern
			.compile("llm_stream_cost_usd_total\\{.*llm_stream_provider=\"" + provider + "\".*} (\\S+)")
			.matcher(this.application.get("/actuator/prometheus"));
		double sum = 0;
		while (sample.find()) {
			sum += Double.parseDouble(sample.group(1));
		}
		return sum;
	}

	@Test
	void healthFollowsTheLastAttemptsAndCostsNoTokens() {
		int requests = this.application.first.requests().size() + this.application.second.requests().size();
		assertThat(
				this.application.json("/actuator/health").at("/components/llmStream/components/chat/status").asString())
			.isEqualTo("UP");
		for (int i = 0; i < 3; i++) {
			StepVerifier.create(this.application.client("alone").prompt("hi").stream())
				.expectErrorMatches((error) -> true)
				.verify(LIMIT);
		}
		HttpResponse<String> health = this.application.send("GET", "/actuator/health/llmStream/alone");
		assertThat(health.statusCode()).isEqualTo(503);
		assertThat(health.body()).contains("\"failuresInARow\":3").contains("\"lastFailureKind\":\"connect\"");
		assertThat(this.application.first.requests().size() + this.application.second.requests().size())
			.isEqualTo(requests);
	}

	@Test
	void infoTellsProvidersAndRoutes() {
		JsonNode info = this.application.json("/actuator/info");
		assertThat(info.at("/llmStream/providers/second/type").asString()).isEqualTo("anthropic");
		assertThat(info.at("/llmStream/routes/chat/0").asString()).isEqualTo("first");
		assertThat(info.toString()).doesNotContain("secret");
	}

	@Test
	void theDashboardIsServedBesideTheEndpoint() {
		HttpResponse<String> page = this.application.send("GET", "/actuator/llmdashboard");
		assertThat(page.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
		assertThat(page.body()).contains("llmdashboard/dashboard.js").contains("Content-Security-Policy");
		assertThat(page.body()).doesNotContain("http://").doesNotContain("https://");
		HttpResponse<String> script = this.application.send("GET", "/actuator/llmdashboard/dashboard.js");
		assertThat(script.headers().firstValue("Content-Type").orElse("")).startsWith("text/javascript");
		assertThat(this.application.send("GET", "/actuator/llmdashboard/dashboard.css")
			.headers()
			.firstValue("Content-Type")
			.orElse("")).startsWith("text/css");
		assertThat(this.application.send("GET", "/actuator/llmdashboard/dashboard.html").statusCode()).isEqualTo(404);
	}

}
