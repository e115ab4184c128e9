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

import io.llmstream.usage.Budgets;
import io.llmstream.usage.UsageLedger;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the actuator's endpoint {@code llmusage}.
 */
@AutoConfiguration(after = { LlmStreamUsageAutoConfiguration.class, LlmStreamBudgetAutoConfiguration.class })
@ConditionalOnClass({ UsageLedger.class, Endpoint.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnBean(UsageLedger.class)
@ConditionalOnAvailableEndpoint(LlmUsageEndpoint.class)
public final class LlmStreamUsageEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	LlmUsageEndpoint llmUsageEndpoint(UsageLedger ledger, UsageProperties properties, ObjectProvider<Budgets> budgets) {
		return new LlmUsageEndpoint(ledger, properties.getTimeZone(), budgets.getIfAvailable());
	}

}
