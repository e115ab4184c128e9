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

import io.llmstream.LlmStreamClient;
import io.llmstream.observation.ActiveStreams;
import io.llmstream.observation.StreamStatistics;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.info.ConditionalOnEnabledInfoContributor;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ImportRuntimeHints;

/**
 * Auto-configuration of the actuator endpoint {@code llmstream}, of the live page on top
 * of it, and of what the {@code info} endpoint tells.
 */
@AutoConfiguration(after = { LlmStreamAutoConfiguration.class, LlmStreamObservationAutoConfiguration.class })
@ConditionalOnClass({ LlmStreamClient.class, ConditionalOnAvailableEndpoint.class })
@ImportRuntimeHints(LlmStreamEndpointAutoConfiguration.DashboardRuntimeHints.class)
@ConditionalOnBean({ ActiveStreams.class, StreamStatistics.class, DefaultLlmStreamProviders.class })
public final class LlmStreamEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnAvailableEndpoint
	LlmStreamEndpoint llmStreamEndpoint(ActiveStreams streams, StreamStatistics statistics,
			DefaultLlmStreamProviders providers, LlmStreamProperties properties) {
		return new LlmStreamEndpoint(streams, new StreamReports(providers, properties, streams, statistics));
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBooleanProperty("llm-stream.dashboard.enabled")
	@ConditionalOnAvailableEndpoint
	LlmStreamDashboardEndpoint llmStreamDashboardEndpoint() {
		return new LlmStreamDashboardEndpoint();
	}

	@Bean
	@ConditionalOnMissingBean(name = "llmStreamInfoContributor")
	@ConditionalOnEnabledInfoContributor("llmstream")
	InfoContributor llmStreamInfoContributor(LlmStreamProperties properties, DefaultLlmStreamProviders providers) {
		return new LlmStreamInfoContributor(properties, providers);
	}

	/**
	 * Keeps the files of the page in native images.
	 */
	static final class DashboardRuntimeHints implements RuntimeHintsRegistrar {

		@Override
		public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
			hints.resources().registerPattern(LlmStreamDashboardEndpoint.FOLDER + "*");
		}

	}

}
