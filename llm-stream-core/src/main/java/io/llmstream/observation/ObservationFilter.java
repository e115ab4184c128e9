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

import java.util.function.LongSupplier;

import io.llmstream.AttemptLedger;
import io.llmstream.StreamFilter;
import io.llmstream.StreamFilterOrder;
import io.llmstream.StreamRequest;
import io.llmstream.StreamingModel;
import io.llmstream.Token;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

import org.springframework.core.Ordered;

/**
 * Observes the calls of one provider: a span of kind CLIENT for each, its retries
 * included, and meters for the time to the first chunk, the time between chunks and the
 * tokens, all recorded on completion, error and cancel. The duration's meter comes from
 * the observation, by Micrometer's own handler for meters.
 * <p>
 * The observation is in the Reactor context of what is inside, so that the HTTP client's
 * span is a child of it. Its parent is the observation in the subscriber's context, or
 * else the current one of the thread that subscribes.
 * <p>
 * A token costs a look at the clock, and a chunk a sample; nothing is allocated for it.
 * Tokens that come within a tenth of a millisecond have been read at once, and are one
 * chunk. While the subscriber has not asked for more, no time between chunks is counted.
 * <p>
 * Needs {@code micrometer-core} on the classpath.
 */
public final class ObservationFilter implements StreamFilter, Ordered {

	private final ObservedTarget target;

	private final ObservationRegistry observations;

	private final InferenceMeters meters;

	private final ObservationSettings settings;

	private final InferenceConvention defaultConvention;

	private final @Nullable InferenceConvention convention;

	private final LongSupplier nanos;

	/**
	 * Create a filter.
	 * @param target who is asked
	 * @param observations where observations go
	 * @param meters where meters are registered
	 * @param settings what is observed
	 * @param convention names and attributes of the observation, or {@code null} for
	 * those of OpenTelemetry
	 */
	public ObservationFilter(ObservedTarget target, ObservationRegistry observations, MeterRegistry meters,
			ObservationSettings settings, @Nullable InferenceConvention convention) {
		this(target, observations, meters, settings, convention, System::nanoTime);
	}

	ObservationFilter(ObservedTarget target, ObservationRegistry observations, MeterRegistry meters,
			ObservationSettings settings, @Nullable InferenceConvention convention, LongSupplier nanos) {
		this.nanos = nanos;
		this.target = target;
		this.observations = observations;
		this.meters = new InferenceMeters(meters, settings.convention());
		this.settings = settings;
		this.defaultConvention = new GenAiInferenceConvention(settings);
		this.convention = convention;
	}

	@Override
	public int getOrder() {
		return StreamFilterOrder.OBSERVATION;
	}

	@Override
	public Flux<Token> filter(StreamRequest request, StreamingModel next) {
		return AttemptLedger.keep(new Flux<>() {

			@Override
			public void subscribe(CoreSubscriber<? super Token> actual) {
				InferenceContext context = new InferenceContext(ObservationFilter.this.target, request);
				ObservedCall call = new ObservedCall(actual, context, start(actual, context),
						ObservationFilter.this.meters, ObservationFilter.this.settings, ObservationFilter.this.nanos);
				Flux<Token> tokens;
				try {
					tokens = next.stream(request);
				}
				catch (RuntimeException ex) {
					tokens = Flux.error(ex);
				}
				tokens.subscribe(call);
			}

		});
	}

	/**
	 * Begin to observe. Where the application's conventions or handlers cannot, the
	 * stream is not observed, and goes on.
	 */
	private Observation start(CoreSubscriber<? super Token> actual, InferenceContext context) {
		try {
			return observe(actual, context);
		}
		catch (RuntimeException ex) {
			Operators.onErrorDropped(ex, actual.currentContext());
			return Observation.NOOP;
		}
	}

	private Observation observe(CoreSubscriber<? super Token> actual, InferenceContext context) {
		Observation observation = Observation.createNotStarted(this.convention, this.defaultConvention, () -> context,
				this.observations);
		Observation parent = actual.currentContext().getOrDefault(ObservationThreadLocalAccessor.KEY, null);
		if (parent != null) {
			observation.parentObservation(parent);
		}
		if (this.settings.captureContent()) {
			ContentJson json = new ContentJson(this.settings.maxContentLength());
			String instructions = json.instructions(context.request().messages());
			context.captured(json.messages(context.request().messages()), instructions);
		}
		return observation.start();
	}

	@Override
	public String toString() {
		return "ObservationFilter[" + this.target.provider() + "]";
	}

}
