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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import io.llmstream.LlmStreamClient;
import io.llmstream.engine.BuiltInDialects;
import io.llmstream.provider.ProviderDialect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the kinds of server that a provider may be.
 */
class KnownTypesTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(LlmStreamAutoConfiguration.class, LlmStreamHttpAutoConfiguration.class));

	static Stream<ProviderDialect> dialects() {
		return BuiltInDialects.all().stream();
	}

	@ParameterizedTest
	@MethodSource("dialects")
	void everyTypeIsAName(ProviderDialect dialect) {
		String provider = "llm-stream.providers." + dialect.type();
		List<String> properties = new ArrayList<>(List.of(provider + ".model=m"));
		if (dialect.requiresApiKey()) {
			properties.add(provider + ".api-key=k");
		}
		if (dialect.defaultBaseUrl() == null) {
			properties.add(provider + ".base-url=http://127.0.0.1:9");
		}
		this.contextRunner.withPropertyValues(properties.toArray(String[]::new))
			.run((context) -> assertThat(context.getBean(LlmStreamClient.class).name()).isEqualTo(dialect.type()));
	}

	@ParameterizedTest
	@MethodSource("dialects")
	void aTypeIsRecognisedInTheFormOfAnEnvironmentVariable(ProviderDialect dialect) {
		String type = dialect.type().replace("-", "").toUpperCase(Locale.ROOT);
		assertThat(new ProviderDialects(List.of()).get("mine", type)).isSameAs(dialect);
	}

	@Test
	void aBeanReplacesTheBuiltInDialectOfItsType() {
		ProviderDialect own = new TestDialect(BuiltInDialects.all().get(0).type(), null, false);
		assertThat(new ProviderDialects(List.of(own)).get("mine", own.type())).isSameAs(own);
	}

	@Test
	void editorsAreToldEveryType() throws IOException {
		try (InputStream metadata = new ClassPathResource("META-INF/additional-spring-configuration-metadata.json")
			.getInputStream()) {
			for (JsonNode hint : JsonMapper.builder().build().readTree(metadata).get("hints")) {
				List<String> values = new ArrayList<>();
				hint.get("values").forEach((value) -> values.add(value.get("value").asString()));
				assertThat(values).containsAll(dialects().map(ProviderDialect::type).toList());
			}
		}
	}

}
