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

import java.security.Principal;

import io.llmstream.LlmStreamClient;
import io.llmstream.StreamRequest;
import io.llmstream.relay.RelayErrorMapper;
import io.llmstream.relay.RelaySettings;
import io.llmstream.relay.RunLogs;
import io.llmstream.relay.RunSettings;
import io.llmstream.relay.Runs;
import io.llmstream.relay.endpoint.RunEndpoint;
import io.llmstream.relay.endpoint.RunStarter;
import io.llmstream.relay.protocol.NativeProtocol;
import io.llmstream.relay.protocol.RelayProtocol;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Auto-configuration of what the relays of both web stacks have in common.
 */
@AutoConfiguration
@ConditionalOnClass(RelaySettings.class)
@ConditionalOnWebApplication
@EnableConfigurationProperties(LlmStreamProperties.class)
public final class LlmStreamRelayAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	RelaySettings llmStreamRelaySettings(LlmStreamProperties properties) {
		return new RelaySettingsMapper(properties.getRelay()).settings();
	}

	@Bean
	@ConditionalOnMissingBean
	RelayErrorMapper llmStreamRelayErrorMapper() {
		return RelayErrorMapper.safe();
	}

	@Bean
	@ConditionalOnMissingBean
	RelayProtocol llmStreamRelayProtocol() {
		return new NativeProtocol();
	}

	@Bean
	@ConditionalOnMissingBean
	RunSettings llmStreamRunSettings(LlmStreamProperties properties) {
		return new RelaySettingsMapper(properties.getRelay()).runSettings();
	}

	@Bean
	@ConditionalOnMissingBean
	RunLogs llmStreamRunLogs(RelaySettings settings, RunSettings runs) {
		return RunLogs.inMemory(settings, runs);
	}

	@Bean
	@ConditionalOnMissingBean
	Runs llmStreamRuns(RelaySettings settings, RunSettings runs, RelayErrorMapper errors, RunLogs logs) {
		return new Runs(settings, runs, errors, logs);
	}

	/**
	 * What the ready-made endpoints of both web stacks have in common.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBooleanProperty("llm-stream.relay.endpoints.enabled")
	static class EndpointConfiguration {

		@Bean
		@ConditionalOnMissingBean
		RunStarter llmStreamRunStarter(LlmStreamProperties properties, ObjectProvider<LlmStreamClient> client,
				LlmStreamClients clients, ObjectProvider<UsageProperties> usage) {
			String name = properties.getRelay().getEndpoints().getClient();
			if (name != null && !clients.names().contains(name)) {
				throw new PropertyChecks("llm-stream.relay.").invalid("endpoints.client",
						"is '" + name + "', but there is no such client", String.join(" or ", clients.names()));
			}
			LlmStreamClient answering = (name != null) ? clients.get(name) : client.getObject();
			UsageProperties ledger = usage.getIfAvailable();
			String tag = (ledger != null) ? ledger.getPrincipalTag().strip() : "";
			return (request, principal) -> answering
				.stream((principal != null && !tag.isEmpty()) ? tagged(request, tag, principal) : request);
		}

		private static StreamRequest tagged(StreamRequest request, String tag, Principal principal) {
			return request.mutate().tag(tag, principal.getName()).build();
		}

		@Bean
		@ConditionalOnMissingBean
		RunEndpoint llmStreamRunEndpoint(RunStarter starter, Runs runs, LlmStreamProperties properties) {
			RelaySettingsMapper mapper = new RelaySettingsMapper(properties.getRelay());
			return new RunEndpoint(starter, runs, mapper.endpointOptions(), mapper.maxRequestSize());
		}

	}

}
