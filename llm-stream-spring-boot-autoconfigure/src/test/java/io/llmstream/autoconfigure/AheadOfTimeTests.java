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
import java.nio.charset.StandardCharsets;

import io.llmstream.provider.ProviderDialect;
import org.junit.jupiter.api.Test;

import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.GeneratedFiles;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.javapoet.ClassName;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the context can be processed ahead of time.
 */
class AheadOfTimeTests {

	@Test
	void clientsAndPropertiesSurvive() throws IOException {
		InMemoryGeneratedFiles files = new InMemoryGeneratedFiles();
		DefaultGenerationContext generation = new DefaultGenerationContext(
				new ClassNameGenerator(ClassName.get("io.llmstream.autoconfigure", "Application")), files);
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			TestPropertyValues
				.of("llm-stream.providers.test.api-key=sesame", "llm-stream.providers.test.model=m",
						"llm-stream.routes.chat.targets=test", "llm-stream.default-client=test")
				.applyTo(context);
			context.register(Application.class);
			new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
			generation.writeGeneratedContent();
		}
		StringBuilder sources = new StringBuilder();
		for (var source : files.getGeneratedFiles(GeneratedFiles.Kind.SOURCE).values()) {
			try (var input = source.getInputStream()) {
				sources.append(new String(input.readAllBytes(), StandardCharsets.UTF_8));
			}
		}
		assertThat(sources).contains("\"testLlmStreamClient\"")
			.contains("\"chatLlmStreamClient\"")
			.contains("setPrimary(true)")
			.contains("AutowireCandidateQualifier(\"" + LlmProvider.class.getName() + "\", \"test\")")
			.doesNotContain("sesame");
		assertThat(RuntimeHintsPredicates.reflection().onType(ProviderProperties.Timeouts.class))
			.accepts(generation.getRuntimeHints());
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(RouteProperties.Target.class, "of"))
			.accepts(generation.getRuntimeHints());
		assertThat(RuntimeHintsPredicates.reflection().onType(RouteProperties.Continuation.class))
			.accepts(generation.getRuntimeHints());
	}

	@Configuration(proxyBeanMethods = false)
	@Import({ LlmStreamAutoConfiguration.class, LlmStreamHttpAutoConfiguration.class,
			LlmStreamRelayAutoConfiguration.class })
	static class Application {

		@Bean
		ProviderDialect testDialect() {
			return new TestDialect("test", "http://127.0.0.1:9", true);
		}

	}

}
