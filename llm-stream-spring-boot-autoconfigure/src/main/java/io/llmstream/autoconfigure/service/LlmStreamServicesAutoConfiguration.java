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

import io.llmstream.LlmStreamClient;
import io.llmstream.autoconfigure.LlmStreamAutoConfiguration;
import io.llmstream.autoconfigure.LlmStreamClients;
import io.llmstream.service.LlmService;
import io.llmstream.service.LlmServiceFactory;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.io.ResourceLoader;

/**
 * Auto-configuration of the interfaces that are annotated with {@link LlmService}.
 */
@AutoConfiguration(after = LlmStreamAutoConfiguration.class)
// after all others, whose conditions then need not look at hundreds of services
@AutoConfigureOrder(Ordered.LOWEST_PRECEDENCE)
@ConditionalOnClass(LlmService.class)
public final class LlmStreamServicesAutoConfiguration {

	static final String FACTORY = "llmServiceFactory";

	@Bean(FACTORY)
	@ConditionalOnMissingBean(name = FACTORY)
	LlmServiceFactory llmServiceFactory(ObjectProvider<LlmStreamClient> client,
			ObjectProvider<LlmStreamClients> clients, BeanFactory beans, ResourceLoader resources) {
		return new LlmServiceFactory((name) -> (name.isEmpty()) ? client.getObject() : clients.getObject().get(name),
				beans::getBean, resources);
	}

	/**
	 * Looks for services, as long as the application does not say where they are.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBooleanProperty(name = "llm-stream.services.scan", matchIfMissing = true)
	@Import(FoundLlmServicesRegistrar.class)
	static class ScanConfiguration {

	}

}
