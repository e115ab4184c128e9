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

import java.util.LinkedHashSet;
import java.util.Set;

import io.llmstream.LlmStreamClient;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.analyzer.AbstractInjectionFailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Explains why there is no client to inject, or more than one. Goes before Spring Boot's
 * own analyzers, which do not know that a property is missing.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class LlmStreamClientInjectionFailureAnalyzer
		extends AbstractInjectionFailureAnalyzer<NoSuchBeanDefinitionException> {

	private final Environment environment;

	LlmStreamClientInjectionFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchBeanDefinitionException cause,
			@Nullable String description) {
		ResolvableType type = cause.getResolvableType();
		if (type == null || type.resolve() != LlmStreamClient.class) {
			return null;
		}
		Set<String> names = names();
		String who = (description != null) ? description : "A component";
		if (cause instanceof NoUniqueBeanDefinitionException) {
			return ambiguous(who, names, cause);
		}
		if (names.isEmpty()) {
			return new FailureAnalysis(who + " required an LlmStreamClient, but no provider is configured.", """
					Configure a provider: set llm-stream.providers.<name>.api-key and .model, for example:

					    llm-stream.providers.openai.api-key=${OPENAI_API_KEY}
					    llm-stream.providers.openai.model=<the model to ask>""", cause);
		}
		return new FailureAnalysis(who
				+ " required an LlmStreamClient, but none matches its injection point. The configured providers and routes are: "
				+ String.join(", ", names) + ".",
				"Name one of them in @LlmProvider or @Qualifier, or configure the one that is named"
						+ " with llm-stream.providers.<name>.api-key and .model.",
				cause);
	}

	private static FailureAnalysis ambiguous(String who, Set<String> names, NoSuchBeanDefinitionException cause) {
		String example = (names.isEmpty()) ? "<name>" : names.iterator().next();
		return new FailureAnalysis(who
				+ " required a single LlmStreamClient, but there are several. The configured providers and routes are: "
				+ String.join(", ", names) + ".",
				"""
						Choose the one to inject where no other is named, for example:

						    llm-stream.default-client=%s

						or name it at the injection point, for example with @LlmProvider("%s").""".formatted(example,
						example),
				cause);
	}

	private Set<String> names() {
		try {
			LlmStreamProperties properties = LlmStreamClientRegistrar.bind(this.environment);
			Set<String> names = new LinkedHashSet<>(properties.getProviders().keySet());
			names.addAll(properties.getRoutes().keySet());
			return names;
		}
		catch (BindException ex) {
			return Set.of();
		}
	}

}
