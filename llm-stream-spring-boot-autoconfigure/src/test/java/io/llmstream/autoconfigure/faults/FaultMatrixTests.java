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

package io.llmstream.autoconfigure.faults;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.llmstream.test.ProviderExchange;
import io.llmstream.test.ScriptedProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every fault of a provider, on every wire, with every policy for answers that break off,
 * on both web stacks: from the provider's socket to the bytes that a browser reads. What
 * must come out stands in {@code fault-matrix.txt}; what came out is written to
 * {@code target/fault-matrix.md}.
 * <p>
 * The text that the browser shows is compared with what the providers say, character by
 * character: nothing is lost, and nothing comes twice.
 */
@Tag("exhaustive")
@Timeout(value = 200, unit = TimeUnit.SECONDS)
class FaultMatrixTests {

	private static final Logger logger = LoggerFactory.getLogger(FaultMatrixTests.class);

	/**
	 * Cells that do not wait compete for the processors, and must not make each other
	 * late.
	 */
	private static final int AT_ONCE = 24;

	private static final int SLOW_AT_ONCE = 120;

	private static final Duration LIMIT = Duration.ofSeconds(90);

	/** A cell that takes longer hangs: the report names it. */
	private static final Duration CELL_LIMIT = Duration.ofSeconds(30);

	private static final Duration SOON = Duration.ofSeconds(5);

	private static final List<Outcome> all = new ArrayList<>();

	private final Expectations expectations = Expectations.read();

	private final HttpClient browser = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	@AfterAll
	static void report() {
		String report = Report.of(all, Expectations.read());
		Report.write(report);
		logger.info("The fault matrix:\n{}", report);
	}

	@ParameterizedTest
	@EnumSource(names = { "SERVLET", "REACTIVE" })
	void everyFaultEndsAsTheTableSays(WebApplicationType stack) {
		try (FaultyProviders providers = new FaultyProviders()) {
			List<Outcome> outcomes;
			try (ConfigurableApplicationContext application = start(stack, providers)) {
				// what comes first takes longer, and waits for locks while classes load
				List<Cell> first = cells(Fault.STATUS_500, Fault.END_MID_STREAM, Fault.RESET_BEFORE_HEADERS);
				run(application, providers, first.subList(0, Wire.values().length), 1);
				run(application, providers, first, AT_ONCE);
				application.getBean(MatrixApplication.Outcomes.class).forget();
				outcomes = runAll(application, providers);
				all.addAll(outcomes);
				awaitClosed(providers.first());
				awaitClosed(providers.second());
			}
			assertThat(outcomes).hasSameSizeAs(cells(Fault.values()));
			assertThat(outcomes).filteredOn((outcome) -> !outcome.words().equals(this.expectations.of(outcome.cell())))
				.as("cells that did not end as the table says")
				.isEmpty();
			providers.first().awaitClosed(SOON);
			providers.second().awaitClosed(SOON);
		}
	}

	/**
	 * No call outlives its stream.
	 */
	private static void awaitClosed(ScriptedProvider provider) {
		try {
			provider.awaitIdle(SOON);
		}
		catch (AssertionError error) {
			throw new AssertionError("Calls that were left open: " + provider.requests()
				.stream()
				.filter((exchange) -> exchange.state() == ProviderExchange.State.OPEN)
				.map((exchange) -> Cell.in(exchange.body()))
				.toList(), error);
		}
	}

	private static ConfigurableApplicationContext start(WebApplicationType stack, FaultyProviders providers) {
		return new SpringApplicationBuilder(MatrixApplication.class).web(stack)
			.properties("server.port=0", "server.address=127.0.0.1", "spring.main.banner-mode=off",
					// each of them says why it failed
					"logging.level.io.llmstream.relay.Run=off", "logging.level.reactor.netty=off")
			.properties(providers.properties())
			.run();
	}

	private List<Cell> cells(Fault... faults) {
		List<Cell> cells = new ArrayList<>();
		for (Fault fault : faults) {
			for (String policy : Routes.POLICIES) {
				for (Layout layout : Layout.values()) {
					if (!this.expectations.of(fault, policy, layout).equals("-")) {
						List.of(Wire.values()).forEach((wire) -> cells.add(new Cell(fault, policy, layout, wire)));
					}
				}
			}
		}
		return cells;
	}

	private List<Outcome> runAll(ConfigurableApplicationContext application, FaultyProviders providers) {
		Map<Boolean, List<Cell>> cells = cells(Fault.values()).stream()
			.collect(Collectors.partitioningBy((cell) -> cell.fault().isSlow()));
		CompletableFuture<List<Outcome>> slow = CompletableFuture.supplyAsync(
				() -> run(application, providers, cells.get(true), SLOW_AT_ONCE),
				// the browser's answers need the common pool, which may have one thread
				(task) -> new Thread(task, "slow cells").start());
		List<Outcome> outcomes = new ArrayList<>(run(application, providers, cells.get(false), AT_ONCE));
		outcomes.addAll(slow.join());
		return outcomes;
	}

	private List<Outcome> run(ConfigurableApplicationContext application, FaultyProviders providers, List<Cell> cells,
			int atOnce) {
		String address = "http://127.0.0.1:" + application.getEnvironment().getRequiredProperty("local.server.port");
		MatrixApplication.Outcomes told = application.getBean(MatrixApplication.Outcomes.class);
		return Objects
			.requireNonNull(
					Flux.fromIterable(cells)
						.flatMap((cell) -> Mono.fromFuture(() -> ask(address, cell)
							.orTimeout(CELL_LIMIT.toSeconds(), TimeUnit.SECONDS)
							.thenCompose((view) -> told.of(cell.id())
								.orTimeout(SOON.toSeconds(), TimeUnit.SECONDS)
								.thenApply((outcome) -> Outcome.of(cell, view, outcome, providers.takeRequests(cell))))
							.exceptionally((ex) -> new Outcome(cell, "failed with " + ex))), atOnce)
						.collectList()
						.block(LIMIT));
	}

	private CompletableFuture<BrowserView> ask(String address, Cell cell) {
		HttpRequest request = HttpRequest.newBuilder(URI.create(address + "/answer?cell=" + cell.id()))
			.timeout(LIMIT)
			.header("Accept", "text/event-stream")
			.build();
		return this.browser.sendAsync(request, HttpResponse.BodyHandlers.ofString())
			.thenApply((response) -> BrowserView.of(response.body()));
	}

}
