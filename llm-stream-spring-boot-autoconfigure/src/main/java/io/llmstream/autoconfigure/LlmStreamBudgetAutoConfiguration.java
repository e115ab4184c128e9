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
import io.llmstream.usage.Budgets;
import io.llmstream.usage.UsageLedger;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Auto-configuration of {@link Budgets}: what users, tenants or all may use.
 */
@AutoConfiguration(after = LlmStreamUsageAutoConfiguration.class, before = LlmStreamAutoConfiguration.class)
@ConditionalOnClass(LlmStreamClient.class)
@EnableConfigurationProperties(BudgetProperties.class)
public final class LlmStreamBudgetAutoConfiguration {

	/**
	 * Budgets go by what the ledger knows.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBean(UsageLedger.class)
	@EnableConfigurationProperties(UsageProperties.class)
	static class BudgetConfiguration {

		@Bean
		@ConditionalOnMissingBean
		Budgets llmStreamBudgets(UsageLedger ledger, BudgetProperties properties, UsageProperties usage) {
			return new Budgets(ledger, BudgetMapper.budgets(properties), usage.getTimeZone(),
					properties.getReservedOutputTokens());
		}

	}

	/**
	 * A budget that nothing keeps would be worse than none.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingBean({ UsageLedger.class, Budgets.class })
	static class NoLedgerConfiguration {

		NoLedgerConfiguration(BudgetProperties properties) {
			if (!properties.getLimits().isEmpty()) {
				throw new InvalidLlmStreamConfigurationException(
						"The property llm-stream.budgets.limits is set, but the usage ledger, which budgets go by, is switched off.",
						"Set llm-stream.usage.enabled=true, or remove the limits.");
			}
		}

	}

}
