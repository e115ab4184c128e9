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

package io.llmstream.benchmarks.micro;

import java.time.ZoneOffset;
import java.util.List;

import io.llmstream.EmittingThread;
import io.llmstream.FinishReason;
import io.llmstream.LastRead;
import io.llmstream.LlmStreamClient;
import io.llmstream.StreamRequest;
import io.llmstream.StreamingModel;
import io.llmstream.Token;
import io.llmstream.Usage;
import io.llmstream.observation.ActiveStreams;
import io.llmstream.observation.GenAiConvention;
import io.llmstream.observation.ObservationFilter;
import io.llmstream.observation.ObservationSettings;
import io.llmstream.observation.ObservedTarget;
import io.llmstream.observation.StreamMeters;
import io.llmstream.observation.StreamStatistics;
import io.llmstream.usage.InMemoryUsageStore;
import io.llmstream.usage.UsageLedger;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;

/**
 * The way of one answer through a client, and the filters and the ledger that observe it.
 */
final class ObservationWork {

	private static final StreamRequest REQUEST = StreamRequest.of("hi");

	private static final Token TEXT = new Token.Text(" some words");

	private static final Token FINISH = new Token.Finish(FinishReason.STOP, "stop", Usage.reported(10, 1_000), "r",
			"m");

	/** How fast the answer comes. */
	private static final int PER_MILLISECOND = 20;

	private final LlmStreamClient client;

	private int received;

	/**
	 * Create work.
	 * @param tokens how many tokens the answer has
	 * @param observed whether it is observed
	 */
	ObservationWork(int tokens, boolean observed) {
		StreamingModel answer = (request) -> new Flux<>() {

			@Override
			public void subscribe(CoreSubscriber<? super Token> actual) {
				actual.onSubscribe(new Answer(actual, tokens));
			}

		};
		this.client = (observed) ? observed(answer) : LlmStreamClient.builder("p", answer).build();
	}

	private static LlmStreamClient observed(StreamingModel answer) {
		MeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
		ObservationRegistry observations = ObservationRegistry.create();
		observations.observationConfig().observationHandler(new DefaultMeterObservationHandler(meters));
		ObservationSettings settings = new ObservationSettings(GenAiConvention.LATEST, false, 1, null);
		ObservedTarget target = ObservedTarget.of("p", "openai", "m", "https://llm.example");
		ActiveStreams streams = new ActiveStreams(List.of(new StreamStatistics(), new StreamMeters(meters)));
		StreamingModel model = streams.filter("p")
			.apply(new ObservationFilter(target, observations, meters, settings, null).apply(answer));
		UsageLedger ledger = UsageLedger.builder(new InMemoryUsageStore(1_000, 1_000, ZoneOffset.UTC)).build();
		return LlmStreamClient.builder("p", model).contributors(List.of(ledger)).build();
	}

	/**
	 * Pass the answer on.
	 * @return how many tokens came
	 */
	int run() {
		this.received = 0;
		this.client.stream(REQUEST).subscribe((token) -> this.received++);
		return this.received;
	}

	private static final class Answer implements Subscription {

		private final CoreSubscriber<? super Token> actual;

		private final int tokens;

		private boolean begun;

		private Answer(CoreSubscriber<? super Token> actual, int tokens) {
			this.actual = actual;
			this.tokens = tokens;
		}

		@Override
		public void request(long n) {
			if (!this.begun) {
				this.begun = true;
				LastRead lastRead = LastRead.from(this.actual.currentContext());
				EmittingThread emitting = EmittingThread.from(this.actual.currentContext());
				if (emitting != null) {
					emitting.begin();
				}
				for (int i = 0; i < this.tokens; i++) {
					if (lastRead != null) {
						lastRead.at(i / PER_MILLISECOND);
					}
					this.actual.onNext(TEXT);
				}
				this.actual.onNext(FINISH);
				if (emitting != null) {
					emitting.end();
				}
				this.actual.onComplete();
			}
		}

		@Override
		public void cancel() {
		}

	}

}
