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

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

import io.llmstream.observation.OwnName;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Gauges of the relay to browsers. For the use of the auto-configuration alone.
 */
public final class RelayMeters implements MeterBinder {

	private final IntSupplier connections;

	private final IntSupplier runs;

	private final Supplier<Duration> lag;

	/**
	 * Create meters.
	 * @param connections tells how many browsers are connected
	 * @param runs tells how many runs are active
	 * @param lag tells for how long the slowest browser has been keeping a write waiting
	 */
	public RelayMeters(IntSupplier connections, IntSupplier runs, Supplier<Duration> lag) {
		this.connections = connections;
		this.runs = runs;
		this.lag = lag;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		Gauge.builder(OwnName.RELAY_CONNECTIONS, this.connections, IntSupplier::getAsInt)
			.description("Browsers that are connected to the relay")
			.strongReference(true)
			.register(registry);
		Gauge.builder(OwnName.RELAY_RUNS, this.runs, IntSupplier::getAsInt)
			.description("Runs that outlive their connections and are active")
			.strongReference(true)
			.register(registry);
		TimeGauge.builder(OwnName.RELAY_LAG, this.lag, TimeUnit.NANOSECONDS, (lag) -> lag.get().toNanos())
			.description("For how long the slowest browser has been keeping a write waiting")
			.strongReference(true)
			.register(registry);
	}

}
