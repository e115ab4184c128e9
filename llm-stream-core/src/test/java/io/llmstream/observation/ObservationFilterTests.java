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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.llmstream.AttemptLedger;
import io.llmstream.ErrorKind;
import io.llmstream.LastRead;
import io.llmstream.LlmStreamException;
import io.llmstream.StreamAttempt;
import io.llmstream.StreamOutcome;
import io.llmstream.StreamRequest;
import io.llmstream.StreamingModel;
import io.llmstream.Token;
import io.micrometer.common.KeyValues;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.util.context.ContextView;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ObservationFilter}.
 */
class ObservationFilterTests {

	private static final Duration LIMIT = Duration.ofSeconds(10);

	private static final ObservedTarget TARGET = new ObservedTarget("p", "openai", "m", "llm.example", 443);

	private final List<Observation.Context> spans = new ArrayList<>();

	private final ObservationRegistry observations = recording(this.spans);

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final AtomicLong now = new AtomicLong();

	private int looks;

	private static ObservationRegistry recording(List<Observation.Context> spans) {
		ObservationRegistry registry = ObservationRegistry.create();
		registry.observationConfig().observationHandler(new ObservationHandler<>() {

			@Override
			public void onStop(Observation.Context context) {
				spans.add(context);
			}

			@Override
			public boolean supportsContext(Observation.Context context) {
				return true;
			}

		});
		return registry;
	}

	private StreamingModel observed(StreamingModel model) {
		return observed(model, ObservationSettings.defaults());
	}

	private StreamingModel observed(StreamingModel model, ObservationSettings settings) {
		this.observations.observationConfig().observationHandler(new DefaultMeterObservationHandler(this.meters));
		this.meters.config().meterFilter(new DurationBuckets(settings.convention()));
		StreamingModel filtered = new ObservationFilter(TARGET, this.observations, this.meters, settings, null,
				this::now)
			.apply(model);
		return (request) -> AttemptLedger.keep(filtered.stream(request));
	}

	private Flux<Token> ask(StreamingModel model) {
		return observed(model).stream(StreamRequest.of("a secret question"));
	}

	private Timer timer(GenAiName name) {
		return this.meters.get(name.in(GenAiConvention.LATEST)).timer();
	}

	private double count(GenAiName name) {
		return this.meters.get(name.in(GenAiConvention.LATEST)).counter().count();
	}

	private Observation.Context observation() {
		return this.spans.get(0);
	}

	private long now() {
		this.looks++;
		return this.now.get();
	}

	@Test
	void aCompleteAnswerHasTheSpanAndTheMetersOfTheConvention() {
		StreamingModel answer = Answers.model(Answers.text("a", "b", "c"));
		StepVerifier.create(ask((request) -> answer.stream(request).doOnNext((token) -> this.now.addAndGet(1_000_000))))
			.expectNextCount(4)
			.expectComplete()
			.verify(LIMIT);
		Observation.Context span = observation();
		assertThat(span.getContextualName()).isEqualTo("chat m");
		assertThat(span.getName()).isEqualTo("gen_ai.client.inference.duration");
		assertThat(text(span.getLowCardinalityKeyValues())).contains("gen_ai.operation.name=chat",
				"gen_ai.provider.name=openai", "gen_ai.request.model=m", "gen_ai.response.model=m-2026",
				"server.address=llm.example", "server.port=443", "error.type=none", "llm.stream.provider=p",
				"llm.stream.outcome=completed");
		assertThat(text(span.getHighCardinalityKeyValues()))
			.contains("gen_ai.request.stream=true", "gen_ai.response.id=resp-1",
					"gen_ai.response.finish_reasons=[\"stop\"]", "gen_ai.usage.input_tokens=30",
					"gen_ai.usage.output_tokens=12", "gen_ai.usage.cache_read.input_tokens=10",
					"gen_ai.usage.cache_write.input_tokens=5", "gen_ai.usage.reasoning.output_tokens=4")
			.anyMatch((value) -> value.startsWith("gen_ai.response.time_to_first_chunk="));
		assertThat(timer(GenAiName.DURATION).count()).isEqualTo(1);
		assertThat(timer(GenAiName.DURATION).takeSnapshot().histogramCounts()).hasSize(14);
		assertThat(timer(GenAiName.TIME_TO_FIRST_CHUNK).count()).isEqualTo(1);
		assertThat(timer(GenAiName.TIME_PER_OUTPUT_CHUNK).count()).as("one for each chunk after the first")
			.isEqualTo(2);
		assertThat(count(GenAiName.INPUT_TOKENS)).isEqualTo(30);
		assertThat(count(GenAiName.OUTPUT_TOKENS)).isEqualTo(12);
		assertThat(count(GenAiName.CACHE_READ_TOKENS)).isEqualTo(10);
		assertThat(count(GenAiName.CACHE_WRITE_TOKENS)).isEqualTo(5);
		assertThat(count(GenAiName.REASONING_TOKENS)).isEqualTo(4);
		assertThat(this.meters.get("gen_ai.client.inference.operation.output_tokens").summary().totalAmount())
			.isEqualTo(12);
		assertThat(this.meters.get(OwnName.USAGE_KNOWN).tag(OwnName.SOURCE, "reported").counter().count()).isEqualTo(1);
	}

