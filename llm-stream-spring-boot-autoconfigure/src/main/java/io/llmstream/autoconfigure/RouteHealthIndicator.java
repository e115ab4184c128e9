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

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * The health of a route: down if all its targets are.
 */
final class RouteHealthIndicator implements HealthIndicator {

	private final Map<String, ProviderHealthIndicator> targets;

	RouteHealthIndicator(Map<String, ProviderHealthIndicator> targets) {
		this.targets = targets;
	}

	@Override
	public Health health() {
		Map<String, Object> details = new LinkedHashMap<>();
		boolean anyUp = false;
		for (Map.Entry<String, ProviderHealthIndicator> target : this.targets.entrySet()) {
			Health health = target.getValue().health();
			anyUp |= !Status.DOWN.equals(health.getStatus());
			Map<String, Object> told = new LinkedHashMap<>();
			told.put("status", health.getStatus().getCode());
			told.putAll(health.getDetails());
			details.put(target.getKey(), told);
		}
		return Health.status((anyUp || this.targets.isEmpty()) ? Status.UP : Status.DOWN)
			.withDetail("targets", details)
			.build();
	}

}
