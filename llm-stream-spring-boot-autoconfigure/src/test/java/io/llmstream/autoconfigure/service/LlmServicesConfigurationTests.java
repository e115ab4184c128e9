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
import java.util.Objects;

import io.llmstream.FinishReason;
import io.llmstream.InvalidOutputException;
import io.llmstream.LlmStreamClient;
import io.llmstream.Message;
import io.llmstream.OutputOptions;
import io.llmstream.Partial;
import io.llmstream.StreamFilter;
import io.llmstream.StructuredOutput;
import io.llmstream.Token;
import io.llmstream.Usage;
import io.llmstream.autoconfigure.LlmStreamAutoConfiguration;
import io.llmstream.autoconfigure.LlmStreamConversationAutoConfiguration;
import io.llmstream.autoconfigure.LlmStreamHttpAutoConfiguration;
import io.llmstream.autoconfigure.LlmStreamStructuredOutputAutoConfiguration;
import io.llmstream.autoconfigure.LlmStreamToolAutoConfiguration;
import io.llmstream.conversation.ConversationMemory;
import io.llmstream.crowd.Crowd;
import io.llmstream.elsewhere.Bad;
import io.llmstream.elsewhere.Clerk;
import io.llmstream.elsewhere.Elsewhere;
import io.llmstream.elsewhere.Nowhere;
import io.llmstream.found.Canteen;
import io.llmstream.found.Home;
import io.llmstream.found.Kitchen;
import io.llmstream.found.Kitchen.Dish;
import io.llmstream.structured.JsonStructuredOutput;
import jakarta.validation.constraints.Max;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.GeneratedFiles;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.javapoet.ClassName;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link LlmStreamServicesAutoConfiguration},
 * {@link LlmStreamStructuredOutputAutoConfiguration} and {@link EnableLlmServices}.
 */
class LlmServicesConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(LlmStreamHttpAutoConfiguration.class, LlmStreamAutoConfiguration.class,
				LlmStreamStructuredOutputAutoConfiguration.class, LlmStreamServicesAutoConfiguration.class))
		.withUserConfiguration(Model.class)
		.withPropertyValues("llm-stream.providers.openai.api-key=key", "llm-stream.providers.openai.model=m");

	@Test
	void servicesAreFoundInThePackagesOfTheApplication() {
		this.runner.withUserConfiguration(Home.class).run((context) -> {
			assertThat(context).hasSingleBean(Kitchen.class).doesNotHaveBean(Elsewhere.class);
			StepVerifier.create(context.getBean(Kitchen.class).grow("soup").map(Partial::isComplete).distinct())
				.expectNext(false, true)
				.expectComplete()
				.verify(ofSeconds(10));
		});
	}

	@Test
	void aClassThatImplementsAServiceIsNoService() {
		this.runner.withUserConfiguration(Home.class)
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(Kitchen.class)
				.doesNotHaveBean(Canteen.class));
	}

	@Test
	void withoutAnApplicationNothingIsLookedFor() {
		this.runner.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(Kitchen.class));
	}

	@Test
	void lookingForServicesCanBeTurnedOff() {
		this.runner.withUserConfiguration(Home.class)
			.withPropertyValues("llm-stream.services.scan=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(Kitchen.class));
	}

	@Test
	void thoseThatAreNamedAreUsedAlone() {
		this.runner.withUserConfiguration(Home.class, Named.class)
			.run((context) -> assertThat(context).hasSingleBean(Elsewhere.class).doesNotHaveBean(Kitchen.class));
	}

	@Test
	void packagesMayBeNamed() {
		this.runner.withUserConfiguration(Packages.class)
			.run((context) -> assertThat(context).hasSingleBean(Kitchen.class).doesNotHaveBean(Elsewhere.class));
	}

	@Test
	void manyServicesArePreparedBeforeTheyAreNeeded() {
		assumeThat(Runtime.getRuntime().availableProcessors()).as("where another thread gains something")
			.isGreaterThan(1);
		this.runner.withUserConfiguration(Many.class)
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				// is made by the thread that prepares, as nobody asked for the bean
				Awaitility.await()
					.ignoreExceptionsInstanceOf(ClassNotFoundException.class)
					.until(() -> Class.forName(Crowd.class.getName() + "$Ten__LlmService") != null);
				assertThat(context.getBeansOfType(Crowd.Asking.class)).hasSize(10);
			});
	}

	@Test
	void whatIsWrongWithOneOfManyIsTold() {
		this.runner.withUserConfiguration(Many.class)
			.run((context) -> assertThat(analyze(Objects.requireNonNull(context.getStartupFailure())).getDescription())
				.contains("Crowd$Broken.ask"));
	}

	@Test
	void aBeanOfTheApplicationGoesBefore() {
		this.runner.withUserConfiguration(Home.class, OwnKitchen.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(Kitchen.class)).isSameAs(OwnKitchen.KITCHEN);
		});
	}

	@Test
	void aBadSignatureFailsAtStartupAndTheMethodIsNamed() {
		this.runner.withUserConfiguration(BadServices.class).run((context) -> {
			FailureAnalysis analysis = analyze(Objects.requireNonNull(context.getStartupFailure()));
			assertThat(analysis.getDescription()).contains("Bad.count");
			assertThat(context.getStartupFailure()).hasMessageContaining("'bad'").hasMessageContaining("Bad.count");
			assertThat(analysis.getAction()).contains("Change the interface");
		});
	}

	@Test
	void aClientThatDoesNotExistFailsAtStartup() {
		this.runner.withUserConfiguration(UnknownClient.class)
			.run((context) -> assertThat(context).getFailure().rootCause().hasMessageContaining("nowhere"));
	}

	@Test
	void conversationsAreKept() {
		this.runner
			.withConfiguration(AutoConfigurations.of(LlmStreamToolAutoConfiguration.class,
					LlmStreamConversationAutoConfiguration.class))
			.withUserConfiguration(Remembering.class)
			.run((context) -> {
				context.getBean(Clerk.class).talk("ada:1", "Soup?").blockLast(ofSeconds(10));
				assertThat(context.getBean(ConversationMemory.class).load("ada:1").block(ofSeconds(10)))
					.startsWith(Message.user("Soup?"))
					.hasSize(2);
			});
	}

	@Test
	void objectsAreValidated() {
		this.runner.withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class)).run((context) -> {
			Mono<Quick> quick = context.getBean(LlmStreamClient.class).prompt("?").object(Quick.class);
			assertThatExceptionOfType(InvalidOutputException.class).isThrownBy(() -> quick.block(ofSeconds(10)))
				.withMessageContaining("minutes");
		});
		this.runner.withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class))
			.withPropertyValues("llm-stream.structured-output.validate=false")
			.run((context) -> assertThat(
					context.getBean(LlmStreamClient.class).prompt("?").object(Quick.class).block(ofSeconds(10)))
				.isEqualTo(new Quick("Soup", 12)));
	}

	@Test
	void limitsAreConfigured() {
		this.runner.withPropertyValues("llm-stream.structured-output.max-length=10").run((context) -> {
			Mono<Dish> dish = context.getBean(LlmStreamClient.class).prompt("?").object(Dish.class);
			assertThatExceptionOfType(InvalidOutputException.class).isThrownBy(() -> dish.block(ofSeconds(10)))
				.withMessageContaining("10");
		});
		for (String property : new String[] { "max-length=0", "max-depth=501", "max-repairs=-1" }) {
			String name = "llm-stream.structured-output." + property;
			this.runner.withPropertyValues(name)
				.run((context) -> assertThat(
						analyze(Objects.requireNonNull(context.getStartupFailure())).getDescription())
					.contains(name.substring(0, name.indexOf('='))));
		}
	}

	@Test
	void theApplicationMayBringItsOwnOutput() {
		StructuredOutput own = JsonStructuredOutput.builder().defaults(OutputOptions.DEFAULTS).build();
		this.runner.withBean(StructuredOutput.class, () -> own)
			.run((context) -> assertThat(context.getBean(StructuredOutput.class)).isSameAs(own));
	}

	@Test
	void servicesSurviveProcessingAheadOfTime() {
		DefaultGenerationContext generation = new DefaultGenerationContext(
				new ClassNameGenerator(ClassName.get("com.example", "Application")), new InMemoryGeneratedFiles());
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.register(Home.class, Model.class, AheadOfTime.class);
			new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
		}
		RuntimeHints hints = generation.getRuntimeHints();
		assertThat(RuntimeHintsPredicates.proxies().forInterfaces(Kitchen.class)).accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection().onType(Dish.class)).accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Dish.class, "title")).accepts(hints);
		assertThat(RuntimeHintsPredicates.resource().forResource("prompts/menu.txt")).accepts(hints);
	}

	@Test
	void codeThatIsWrittenAheadOfTimeCallsTheFactory() throws IOException {
		InMemoryGeneratedFiles files = new InMemoryGeneratedFiles();
		DefaultGenerationContext generation = new DefaultGenerationContext(
				new ClassNameGenerator(ClassName.get("com.example", "Application")), files);
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.register(Home.class, Model.class, AheadOfTime.class);
			new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
			generation.writeGeneratedContent();
		}
		assertThat(files.getGeneratedFiles(GeneratedFiles.Kind.SOURCE).keySet())
			.map((path) -> files.getGeneratedFileContent(GeneratedFiles.Kind.SOURCE, path))
			.anySatisfy((source) -> assertThat(source)
				.contains("forFactoryMethod(LlmServiceFactory.class, \"create\", Class.class)")
				.contains("addIndexedArgumentValue(0, Kitchen.class)")
				.contains("setFallback(true)"));
	}

	@Test
	void servicesAreDestroyedBeforeTheirFactory() {
		this.runner.withUserConfiguration(Home.class)
			.run((context) -> assertThat(
					context.getBeanFactory().getDependentBeans(LlmStreamServicesAutoConfiguration.FACTORY))
				.contains(context.getBeanNamesForType(Kitchen.class)));
	}

	@Test
	void subtypesAndConversationsSurviveProcessingAheadOfTime() {
		DefaultGenerationContext generation = new DefaultGenerationContext(
				new ClassNameGenerator(ClassName.get("com.example", "Application")), new InMemoryGeneratedFiles());
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.register(Remembering.class, Model.class, AheadOfTime.class);
			new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
		}
		RuntimeHints hints = generation.getRuntimeHints();
		assertThat(RuntimeHintsPredicates.reflection()
			.onType(Clerk.class)
			.withMemberCategory(MemberCategory.INVOKE_DECLARED_METHODS)).accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Clerk.Card.class, "number")).accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Clerk.Cash.class, "change")).accepts(hints);
	}

	private static FailureAnalysis analyze(Throwable failure) {
		for (FailureAnalyzer analyzer : SpringFactoriesLoader.forDefaultResourceLocation()
			.load(FailureAnalyzer.class, SpringFactoriesLoader.ArgumentResolver.none(), (type, name, error) -> {
			})) {
			FailureAnalysis analysis = analyzer.analyze(failure);
			if (analysis != null && analyzer.getClass().getName().startsWith("io.llmstream.")) {
				return analysis;
			}
		}
		throw new AssertionError("Nobody explains it", failure);
	}

	record Quick(String title, @Max(10) int minutes) {
	}

	@Configuration(proxyBeanMethods = false)
	static class Model {

		@Bean
		StreamFilter model() {
			return (request, next) -> Flux.just(new Token.Text("{\"title\":\"Soup\","),
					new Token.Text("\"minutes\":12}"),
					new Token.Finish(FinishReason.STOP, null, Usage.reported(1, 1), null, null));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableLlmServices(services = Elsewhere.class)
	static class Named {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableLlmServices(basePackageClasses = Home.class)
	static class Packages {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableLlmServices(basePackageClasses = Crowd.class)
	static class Many {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableLlmServices(services = Bad.class)
	static class BadServices {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableLlmServices(services = Clerk.class)
	static class Remembering {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableLlmServices(services = Nowhere.class)
	static class UnknownClient {

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnKitchen {

		static final Kitchen KITCHEN = new Kitchen() {

			@Override
			public Flux<Partial<Dish>> grow(String what) {
				return Flux.empty();
			}

			@Override
			public Flux<Dish> menu(String what) {
				return Flux.empty();
			}

		};

		@Bean
		Kitchen ownKitchen() {
			return KITCHEN;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import({ LlmStreamAutoConfiguration.class, LlmStreamHttpAutoConfiguration.class,
			LlmStreamStructuredOutputAutoConfiguration.class, LlmStreamServicesAutoConfiguration.class })
	static class AheadOfTime {

	}

}