	@Test
	void thePublishedEditionHasItsOwnNames() {
		ObservationSettings settings = new ObservationSettings(GenAiConvention.V1_41, false, 100, null);
		StepVerifier.create(observed(Answers.model(Answers.text("a", "b")), settings).stream(StreamRequest.of("hi")))
			.expectNextCount(3)
			.expectComplete()
			.verify(LIMIT);
		assertThat(this.meters.getMeters()).extracting((meter) -> meter.getId().getName())
			.contains("gen_ai.client.operation.duration", "gen_ai.client.operation.time_to_first_chunk",
					"gen_ai.client.operation.time_per_output_chunk", "gen_ai.client.token.usage")
			.noneMatch((name) -> name.startsWith("gen_ai.client.inference"));
		assertThat(this.meters.get("gen_ai.client.token.usage").tag("gen_ai.token.type", "output").summary().count())
			.isEqualTo(1);
		assertThat(text(observation().getHighCardinalityKeyValues()))
			.contains("gen_ai.usage.cache_creation.input_tokens=5");
	}

	@Test
	void aFailureIsRecordedWithItsKindAndZeroTokens() {
		StepVerifier
			.create(ask(Answers.model(
					Flux.<Token>just(new Token.Text("a")).concatWith(Flux.error(Answers.error(ErrorKind.OVERLOADED))))))
			.expectNextCount(1)
			.expectErrorMatches((error) -> true)
			.verify(LIMIT);
		Observation.Context span = observation();
		assertThat(span.getError()).isNotNull();
		assertThat(text(span.getLowCardinalityKeyValues())).contains("error.type=overloaded",
				"llm.stream.outcome=failed");
		assertThat(text(span.getHighCardinalityKeyValues())).contains("gen_ai.response.finish_reasons=[\"error\"]");
		assertThat(count(GenAiName.INPUT_TOKENS)).isZero();
		assertThat(this.meters.get(OwnName.USAGE_KNOWN).tag(OwnName.SOURCE, "none").counter().count()).isEqualTo(1);
		assertThat(this.meters.find("gen_ai.client.inference.operation.input_tokens").summary())
			.as("nothing is known of it, so it is no sample")
			.isNull();
		assertThat(this.meters.get(OwnName.ATTEMPTS).tag("error.type", "overloaded").counter().count()).isEqualTo(1);
	}

	@Test
	void aCancelIsRecordedWithWhatItsAttemptUsed() {
		StepVerifier.create(ask(Answers.model(Flux.<Token>just(new Token.Text("a")).concatWith(Flux.never()))))
			.expectNextCount(1)
			.thenCancel()
			.verify(LIMIT);
		Observation.Context span = observation();
		assertThat(text(span.getLowCardinalityKeyValues())).contains("error.type=none", "llm.stream.outcome=cancelled");
		assertThat(text(span.getHighCardinalityKeyValues())).contains("gen_ai.usage.input_tokens=7",
				"gen_ai.response.finish_reasons=[\"error\"]");
		assertThat(count(GenAiName.OUTPUT_TOKENS)).isEqualTo(3);
		assertThat(timer(GenAiName.DURATION).count()).isEqualTo(1);
	}

	@Test
	void aCancelIsRecordedOnceItsAttemptHasEndedOnAnotherThread() {
		ContextView[] inside = new ContextView[1];
		StepVerifier.create(ask((request) -> Flux.deferContextual((context) -> {
			inside[0] = context;
			AttemptLedger.begin(context, "p", "m");
			return Flux.never();
		}))).expectSubscription().thenCancel().verify(LIMIT);
		assertThat(this.meters.find("gen_ai.client.inference.duration").timer())
			.as("the attempt has not said what it used")
			.isNull();
		AttemptLedger.record(inside[0], new StreamAttempt("p", "m", "m", StreamOutcome.End.CANCELLED, null, null, null,
				Duration.ZERO, Duration.ZERO, null, 0, Answers.USAGE, null, null));
		assertThat(timer(GenAiName.DURATION).count()).isEqualTo(1);
		assertThat(count(GenAiName.INPUT_TOKENS)).isEqualTo(30);
	}

