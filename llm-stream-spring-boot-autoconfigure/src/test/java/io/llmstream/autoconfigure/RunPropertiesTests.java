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

import io.llmstream.LlmStreamClient;
import io.llmstream.relay.DisconnectPolicy;
import io.llmstream.relay.RunSettings;
import io.llmstream.relay.Runs;
import io.llmstream.relay.endpoint.RunEndpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the properties of runs.
 */
class RunPropertiesTests {

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(LlmStreamAutoConfiguration.class, LlmStreamRelayAutoConfiguration.class));

	@Test
	void defaultsAreThoseOfTheLibrary() {
		this.contextRunner.run((context) -> {
			assertThat(context.getBean(RunSettings.class)).isEqualTo(RunSettings.defaults());
			assertThat(context).hasSingleBean(Runs.class).doesNotHaveBean(RunEndpoint.class);
		});
	}

	@Test
	void everyPropertyArrives() {
		this.contextRunner
			.withPropertyValues("llm-stream.relay.runs.on-disconnect=continue", "llm-stream.relay.runs.grace=1s",
					"llm-stream.relay.runs.time-to-live=2s", "llm-stream.relay.runs.max-run-size=3KB",
					"llm-stream.relay.runs.max-runs=4", "llm-stream.relay.runs.max-runs-per-owner=5")
			.run((context) -> assertThat(context.getBean(RunSettings.class)).isEqualTo(new RunSettings(
					DisconnectPolicy.CONTINUE, Duration.ofSeconds(1), Duration.ofSeconds(2), 3 * 1024, 4, 5)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "runs.grace=-1s", "runs.time-to-live=-1s", "runs.max-run-size=0B",
			"runs.max-run-size=1023B", "runs.max-runs=0", "runs.max-runs-per-owner=0", "endpoints.path=runs",
			"endpoints.path=/runs/", "endpoints.path=/", "endpoints.max-request-size=0B", "endpoints.grace=-1s",
			"endpoints.client=nobody" })
	void aValueThatCannotWorkIsRejectedByName(String property) {
		this.contextRunner
			.withBean("myClient", LlmStreamClient.class,
					() -> LlmStreamClient.create("mine", (request) -> Flux.empty()))
			.withPropertyValues("llm-stream.relay.endpoints.enabled=true", "llm-stream.relay." + property)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidLlmStreamConfigurationException.class)
				.hasMessageContaining("llm-stream.relay." + property.split("=")[0]));
	}

}
