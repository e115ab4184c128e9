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
import java.util.List;
import java.util.Locale;
import java.util.Objects;

import io.llmstream.FinishReason;
import io.llmstream.StreamOutcome;
import io.llmstream.StreamRequest;
import io.llmstream.Usage;
import io.micrometer.common.KeyValues;
import org.jspecify.annotations.Nullable;

/**
 * The observation of one call of a provider in the words of OpenTelemetry's semantic
 * conventions for generative AI.
 * <p>
 * Its name is that of the duration's meter, so that Micrometer's handler for meters
 * records just this one; the span is called after operation and model. Where an attribute
 * of a meter has no value it is {@code none}, since Prometheus wants the same attributes
 * on all of a meter's series.
 */
public class GenAiInferenceConvention implements InferenceConvention {

	static final String NONE = "none";

	private final ObservationSettings settings;

	private final GenAiConvention edition;

	/**
	 * Create a convention.
	 * @param settings say which edition gives the names, and whether content is captured
	 */
	public GenAiInferenceConvention(ObservationSettings settings) {
		this.settings = settings;
		this.edition = settings.convention();
	}

	@Override
	public String getName() {
		return Objects.requireNonNull(GenAiName.DURATION.in(this.edition));
	}

	@Override
	public String getContextualName(InferenceContext context) {
		String model = context.requestModel();
		return (model != null) ? context.target().operationName() + " " + model : context.target().operationName();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(InferenceContext context) {
		return request(context, this.edition).and(text(GenAiName.RESPONSE_MODEL), orNone(context.responseModel()))
			.and(text(GenAiName.ERROR_TYPE), errorType(context))
			.and(OwnName.OUTCOME, outcome(context.outcome()));
	}

	/**
	 * What is known of a call before it is answered, as tags.
	 */
	static KeyValues request(InferenceContext context, GenAiConvention edition) {
		ObservedTarget target = context.target();
		return KeyValues.of(text(GenAiName.OPERATION_NAME, edition), target.operationName(),
				text(GenAiName.PROVIDER_NAME, edition), target.providerName(), text(GenAiName.REQUEST_MODEL, edition),
				orNone(context.requestModel()), text(GenAiName.SERVER_ADDRESS, edition), orNone(target.address()),
				text(GenAiName.SERVER_PORT, edition), (target.port() >= 0) ? Integer.toString(target.port()) : NONE,
				OwnName.PROVIDER, target.provider());
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(InferenceContext context) {
		Attributes attributes = new Attributes(this.edition);
		request(context.request(), attributes);
		attributes.add(GenAiName.RESPONSE_ID, context.responseId());
		if (context.outcome() != null) {
			attributes.add(GenAiName.FINISH_REASONS, "[\"" + finishReason(context.finishReason()) + "\"]");
		}
		Duration first = context.timeToFirstChunk();
		attributes.add(GenAiName.RESPONSE_TIME_TO_FIRST_CHUNK, (first != null) ? first.toNanos() / 1e9 : null);
		Usage usage = context.usage();
		if (usage.source() != Usage.Source.NONE) {
			attributes.add(GenAiName.USAGE_INPUT_TOKENS, usage.inputTokens());
			attributes.add(GenAiName.USAGE_OUTPUT_TOKENS, usage.outputTokens());
			attributes.add(GenAiName.USAGE_CACHE_READ_TOKENS, usage.cachedInputTokens());
			attributes.add(GenAiName.USAGE_CACHE_WRITE_TOKENS, usage.cacheWriteInputTokens());
			attributes.add(GenAiName.USAGE_REASONING_TOKENS, usage.reasoningTokens());
		}
		attributes.add(GenAiName.INPUT_MESSAGES, context.inputMessages());
		attributes.add(GenAiName.SYSTEM_INSTRUCTIONS, context.systemInstructions());
		attributes.add(GenAiName.OUTPUT_MESSAGES, context.outputMessages());
		return attributes.values;
	}

	private void request(StreamRequest request, Attributes attributes) {
		attributes.add(GenAiName.REQUEST_STREAM, true);
		attributes.add(GenAiName.REQUEST_MAX_TOKENS, request.maxOutputTokens());
		attributes.add(GenAiName.REQUEST_TEMPERATURE, request.temperature());
		attributes.add(GenAiName.REQUEST_TOP_P, request.topP());
		attributes.add(GenAiName.REQUEST_SEED, request.seed());
		List<String> stop = request.stop();
		attributes.add(GenAiName.REQUEST_STOP_SEQUENCES, (stop.isEmpty()) ? null : ContentJson.strings(stop));
		if (request.reasoning() != null && request.reasoning().effort() != null) {
			attributes.add(GenAiName.REQUEST_REASONING_LEVEL, lower(request.reasoning().effort()));
		}
		attributes.add(GenAiName.OUTPUT_TYPE, (request.responseFormat() != null) ? "json" : null);
		String tag = this.settings.conversationTag();
		attributes.add(GenAiName.CONVERSATION_ID, (tag != null) ? request.tags().get(tag) : null);
	}

	private static String errorType(InferenceContext context) {
		if (context.errorKind() != null) {
			return lower(context.errorKind());
		}
		return (context.outcome() == StreamOutcome.End.FAILED) ? "_OTHER" : NONE;
	}

	static String outcome(StreamOutcome.@Nullable End outcome) {
		return (outcome != null) ? lower(outcome) : NONE;
	}

	private static String finishReason(@Nullable FinishReason reason) {
		if (reason == null) {
			return "error";
		}
		return switch (reason) {
			case TOOL_CALLS -> "tool_call";
			case REFUSAL -> "content_filter";
			default -> lower(reason);
		};
	}

	static String lower(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT);
	}

	static String orNone(@Nullable String value) {
		return (value != null && !value.isEmpty()) ? value : NONE;
	}

	private String text(GenAiName name) {
		return text(name, this.edition);
	}

	private static String text(GenAiName name, GenAiConvention edition) {
		return Objects.requireNonNull(name.in(edition));
	}

	/**
	 * Attributes that are there only if they have a name and a value.
	 */
	private static final class Attributes {

		private final GenAiConvention edition;

		private KeyValues values = KeyValues.empty();

		private Attributes(GenAiConvention edition) {
			this.edition = edition;
		}

		private void add(GenAiName name, @Nullable Object value) {
			String key = name.in(this.edition);
			if (key != null && value != null) {
				this.values = this.values.and(key, value.toString());
			}
		}

	}

}