	@Test
	void whoLeavesAfterTheLastTokenHasCancelledNothing() {
		StepVerifier.create(ask(Answers.model(Answers.text("a").concatWith(Flux.never()))))
			.expectNextCount(2)
			.thenCancel()
			.verify(LIMIT);
		assertThat(text(observation().getLowCardinalityKeyValues())).contains("llm.stream.outcome=completed");
	}

	@Test
	void retriesAreOneSpanAndAllThatTheyUsedCounts() {
		AtomicInteger tries = new AtomicInteger();
		StreamingModel flaky = (request) -> Flux.defer(() -> (tries.getAndIncrement() == 0)
				? Answers.model(Flux.error(Answers.error(ErrorKind.RATE_LIMITED))).stream(request)
				: Answers.model(Answers.text("a")).stream(request));
		StepVerifier.create(ask((request) -> flaky.stream(request).retry(1)))
			.expectNextCount(2)
			.expectComplete()
			.verify(LIMIT);
		assertThat(this.spans).hasSize(1);
		assertThat(this.meters.get(OwnName.ATTEMPTS).counters()).hasSize(2);
		assertThat(count(GenAiName.INPUT_TOKENS)).isEqualTo(30);
	}

	@Test
	void whatIsInsideFindsTheObservationAndItsParent() {
		Observation parent = Observation.start("parent", this.observations);
		Observation[] seen = new Observation[1];
		StreamingModel model = (request) -> Flux.deferContextual((context) -> {
			seen[0] = context.get(ObservationThreadLocalAccessor.KEY);
			return Answers.text("a");
		});
		StepVerifier
			.create(ask(model).contextWrite((context) -> context.put(ObservationThreadLocalAccessor.KEY, parent)))
			.expectNextCount(2)
			.expectComplete()
			.verify(LIMIT);
		assertThat(seen[0].getContext()).isInstanceOf(InferenceContext.class);
		assertThat(seen[0].getContext().getParentObservation()).isSameAs(parent);
	}

	@Test
	void aModelThatKeepsNoAccountIsCountedByItsFinish() {
		StepVerifier.create(ask((request) -> Answers.text("a"))).expectNextCount(2).expectComplete().verify(LIMIT);
		assertThat(count(GenAiName.INPUT_TOKENS)).isEqualTo(30);
	}

	@Test
	void aSlowReaderIsNoSlowProvider() {
		TestPublisher<Token> tokens = TestPublisher.create();
		StepVerifier.create(ask((request) -> tokens.flux()), 1)
			.then(() -> tokens.next(new Token.Text("a")))
			.expectNextCount(1)
			.then(() -> this.now.addAndGet(60_000_000_000L))
			.thenRequest(1)
			.then(() -> this.now.addAndGet(5_000_000))
			.then(() -> tokens.next(new Token.Text("b")))
			.expectNextCount(1)
			.thenCancel()
			.verify(LIMIT);
		assertThat(timer(GenAiName.TIME_PER_OUTPUT_CHUNK).max(TimeUnit.MILLISECONDS)).isEqualTo(5);
	}

	@Test
	void whatIsReadAtOnceIsOneChunkAndNoTimeIsLost() {
		TestPublisher<Token> tokens = TestPublisher.create();
		StepVerifier.create(ask((request) -> tokens.flux())).then(() -> {
			for (int read = 0; read < 3; read++) {
				for (int i = 0; i < 50; i++) {
					tokens.next(new Token.Text("a"));
					this.now.addAndGet(1_000);
				}
				this.now.addAndGet(20_000_000);
			}
			tokens.next(new Token.Text("z"));
		}).expectNextCount(151).thenCancel().verify(LIMIT);
		Timer chunks = timer(GenAiName.TIME_PER_OUTPUT_CHUNK);
		assertThat(chunks.count()).isEqualTo(3);
		assertThat(chunks.totalTime(TimeUnit.MICROSECONDS)).isEqualTo(3 * 20_050);
	}

