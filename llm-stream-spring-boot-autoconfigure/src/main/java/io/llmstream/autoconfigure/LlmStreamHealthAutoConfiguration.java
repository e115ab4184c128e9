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

import java.util.LinkedHashMap;
import java.util.Map;

import io.llmstream.LlmStreamClient;
import io.llmstream.observation.StreamStatistics;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the health of routes and of providers that belong to no route.
 * Nothing is asked of a provider: health is what circuit breakers and the last attempts
 * say. A route is down if all its targets are.
 */
@AutoConfiguration(after = { LlmStreamAutoConfiguration.class, LlmStreamObservationAutoConfiguration.class })
@ConditionalOnClass({ LlmStreamClient.class, HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean({ StreamStatistics.class, DefaultLlmStreamProviders.class })
@ConditionalOnEnabledHealthIndicator("llmstream")
@EnableConfigurationProperties(LlmStreamHealthProperties.class)
public final class LlmStreamHealthAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = "llmStreamHealthContributor")
	HealthContributor llmStreamHealthContributor(LlmStreamProperties properties, LlmStreamHealthProperties health,
			DefaultLlmStreamProviders providers, StreamStatistics statistics) {
		check(health);
		Map<String, ProviderHealthIndicator> all = new LinkedHashMap<>();
		properties.getProviders()
			.forEach((name, provider) -> all.put(name, new ProviderHealthIndicator(name, providers, statistics, health,
					provider.getProxy().getHost() != null)));
		Map<String, HealthIndicator> contributors = new LinkedHashMap<>(all);
		properties.getRoutes().forEach((name, route) -> {
			Map<String, ProviderHealthIndicator> targets = new LinkedHashMap<>();
			for (RouteProperties.Target target : route.getTargets()) {
				ProviderHealthIndicator indicator = all.get(String.valueOf(target.getProvider()).strip());
				if (indicator != null) {
					targets.put(String.valueOf(target.getProvider()).strip(), indicator);
					contributors.remove(String.valueOf(target.getProvider()).strip());
				}
			}
			contributors.put(name, new RouteHealthIndicator(targets));
		});
		return CompositeHealthContributor.fromMap(contributors);
	}

	private static void check(LlmStreamHealthProperties health) {
		PropertyChecks checks = new PropertyChecks("llm-stream.health.");
		checks.check(health.getFailures() >= 1, "failures", health.getFailures(), "must not be less than 1", "3");
		checks.positive("failure-window", health.getFailureWindow(), "5m");
		checks.positive("probe.timeout", health.getProbe().getTimeout(), "1s");
		checks.positive("probe.interval", health.getProbe().getInterval(), "30s");
	}

}
