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

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import io.llmstream.StreamAttempt;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/**
 * Meters of whole streams, which may make several calls: how long they take, how many are
 * active, how often another target had to be asked. Needs {@code micrometer-core}.
 */
public final class StreamMeters implements StreamListener {

	private static final Duration[] BUCKETS = java.util.Arrays.stream(GenAiName.TIMER_BUCKETS_MILLIS)
		.mapToObj(Duration::ofMillis)
		.toArray(Duration[]::new);

	private final MeterRegistry registry;

	private final Map<String, AtomicInteger> active = new ConcurrentHashMap<>();

	/**
	 * Create meters.
	 * @param registry where they are registered
	 */
	public StreamMeters(MeterRegistry registry) {
		this.registry = registry;
	}

	@Override
	public void began(String client) {
		active(client).incrementAndGet();
	}

	private AtomicInteger active(String client) {
		AtomicInteger number = this.active.get(client);
		return (number != null) ? number : this.active.computeIfAbsent(client, this::register);
	}

	private AtomicInteger register(String client) {
		AtomicInteger number = new AtomicInteger();
		Gauge.builder(OwnName.ACTIVE, number, AtomicInteger::get)
			.description("Streams that are being answered")
			.tag(OwnName.CLIENT, client)
			.register(this.registry);
		return number;
	}

	@Override
	public void ended(EndedStream stream) {
		active(stream.client()).decrementAndGet();
		String kind = (stream.errorKind() != null) ? GenAiInferenceConvention.lower(stream.errorKind())
				: GenAiInferenceConvention.NONE;
		Timer.builder(OwnName.STREAM_DURATION)
			.description("Streams, with all that was tried for them")
			.tags(OwnName.CLIENT, stream.client(), OwnName.OUTCOME, GenAiInferenceConvention.outcome(stream.outcome()),
					"error.type", kind)
			.serviceLevelObjectives(BUCKETS)
			.register(this.registry)
			.record(stream.duration());
		Duration first = stream.timeToFirstToken();
		if (first != null) {
			Timer.builder(OwnName.TIME_TO_FIRST_TOKEN)
				.description("Time until a stream's first token, with all that was tried before it")
				.tags(OwnName.CLIENT, stream.client())
				.serviceLevelObjectives(BUCKETS)
				.register(this.registry)
				.record(first);
		}
		for (StreamAttempt failed : stream.failovers()) {
			Counter.builder(OwnName.FAILOVERS)
				.description("Failures after which another target was asked")
				.tags(OwnName.CLIENT, stream.client(), OwnName.PROVIDER, failed.provider())
				.register(this.registry)
				.increment();
		}
	}

}
