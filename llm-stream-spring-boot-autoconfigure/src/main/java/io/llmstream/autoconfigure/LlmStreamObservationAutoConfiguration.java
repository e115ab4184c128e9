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

import java.util.List;

import io.llmstream.LlmStreamClient;
import io.llmstream.StreamContextContributor;
import io.llmstream.StreamFilter;
import io.llmstream.engine.ProviderSettings;
import io.llmstream.observation.ActiveStreams;
import io.llmstream.observation.ContextPropagation;
import io.llmstream.observation.DurationBuckets;
import io.llmstream.observation.InferenceConvention;
import io.llmstream.observation.ObservationFilter;
import io.llmstream.observation.ObservationSettings;
import io.llmstream.observation.ObservedTarget;
import io.llmstream.observation.RouteObservationFilter;
import io.llmstream.observation.StreamListener;
import io.llmstream.observation.StreamMeters;
import io.llmstream.observation.StreamStatistics;
import io.llmstream.usage.Budgets;
import io.llmstream.usage.UsageLedger;
import io.micrometer.context.ContextSnapshotFactory;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.observation.ObservationRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Auto-configuration of what can be seen of streams: the list of active ones, recent
 * figures, and, with Micrometer, spans and meters.
 */
@AutoConfiguration(before = LlmStreamAutoConfiguration.class, after = LlmStreamBudgetAutoConfiguration.class,
		afterName = { "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration",
				"org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration" })
@ConditionalOnClass(LlmStreamClient.class)
@ConditionalOnBooleanProperty(name = "llm-stream.observation.enabled", matchIfMissing = true)
@EnableConfigurationProperties(LlmStreamObservationProperties.class)
public final class LlmStreamObservationAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	StreamStatistics llmStreamStatistics() {
		return new StreamStatistics();
	}

	@Bean
	@ConditionalOnMissingBean
	ActiveStreams llmStreamActiveStreams(ObjectProvider<StreamListener> listeners) {
		return new ActiveStreams(listeners.orderedStream().toList());
	}

	@Bean
	BuiltInFilters llmStreamActiveStreamFilters(ActiveStreams streams) {
		return new BuiltInFilters() {

			@Override
			public List<StreamFilter> aroundClient(String client) {
				return List.of(streams.filter(client));
			}

		};
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ MeterRegistry.class, ObservationRegistry.class })
	static class MicrometerConfiguration {

		@Bean
		DurationBuckets llmStreamDurationBuckets(LlmStreamObservationProperties properties) {
			return new DurationBuckets(properties.getConvention());
		}

		@Bean
		@ConditionalOnMissingBean
		@ConditionalOnBean(MeterRegistry.class)
		StreamMeters llmStreamMeters(MeterRegistry registry) {
			return new StreamMeters(registry);
		}

		@Bean
		@ConditionalOnMissingBean
		@ConditionalOnBean(MeterRegistry.class)
		CostMeters llmStreamCostMeters(MeterRegistry registry) {
			return new CostMeters(registry);
		}

		@Bean
		@ConditionalOnMissingBean
		@ConditionalOnBean(UsageLedger.class)
		UsageLedgerMeters llmStreamUsageLedgerMeters(UsageLedger ledger) {
			return new UsageLedgerMeters(ledger);
		}

		@Bean
		@ConditionalOnMissingBean
		@ConditionalOnBean(MeterRegistry.class)
		BudgetRefusalMeters llmStreamBudgetRefusalMeters(MeterRegistry registry) {
			return new BudgetRefusalMeters(registry);
		}

		@Bean
		@ConditionalOnMissingBean
		@ConditionalOnBean(Budgets.class)
		BudgetStoreMeters llmStreamBudgetStoreMeters(Budgets budgets) {
			return new BudgetStoreMeters(budgets);
		}

		@Bean
		BuiltInFilters llmStreamObservationFilters(LlmStreamObservationProperties properties,
				ObjectProvider<ObservationRegistry> observations, ObjectProvider<MeterRegistry> meters,
				ObjectProvider<InferenceConvention> convention) {
			ObservationSettings settings = properties.settings();
			ObservationRegistry registry = observations.getIfAvailable(() -> ObservationRegistry.NOOP);
			MeterRegistry meterRegistry = meters.getIfAvailable(CompositeMeterRegistry::new);
			return new BuiltInFilters() {

				@Override
				public List<StreamFilter> aroundProvider(ProviderSettings provider) {
					ObservedTarget target = ObservedTarget.of(provider.name(), provider.dialect().type(),
							provider.defaultModel(), provider.baseUrl());
					return List.of(new ObservationFilter(target, registry, meterRegistry, settings,
							convention.getIfAvailable()));
				}

				@Override
				public List<StreamFilter> aroundRoute(String route) {
					return List.of(new RouteObservationFilter(route, registry));
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ContextSnapshotFactory.class)
	static class ContextPropagationConfiguration {

		@Bean
		StreamContextContributor llmStreamContextCapture() {
			return (client, request) -> ContextPropagation::capture;
		}

		@Bean
		BuiltInFilters llmStreamContextFilters() {
			return new BuiltInFilters() {

				@Override
				public StreamFilter around(StreamFilter filter) {
					return ContextPropagation.around(filter);
				}

			};
		}

	}

}
