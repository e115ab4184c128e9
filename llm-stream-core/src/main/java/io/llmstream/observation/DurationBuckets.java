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

package io.llmstream.observation;

import java.util.Arrays;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;

/**
 * Gives the meter of the calls' duration, which Micrometer's own handler of observations
 * makes, the buckets of the conventions, unless the application set others.
 */
public final class DurationBuckets implements MeterFilter {

	private static final double[] NANOS = Arrays.stream(GenAiName.TIMER_BUCKETS_MILLIS)
		.mapToDouble((millis) -> millis * 1e6)
		.toArray();

	private final String name;

	/**
	 * Create a filter.
	 * @param convention which edition of the conventions gives the name
	 */
	public DurationBuckets(GenAiConvention convention) {
		this.name = String.valueOf(GenAiName.DURATION.in(convention));
	}

	@Override
	public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
		if (id.getType() != Meter.Type.TIMER || !id.getName().equals(this.name)) {
			return config;
		}
		return config.merge(DistributionStatisticConfig.builder().serviceLevelObjectives(NANOS).build());
	}

}
