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
import java.util.ArrayList;
import java.util.List;

import io.llmstream.FinishReason;
import io.llmstream.LlmStreamClient;
import io.llmstream.StreamFilter;
import io.llmstream.StreamRequest;
import io.llmstream.StreamingModel;
import io.llmstream.Token;
import io.llmstream.ToolApproval;
import io.llmstream.ToolCallback;
import io.llmstream.ToolDefinition;
import io.llmstream.ToolRunner;
import io.llmstream.Usage;
import io.llmstream.tool.Tool;
import io.llmstream.tool.ToolRegistry;
import jakarta.validation.constraints.Max;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.javapoet.ClassName;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link LlmStreamToolAutoConfiguration}.
 */
class ToolConfigurationTests {

	private static final Duration LIMIT = Duration.ofSeconds(10);

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(LlmStreamHttpAutoConfiguration.class, LlmStreamAutoConfiguration.class,
				LlmStreamToolAutoConfiguration.class))
		.withUserConfiguration(Model.class)
		.withPropertyValues("llm-stream.providers.openai.api-key=key", "llm-stream.providers.openai.model=m");

	private static List<Token.ToolResult> results(LlmStreamClient client, Object... tools) {
		return client.prompt("hi").tools(tools).stream().ofType(Token.ToolResult.class).collectList().block(LIMIT);
	}

	@Test
	void toolsOfBeansAreFoundByName() {
		this.runner.withUserConfiguration(Tools.class).run((context) -> {
			assertThat(context.getBean(ToolRegistry.class).tools()).containsOnlyKeys("twice", "callback");
			LlmStreamClient client = context.getBean(LlmStreamClient.class);
			assertThat(results(client, "twice")).extracting(Token.ToolResult::content)
				.containsExactly("{\"result\":42}");
			assertThatIllegalArgumentException().isThrownBy(() -> client.prompt("hi").tools("thrice"))
				.withMessageContaining("known are: callback, twice");
		});
	}

	@Test
	void aToolMayUseAClient() {
		this.runner.withUserConfiguration(ToolWithClient.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(ToolRegistry.class).tools()).containsOnlyKeys("ask");
		});
	}

	@Test
	void lookingForToolsCreatesNoLazyBean() {
		this.runner.withUserConfiguration(LazyTools.class).run((context) -> {
			assertThat(context.getBean(ToolRegistry.class).tools()).containsOnlyKeys("twice");
			assertThat(context.getBeanFactory().containsSingleton("lazyTools")).isFalse();
			results(context.getBean(LlmStreamClient.class), "twice");
			assertThat(context.getBeanFactory().containsSingleton("lazyTools")).isTrue();
		});
	}

	@Test
	void aBadSignatureFailsAtStartupAndIsNamed() {
		this.runner.withUserConfiguration(BadTools.class)
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(InvalidLlmStreamConfigurationException.class)
				.hasMessageContaining("BadTool.run(Runnable) cannot be a tool")
				.hasMessageContaining("java.lang.Runnable"));
	}

	@Test
	void twoToolsOfTheSameNameFailWhenOneIsAskedForByName() {
		this.runner.withUserConfiguration(Tools.class, LazyTools.class).run((context) -> {
			LlmStreamClient client = context.getBean(LlmStreamClient.class);
			assertThat(context.getBean(ToolRegistry.class).tools()).containsOnlyKeys("callback");
			assertThat(client.prompt("hi").tools("callback")).isNotNull();
			assertThat(results(client, context.getBean("calculator"))).extracting(Token.ToolResult::content)
				.containsExactly("{\"result\":42}");
			assertThatIllegalArgumentException().isThrownBy(() -> client.prompt("hi").tools("twice"))
				.withMessageContaining("of the bean 'calculator'")
				.withMessageContaining("of the bean 'lazyTools'")
				.withMessageContaining("have the same name; set @Tool(name = …) for one of them");
		});
	}

	@Test
	void typesOfWhatIsInheritedAreKeptInNativeImages() {
		GenericApplicationContext context = new GenericApplicationContext();
		context.registerBean(SumTools.class);
		DefaultGenerationContext generation = new DefaultGenerationContext(
				new ClassNameGenerator(ClassName.get("com.example", "Application")), new InMemoryGeneratedFiles());
		new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
		assertThat(RuntimeHintsPredicates.reflection().onType(Sum.class)).accepts(generation.getRuntimeHints());
	}

	abstract static class Saving<E> {

		@Tool
		String save(E entity) {
			return entity.toString();
		}

	}

	static class SumTools extends Saving<Sum> {

	}

	@Test
	void propertiesSayHowToolsAreRun() {
		this.runner.withUserConfiguration(Tools.class)
			.withConfiguration(AutoConfigurations.of(TaskExecutionAutoConfiguration.class))
			.withPropertyValues("llm-stream.tools.max-result-length=1", "llm-stream.tools.threads=2")
			.run((context) -> {
				assertThat(results(context.getBean(LlmStreamClient.class), "twice"))
					.extracting(Token.ToolResult::content)
					.containsExactly("The result is longer than 1 characters. Ask for less.");
				assertThat(context.getBean("llmStreamToolExecutor", ThreadPoolTaskExecutor.class).getMaxPoolSize())
					.isEqualTo(2);
				assertThat(context).hasBean("applicationTaskExecutor");
			});
	}

	@Test
	void wrongPropertiesAreNamed() {
		this.runner.withPropertyValues("llm-stream.tools.max-steps=0")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("llm-stream.tools.max-steps is 0"));
		this.runner.withPropertyValues("llm-stream.tools.timeout=0s")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("llm-stream.tools.timeout"));
	}

	@Test
	void anApprovalBeanIsAsked() {
		this.runner.withUserConfiguration(Tools.class)
			.withBean(ToolApproval.class, () -> (call) -> Mono.just(ToolApproval.Decision.denied("No.")))
			.run((context) -> assertThat(results(context.getBean(LlmStreamClient.class), "twice"))
				.extracting(Token.ToolResult::content)
				.containsExactly("No."));
	}

	@Test
	void argumentsAreValidatedWhereTheApplicationValidates() {
		this.runner.withUserConfiguration(Tools.class)
			.withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class))
			.run((context) -> assertThat(results(context.getBean(LlmStreamClient.class), "twice"))
				.extracting(Token.ToolResult::content)
				.containsExactly("The arguments are wrong: number must be less than or equal to 20."));
	}

	@Test
	void nothingOfValidationOrPropagationIsNeeded() {
		this.runner.withUserConfiguration(Tools.class)
			.withClassLoader(new FilteredClassLoader("jakarta.validation", "org.hibernate.validator"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ValidatedToolArguments.class));
	}

	@Test
	void aRunnerOfTheApplicationTakesThePlaceOfOurs() {
		this.runner.withBean(ToolRunner.class, () -> new ToolRunner() {

			@Override
			public List<ToolCallback> toolsOf(Object source) {
				return List.of();
			}

			@Override
			public Flux<Token> filter(StreamRequest request, StreamingModel next) {
				return next.stream(request);
			}

		}).run((context) -> assertThat(context).hasSingleBean(ToolRunner.class));
	}

	@Test
	void aToolKnowsSecurityAndMdcOfWhoAsked() {
		SecurityContext security = SecurityContextHolder.createEmptyContext();
		security.setAuthentication(new TestingAuthenticationToken("ada", "secret"));
		SecurityContextHolder.setContext(security);
		MDC.put("trace", "42");
		try {
			this.runner.withUserConfiguration(WhoTools.class)
				.run((context) -> assertThat(results(context.getBean(LlmStreamClient.class), "twice"))
					.extracting(Token.ToolResult::content)
					.containsExactly("ada 42 llm-stream-tool-1"));
		}
		finally {
			SecurityContextHolder.clearContext();
			MDC.clear();
		}
	}

	@Test
	void nativeImagesKeepTools() {
		GenericApplicationContext context = new GenericApplicationContext();
		context.registerBean(Calculator.class);
		DefaultGenerationContext generation = new DefaultGenerationContext(
				new ClassNameGenerator(ClassName.get("com.example", "Application")), new InMemoryGeneratedFiles());
		new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Calculator.class, "twice"))
			.accepts(generation.getRuntimeHints());
		assertThat(RuntimeHintsPredicates.reflection().onType(Sum.class)).accepts(generation.getRuntimeHints());
	}

	/**
	 * Calls the tool "twice" once, and then ends.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Model {

		@Bean
		StreamFilter model() {
			return (request, next) -> {
				List<Token> tokens = new ArrayList<>();
				boolean first = request.messages().size() == 1;
				if (first) {
					tokens.add(new Token.ToolCall(0, "a", "twice", "{\"number\":21}"));
				}
				tokens.add(new Token.Finish((first) ? FinishReason.TOOL_CALLS : FinishReason.STOP, null,
						Usage.reported(1, 1), null, null));
				return Flux.fromIterable(tokens);
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Tools {

		@Bean
		Calculator calculator() {
			return new Calculator();
		}

		@Bean
		ToolCallback callback() {
			return ToolCallback.of(new ToolDefinition("callback", "A test", "{}"), (call) -> "");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LazyTools {

		@Bean
		@Lazy
		Calculator lazyTools() {
			return new Calculator();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ToolWithClient {

		@Bean
		Asking asking(LlmStreamClient client) {
			return new Asking(client);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class BadTools {

		@Bean
		BadTool badTool() {
			return new BadTool();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class WhoTools {

		@Bean
		Who who() {
			return new Who();
		}

	}

	record Sum(int result) {
	}

	static class Calculator {

		@Tool("Doubles a number")
		Sum twice(@Max(20) int number) {
			return new Sum(2 * number);
		}

	}

	static class Who {

		@Tool
		String twice() {
			return SecurityContextHolder.getContext().getAuthentication().getName() + " " + MDC.get("trace") + " "
					+ Thread.currentThread().getName();
		}

	}

	record Asking(LlmStreamClient client) {

		@Tool
		Mono<String> ask(String question) {
			return this.client.prompt(question).completion().map((completion) -> completion.text());
		}

	}

	static class BadTool {

		@Tool
		void run(Runnable task) {
		}

	}

}
