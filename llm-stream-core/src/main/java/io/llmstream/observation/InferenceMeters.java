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
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import io.llmstream.StreamAttempt;
import io.llmstream.Usage;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

/**
 * The meters of the calls of providers, but for their duration.
 */
final class InferenceMeters {

	private static final Duration[] TIMER_BUCKETS = Arrays.stream(GenAiName.TIMER_BUCKETS_MILLIS)
		.mapToObj(Duration::ofMillis)
		.toArray(Duration[]::new);

	private static final double[] TOKEN_BUCKETS = Arrays.stream(GenAiName.TOKEN_BUCKETS)
		.mapToDouble((bound) -> bound)
		.toArray();

	private final MeterRegistry registry;

	private final GenAiConvention edition;

	InferenceMeters(MeterRegistry registry, GenAiConvention edition) {
		this.registry = registry;
		this.edition = edition;
	}

	/**
	 * The timer for the chunks of one call. Its tags are those that are known as long as
	 * the answer is not complete.
	 */
	Timer chunks(InferenceContext context) {
		return timer(GenAiName.TIME_PER_OUTPUT_CHUNK, "Time between two chunks of an answer",
				tags(GenAiInferenceConvention.request(context, this.edition)));
	}

	void chunk(Timer chunks, long nanos) {
		chunks.record(nanos, TimeUnit.NANOSECONDS);
	}

	/**
	 * One attempt has ended: what it used has been spent, whatever becomes of the call.
	 */
	void attempt(InferenceContext context, StreamAttempt attempt) {
		String model = GenAiInferenceConvention.orNone(attempt.model());
		Tags tags = Tags.of(OwnName.PROVIDER, attempt.provider(), text(GenAiName.RESPONSE_MODEL), model,
				OwnName.OUTCOME, GenAiInferenceConvention.outcome(attempt.end()), text(GenAiName.ERROR_TYPE),
				(attempt.errorKind() != null) ? GenAiInferenceConvention.lower(attempt.errorKind())
						: GenAiInferenceConvention.NONE);
		Counter.builder(OwnName.ATTEMPTS)
			.description("Attempts to get an answer")
			.tags(tags)
			.register(this.registry)
			.increment();
		used(context, attempt.usage(), model);
	}

	/**
	 * Count what was used. Where nothing is known, 0 is counted, as the conventions have
	 * it, and the meter that says how usage is known tells it from a measured one.
	 */
	private void used(InferenceContext context, Usage usage, String responseModel) {
		Counter.builder(OwnName.USAGE_KNOWN)
			.description("Attempts, by how their usage is known")
			.tags(OwnName.PROVIDER, context.target().provider(), OwnName.SOURCE,
					GenAiInferenceConvention.lower(usage.source()))
			.register(this.registry)
			.increment();
		if (this.edition != GenAiConvention.LATEST) {
			return;
		}
		Tags tags = tags(GenAiInferenceConvention.request(context, this.edition))
			.and(text(GenAiName.RESPONSE_MODEL), responseModel)
			.and(text(GenAiName.TOKEN_MODALITY), "unknown");
		count(GenAiName.INPUT_TOKENS, "Tokens read, cached ones included", usage.inputTokens(), tags);
		count(GenAiName.OUTPUT_TOKENS, "Tokens written, reasoning included", usage.outputTokens(), tags);
		count(GenAiName.CACHE_READ_TOKENS, "Tokens read from a prompt cache", usage.cachedInputTokens(), tags);
		count(GenAiName.CACHE_WRITE_TOKENS, "Tokens written to a prompt cache", usage.cacheWriteInputTokens(), tags);
		count(GenAiName.REASONING_TOKENS, "Tokens that were reasoning", usage.reasoningTokens(), tags);
	}

	void ended(InferenceContext context) {
		KeyValues request = GenAiInferenceConvention.request(context, this.edition);
		Tags tags = tags(request).and(text(GenAiName.RESPONSE_MODEL),
				GenAiInferenceConvention.orNone(context.responseModel()));
		Duration first = context.timeToFirstChunk();
		if (first != null) {
			timer(GenAiName.TIME_TO_FIRST_CHUNK, "Time from the request to the first chunk", tags).record(first);
		}
		Usage usage = context.usage();
		if (context.attempts() == 0) {
			used(context, usage, GenAiInferenceConvention.orNone(context.responseModel()));
		}
		if (usage.source() == Usage.Source.NONE) {
			return;
		}
		if (this.edition == GenAiConvention.LATEST) {
			histogram(GenAiName.OPERATION_INPUT_TOKENS, "Tokens read by one operation", tags)
				.record(usage.inputTokens());
			histogram(GenAiName.OPERATION_OUTPUT_TOKENS, "Tokens written by one operation", tags)
				.record(usage.outputTokens());
		}
		else {
			String type = text(GenAiName.TOKEN_TYPE);
			histogram(GenAiName.TOKEN_USAGE, "Tokens of one operation", tags.and(type, "input"))
				.record(usage.inputTokens());
			histogram(GenAiName.TOKEN_USAGE, "Tokens of one operation", tags.and(type, "output"))
				.record(usage.outputTokens());
		}
	}

	private Timer timer(GenAiName name, String description, Tags tags) {
		return Timer.builder(text(name))
			.description(description)
			.tags(tags)
			.serviceLevelObjectives(TIMER_BUCKETS)
			.register(this.registry);
	}

	// without a base unit, which would become part of the name in Prometheus
	private DistributionSummary histogram(GenAiName name, String description, Tags tags) {
		return DistributionSummary.builder(text(name))
			.description(description)
			.tags(tags)
			.serviceLevelObjectives(TOKEN_BUCKETS)
			.register(this.registry);
	}

	private void count(GenAiName name, String description, long tokens, Tags tags) {
		Counter.builder(text(name)).description(description).tags(tags).register(this.registry).increment(tokens);
	}

	private String text(GenAiName name) {
		return Objects.requireNonNull(name.in(this.edition));
	}

	private static Tags tags(KeyValues values) {
		Tag[] tags = new Tag[Math.toIntExact(values.stream().count())];
		int i = 0;
		for (KeyValue value : values) {
			tags[i++] = Tag.of(value.getKey(), value.getValue());
		}
		return Tags.of(tags);
	}

}
