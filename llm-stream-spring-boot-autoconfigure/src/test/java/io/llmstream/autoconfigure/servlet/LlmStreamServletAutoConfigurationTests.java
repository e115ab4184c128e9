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

package io.llmstream.autoconfigure.servlet;

import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;

import io.llmstream.autoconfigure.LlmStreamAutoConfiguration;
import io.llmstream.autoconfigure.LlmStreamHttpAutoConfiguration;
import io.llmstream.autoconfigure.LlmStreamRelayAutoConfiguration;
import io.llmstream.autoconfigure.reactive.LlmStreamReactiveAutoConfiguration;
import io.llmstream.relay.RelayErrorMapper;
import io.llmstream.relay.RelaySettings;
import io.llmstream.relay.servlet.TokenFluxReturnValueHandler;
import io.llmstream.relay.servlet.TokenRelay;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LlmStreamServletAutoConfiguration}.
 */
class LlmStreamServletAutoConfigurationTests {

	private static final AutoConfigurations CONFIGURATIONS = AutoConfigurations.of(LlmStreamAutoConfiguration.class,
			LlmStreamHttpAutoConfiguration.class, LlmStreamRelayAutoConfiguration.class,
			LlmStreamServletAutoConfiguration.class, LlmStreamReactiveAutoConfiguration.class,
			TaskExecutionAutoConfiguration.class, WebMvcAutoConfiguration.class);

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withConfiguration(CONFIGURATIONS);

	@Test
	void tokensAreHandledBeforeSpringHandlesAnyFlux() {
		this.contextRunner.run((context) -> {
			assertThat(context).hasSingleBean(TokenRelay.class)
				.doesNotHaveBean(io.llmstream.relay.reactive.TokenRelay.class);
			assertThat(context.getBean(RequestMappingHandlerAdapter.class).getReturnValueHandlers()).first()
				.isInstanceOf(TokenFluxReturnValueHandler.class);
		});
	}

	@Test
	void writesRunOnAPoolOfTheirOwn() {
		this.contextRunner.withPropertyValues("llm-stream.relay.max-connections=7").run((context) -> {
			assertThat(context).hasBean("applicationTaskExecutor");
			assertThat(context.getBean("llmStreamRelayExecutor")).isInstanceOfSatisfying(ThreadPoolExecutor.class,
					(pool) -> assertThat(pool.getMaximumPoolSize()).isEqualTo(7));
		});
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void writesRunOnVirtualThreadsWhereTheseAreEnabled() {
		this.contextRunner.withPropertyValues("spring.threads.virtual.enabled=true")
			.run((context) -> assertThat(context.getBean("llmStreamRelayExecutor"))
				.isInstanceOf(SimpleAsyncTaskExecutor.class));
	}

	@Test
	void propertiesReachTheRelay() {
		this.contextRunner
			.withPropertyValues("llm-stream.relay.heartbeat=7s", "llm-stream.relay.coalescing-window=5ms",
					"llm-stream.relay.max-batch-size=1KB", "llm-stream.relay.max-lag=2KB",
					"llm-stream.relay.write-timeout=3s")
			.run((context) -> {
				RelaySettings settings = context.getBean(RelaySettings.class);
				assertThat(settings.heartbeat()).hasSeconds(7);
				assertThat(settings.coalescingWindow()).hasMillis(5);
				assertThat(settings.maxBatch()).isEqualTo(1024);
				assertThat(settings.maxLag()).isEqualTo(2048);
				assertThat(settings.writeTimeout()).hasSeconds(3);
			});
	}

	@Test
	void theDefaultsOfThePropertiesAreThoseOfTheRelay() {
		this.contextRunner
			.run((context) -> assertThat(context.getBean(RelaySettings.class)).isEqualTo(RelaySettings.defaults()));
	}

	@Test
	void anImpossibleValueNamesItsProperty() {
		this.contextRunner.withPropertyValues("llm-stream.relay.max-lag=-1B")
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.hasMessageContaining("llm-stream.relay.max-lag"));
	}

	@Test
	void ownBeansReplaceOurs() {
		RelayErrorMapper errors = RelayErrorMapper.safe();
		Executor executor = Runnable::run;
		TokenRelay relay = new TokenRelay(RelaySettings.defaults(), errors, executor);
		this.contextRunner.withBean(RelayErrorMapper.class, () -> errors)
			.withBean("llmStreamRelayExecutor", Executor.class, () -> executor)
			.withBean("mine", TokenRelay.class, () -> relay)
			.run((context) -> {
				assertThat(context).getBean(TokenRelay.class).isSameAs(relay);
				assertThat(context).getBean(RelayErrorMapper.class).isSameAs(errors);
				assertThat(context).getBean("llmStreamRelayExecutor").isSameAs(executor);
			});
	}

	@Test
	void whenThereIsNoWebThenThereIsNoRelay() {
		new ApplicationContextRunner().withConfiguration(CONFIGURATIONS)
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(TokenRelay.class)
				.doesNotHaveBean(RelaySettings.class));
	}

	@Test
	void whenThereIsNoWebMvcThenBacksOff() {
		new WebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(LlmStreamRelayAutoConfiguration.class,
					LlmStreamServletAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader("org.springframework.web.servlet"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(TokenRelay.class));
	}

}
