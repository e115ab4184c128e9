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

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.sql.DataSource;

import io.llmstream.BudgetExceededException;
import io.llmstream.LlmStreamClient;
import io.llmstream.StreamFilter;
import io.llmstream.StreamRequest;
import io.llmstream.provider.ProviderDialect;
import io.llmstream.usage.Budget;
import io.llmstream.usage.BudgetStore;
import io.llmstream.usage.Budgets;
import io.llmstream.usage.InMemoryUsageStore;
import io.llmstream.usage.JTokkitTokenEstimator;
import io.llmstream.usage.TokenEstimator;
import io.llmstream.usage.UsageLedger;
import io.llmstream.usage.UsageStore;
import io.llmstream.usage.UsageTagResolver;
import io.llmstream.usage.jdbc.JdbcUsageStore;
import io.llmstream.usage.redis.RedisBudgetStore;
import io.micrometer.context.ContextRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.Mockito;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.data.redis.RedisConnectionFailureException;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.security.core.context.SecurityContextImpl;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the configuration of the usage ledger and of budgets.
 */
class UsageConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(LlmStreamAutoConfiguration.class, LlmStreamHttpAutoConfiguration.class,
				LlmStreamUsageAutoConfiguration.class, LlmStreamBudgetAutoConfiguration.class))
		.withBean("dialect", ProviderDialect.class, () -> new TestDialect("test", "http://127.0.0.1:9", false))
		.withPropertyValues("llm-stream.providers.test.model=m");

	@Test
	void thereIsALedgerInMemoryThatClientsUse() {
		this.contextRunner.run((context) -> {
			assertThat(context).hasSingleBean(InMemoryUsageStore.class).hasSingleBean(JTokkitTokenEstimator.class);
			assertThat(context).hasSingleBean(LlmStreamClient.class).hasSingleBean(Budgets.class);
		});
	}

	@Test
	void thereIsNoneWhereItIsSwitchedOff() {
		this.contextRunner.withPropertyValues("llm-stream.usage.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(UsageLedger.class)
				.doesNotHaveBean(UsageStore.class)
				.doesNotHaveBean(Budgets.class)
				.hasSingleBean(LlmStreamClient.class));
	}

	@Test
	void eachBeanBacksOff() {
		TokenEstimator estimator = (model, text) -> 1;
		UsageStore store = Mockito.mock(UsageStore.class);
		this.contextRunner.withBean(UsageStore.class, () -> store)
			.withBean(TokenEstimator.class, () -> estimator)
			.withBean("llmStreamPrincipalTagResolver", UsageTagResolver.class, () -> (route, request) -> Mono.empty())
			.run((context) -> {
				assertThat(context).hasSingleBean(UsageStore.class).hasSingleBean(TokenEstimator.class);
				assertThat(context).hasSingleBean(UsageTagResolver.class);
				assertThat(context.getBean(UsageLedger.class).store()).isSameAs(store);
			});
		UsageLedger own = UsageLedger.builder(store).build();
		this.contextRunner.withBean(UsageLedger.class, () -> own)
			.run((context) -> assertThat(context.getBean(UsageLedger.class)).isSameAs(own));
	}

	@Test
	void whatIsNotOnTheClassPathIsDoneWithout() {
		this.contextRunner
			.withClassLoader(new FilteredClassLoader("com.knuddels.jtokkit", "org.springframework.security",
					"org.springframework.jdbc", "org.springframework.boot.jdbc"))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(UsageLedger.class)
				.doesNotHaveBean(TokenEstimator.class)
				.doesNotHaveBean(UsageTagResolver.class));
	}

	@Test
	void aDatabaseIsUsedWhereItIsAskedFor() {
		this.contextRunner.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class))
			.withPropertyValues("llm-stream.usage.store=jdbc", "spring.datasource.generate-unique-name=true")
			.run((context) -> {
				assertThat(context).hasSingleBean(JdbcUsageStore.class).doesNotHaveBean(InMemoryUsageStore.class);
				Integer entries = new JdbcTemplate(context.getBean(DataSource.class))
					.queryForObject("select count(*) from LLM_STREAM_USAGE", Integer.class);
				assertThat(entries).isZero();
			});
	}

	@Test
	void aStoreThatCannotBeIsExplained() {
		assertThat(analyze(this.contextRunner.withPropertyValues("llm-stream.usage.store=jdbc")).getDescription())
			.contains("llm-stream.usage.store is jdbc, but there is no DataSource");
		assertThat(analyze(this.contextRunner.withPropertyValues("llm-stream.usage.store=jdbc")
			.withClassLoader(new FilteredClassLoader("org.springframework.boot.jdbc"))).getAction())
			.contains("spring-boot-starter-jdbc");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					usage.buffer-size=0                                        | usage.buffer-size
					usage.batch-size=0                                         | usage.batch-size
					usage.flush-interval=0s                                    | usage.flush-interval
					usage.memory.max-sums=0                                    | usage.memory.max-sums
					usage.prices[0].input=1                                    | usage.prices[0].model
					usage.prices[0].model=m                                    | usage.prices[0].input
					usage.prices[0].model=m,usage.prices[0].input=-1           | usage.prices[0].input
					usage.price-file=classpath:no-such-file.json               | usage.price-file
					budgets.reserved-output-tokens=0                           | budgets.reserved-output-tokens
					budgets.limits[0].tag=user                                 | budgets.limits[0].tokens
					budgets.limits[0].tokens=1                                 | budgets.limits[0].period
					budgets.limits[0].tokens=-1,budgets.limits[0].period=day   | budgets.limits[0].tokens
					budgets.limits[0].tokens=1,budgets.limits[0].cost=1        | budgets.limits[0].cost
					budgets.limits[0].cost=1,budgets.limits[0].period=day,budgets.limits[0].overrides.a=2 | budgets.limits[0].tag
					usage.enabled=false,budgets.limits[0].tokens=1             | budgets.limits
					budgets.limits[0].tokens=1,budgets.limits[0].period=day,budgets.limits[1].tokens=2,budgets.limits[1].period=day | budgets.limits[1].name
					budgets.store=redis                                        | budgets.store
					budgets.store=redis,budgets.redis.timeout=0s               | budgets.redis.timeout
					budgets.store=redis,budgets.redis.lease=0s                 | budgets.redis.lease
					budgets.store=redis,budgets.redis.key-prefix=              | budgets.redis.key-prefix
					""")
	void aWrongPropertyIsNamed(String properties, String name) {
		String[] all = List.of(properties.split(","))
			.stream()
			.map((property) -> "llm-stream." + property)
			.toArray(String[]::new);
		FailureAnalysis analysis = analyze(this.contextRunner.withPropertyValues(all));
		assertThat(analysis.getDescription()).contains("The property llm-stream." + name + " ");
		assertThat(analysis.getAction()).isNotBlank();
	}

	@ParameterizedTest
	@ValueSource(strings = { "anna@example.com", "team/a", "Bob Smith", "auth0|123", "J\u00fcrgen", "anna.smith" })
	void anOverrideIsForTheValueInBracketsAndOneWithoutThemThatWouldBeForNobodyIsExplained(String user) {
		String prefix = "llm-stream.budgets.limits[0].";
		ApplicationContextRunner limited = this.contextRunner.withPropertyValues(prefix + "tag=user",
				prefix + "tokens=1", prefix + "period=day", prefix + "overrides.Ben-1_b=2");
		limited.withPropertyValues(prefix + "overrides[" + user + "]=3").run((context) -> {
			Budget budget = context.getBean(Budgets.class).all().get(0);
			assertThat(budget.overrides()).containsOnlyKeys("Ben-1_b", user);
		});
		FailureAnalysis analysis = analyze(limited.withPropertyValues(prefix + "overrides." + user + "=3"));
		assertThat(analysis.getDescription()).contains("The property " + prefix + "overrides." + user + " ");
		assertThat(analysis.getAction()).contains("\"[" + user + "]\"");
	}

	@Test
	void budgetsAreCountedInRedisWhereItIsAskedFor() {
		ReactiveRedisConnectionFactory away = Mockito.mock(ReactiveRedisConnectionFactory.class);
		Mockito.when(away.getReactiveConnection()).thenThrow(new RedisConnectionFailureException("nobody listens"));
		this.contextRunner.withBean(ReactiveRedisConnectionFactory.class, () -> away)
			.withPropertyValues("llm-stream.budgets.store=redis", "llm-stream.budgets.redis.key-prefix=shop",
					"llm-stream.budgets.on-store-failure=refuse", "llm-stream.budgets.limits[0].tokens=2000",
					"llm-stream.budgets.limits[0].period=day")
			.run((context) -> {
				assertThat(context).hasNotFailed().hasSingleBean(BudgetStore.class);
				assertThat(context.getBean(RedisBudgetStore.class)).hasToString("RedisBudgetStore[{shop}]");
				StepVerifier.create(context.getBean(LlmStreamClient.class).prompt("Hi").stream())
					.expectErrorSatisfies((failure) -> assertThat(failure).isInstanceOf(BudgetExceededException.class)
						.hasMessageContaining("cannot be known now"))
					.verify(Duration.ofSeconds(20));
				assertThat(context.getBean(Budgets.class).storeFailures()).isPositive();
			});
	}

	@Test
	void whatIsBoundToTheThreadThatAsksIsThereAfterBudgetsWereAskedElsewhere() {
		BudgetStore elsewhere = Mockito.mock(BudgetStore.class);
		BudgetStore.Hold hold = Mockito.mock(BudgetStore.Hold.class);
		Mockito.when(elsewhere.hold(Mockito.any(), Mockito.any())).thenReturn(hold);
		Mockito.when(hold.reserve(Mockito.any()))
			.thenReturn(Mono.just(BudgetStore.GRANTED).publishOn(Schedulers.parallel()));
		Mockito.when(hold.settle(Mockito.any())).thenReturn(Mono.empty());
		ThreadLocal<String> bound = new ThreadLocal<>();
		List<String> seen = new CopyOnWriteArrayList<>();
		ContextRegistry.getInstance().registerThreadLocalAccessor("llm-stream-test", bound);
		try {
			this.contextRunner.withConfiguration(AutoConfigurations.of(LlmStreamObservationAutoConfiguration.class))
				.withBean(BudgetStore.class, () -> elsewhere)
				.withBean("own", StreamFilter.class, () -> (request, next) -> {
					seen.add(bound.get() + " " + Schedulers.isInNonBlockingThread());
					return next.stream(request);
				})
				.withPropertyValues("llm-stream.budgets.limits[0].tokens=2000",
						"llm-stream.budgets.limits[0].period=day", "llm-stream.providers.test.retry.max-retries=0")
				.run((context) -> {
					bound.set("anna");
					context.getBean(LlmStreamClient.class)
						.prompt("Hi")
						.stream()
						.onErrorComplete()
						.blockLast(Duration.ofSeconds(20));
					assertThat(seen).containsExactly("anna true");
				});
		}
		finally {
			bound.remove();
			ContextRegistry.getInstance().removeThreadLocalAccessor("llm-stream-test");
		}
	}

	@Test
	void aStoreOfBudgetsThatCannotBeIsExplained() {
		ApplicationContextRunner runner = this.contextRunner.withPropertyValues("llm-stream.budgets.store=redis");
		assertThat(analyze(runner).getAction()).contains("client-type=lettuce");
		assertThat(
				analyze(runner.withClassLoader(new FilteredClassLoader("org.springframework.data.redis"))).getAction())
			.contains("spring-boot-starter-data-redis");
		BudgetStore own = Mockito.mock(BudgetStore.class);
		runner.withBean(BudgetStore.class, () -> own)
			.run((context) -> assertThat(context.getBean(BudgetStore.class)).isSameAs(own));
	}

	@Test
	void whoAsksWhoIsLoggedInLeavesNothingOnTheThread() {
		SecurityContextHolderStrategy before = SecurityContextHolder.getContextHolderStrategy();
		OneThread thread = new OneThread();
		SecurityContextHolder.setContextHolderStrategy(thread);
		try {
			PrincipalTagResolver resolver = new PrincipalTagResolver("user");
			assertThat(resolver.resolve("chat", StreamRequest.of("Hi")).block(Duration.ofSeconds(10))).isNull();
			assertThat(thread.context).isNull();
			Authentication anna = UsernamePasswordAuthenticationToken.authenticated("anna", null, List.of());
			thread.context = new SecurityContextImpl(anna);
			assertThat(resolver.resolve("chat", StreamRequest.of("Hi")).block(Duration.ofSeconds(10)))
				.containsEntry("user", "anna");
			assertThat(thread.context).isEqualTo(new SecurityContextImpl(anna));
		}
		finally {
			SecurityContextHolder.setContextHolderStrategy(before);
		}
	}

	private FailureAnalysis analyze(ApplicationContextRunner runner) {
		FailureAnalysis[] analysis = new FailureAnalysis[1];
		runner.run((context) -> {
			assertThat(context).hasFailed();
			for (Throwable ex = context.getStartupFailure(); ex != null; ex = ex.getCause()) {
				if (ex instanceof InvalidLlmStreamConfigurationException) {
					analysis[0] = new LlmStreamConfigurationFailureAnalyzer().analyze(ex);
				}
			}
		});
		assertThat(analysis[0]).isNotNull();
		return analysis[0];
	}

	/**
	 * Lets a test look at what is on a thread.
	 */
	private static final class OneThread implements SecurityContextHolderStrategy {

		private @Nullable SecurityContext context;

		@Override
		public void clearContext() {
			this.context = null;
		}

		@Override
		public SecurityContext getContext() {
			if (this.context == null) {
				this.context = createEmptyContext();
			}
			return this.context;
		}

		@Override
		public void setContext(SecurityContext context) {
			this.context = context;
		}

		@Override
		public SecurityContext createEmptyContext() {
			return new SecurityContextImpl();
		}

	}

}
