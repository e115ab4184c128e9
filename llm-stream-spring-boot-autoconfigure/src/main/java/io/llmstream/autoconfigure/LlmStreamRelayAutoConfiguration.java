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

import io.llmstream.relay.RelayErrorMapper;
import io.llmstream.relay.RelaySettings;
import io.llmstream.relay.protocol.NativeProtocol;
import io.llmstream.relay.protocol.RelayProtocol;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

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

}