	@Test
	void aModelThatTellsWhenItReadsHasTheClockLookedAtOncePerMillisecond() {
		TestPublisher<Token> tokens = TestPublisher.create();
		LastRead[] lastRead = new LastRead[1];
		StreamingModel model = (request) -> Flux.deferContextual((context) -> {
			lastRead[0] = LastRead.from(context);
			return tokens.flux();
		});
		StepVerifier.create(ask(model)).then(() -> {
			for (int read = 0; read < 4; read++) {
				lastRead[0].at(read);
				tokens.next(new Token.Text("a"), new Token.Text("b"), new Token.Text("c"));
				this.now.addAndGet(20_000_000);
			}
		}).expectNextCount(12).thenCancel().verify(LIMIT);
		Timer chunks = timer(GenAiName.TIME_PER_OUTPUT_CHUNK);
		assertThat(chunks.count()).isEqualTo(3);
		assertThat(chunks.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(3 * 20);
		assertThat(this.looks).as("at the start, when asked for more, and at each read").isEqualTo(2 + 4);
	}

	@Test
	void contentIsCapturedOnlyIfThatIsWanted() {
		StepVerifier.create(ask(Answers.model(Answers.text("an ", "answer"))))
			.expectNextCount(3)
			.expectComplete()
			.verify(LIMIT);
		assertThat(observation().getAllKeyValues().toString()).doesNotContain("secret").doesNotContain("answer");
		List<Observation.Context> other = new ArrayList<>();
		ObservationSettings settings = new ObservationSettings(GenAiConvention.LATEST, true, 9, "conversation");
		StreamRequest request = StreamRequest.builder()
			.system("be nice")
			.user("a secret question")
			.tag("conversation", "c-7")
			.maxOutputTokens(5)
			.stop("x\"y")
			.build();
		StepVerifier
			.create(new ObservationFilter(TARGET, recording(other), this.meters, settings, null).filter(request,
					Answers.model(Answers.text("an ", "answer"))))
			.expectNextCount(3)
			.expectComplete()
			.verify(LIMIT);
		List<String> values = text(other.get(0).getHighCardinalityKeyValues());
		assertThat(values).contains("gen_ai.system_instructions=[{\"type\":\"text\",\"content\":\"be nice\"}]",
				"gen_ai.input.messages=[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"a …\"}]}]",
				"gen_ai.output.messages=[{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":\"an answer\"}],\"finish_reason\":\"stop\"}]",
				"gen_ai.conversation.id=c-7", "gen_ai.request.max_tokens=5",
				"gen_ai.request.stop_sequences=[\"x\\\"y\"]");
	}

	@Test
	void metersOfOneNameHaveTheSameTags() {
		StepVerifier.create(ask(Answers.model(Answers.text("a", "b"))))
			.expectNextCount(3)
			.expectComplete()
			.verify(LIMIT);
		StepVerifier.create(ask(Answers.model(Flux.error(Answers.error(ErrorKind.CONNECT)))))
			.expectError()
			.verify(LIMIT);
		for (Meter meter : this.meters.getMeters()) {
			assertThat(this.meters.find(meter.getId().getName()).meters())
				.extracting((other) -> other.getId().getTags().stream().map((tag) -> tag.getKey()).toList())
				.containsOnly(meter.getId().getTags().stream().map((tag) -> tag.getKey()).toList());
		}
	}

	/** An application's handler that throws at some point. */
	private ObservationHandler<Observation.Context> broken(boolean atStart) {
		return new ObservationHandler<>() {

			@Override
			public void onStart(Observation.Context context) {
				if (atStart) {
					throw new IllegalStateException("broken");
				}
			}

			@Override
			public void onStop(Observation.Context context) {
				throw new IllegalStateException("broken");
			}

			@Override
			public boolean supportsContext(Observation.Context context) {
				return true;
			}

		};
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aHandlerThatThrowsKeepsNoEndFromTheSubscriber(boolean atStart) {
		this.observations.observationConfig().observationHandler(broken(atStart));
		StreamingModel model = observed(Answers.model(Answers.text("a")));
		StepVerifier.create(model.stream(StreamRequest.of("hi"))).expectNextCount(2).expectComplete().verify(LIMIT);
		TestPublisher<Token> answer = TestPublisher.create();
		StepVerifier.create(observed(Answers.model(answer.flux())).stream(StreamRequest.of("hi")))
			.then(() -> answer.next(new Token.Text("a")).error(Answers.error(ErrorKind.OVERLOADED)))
			.expectNextCount(1)
			.expectError(LlmStreamException.class)
			.verify(LIMIT);
	}

	private static List<String> text(KeyValues values) {
		return values.stream().map((value) -> value.getKey() + "=" + value.getValue()).toList();
	}

}
