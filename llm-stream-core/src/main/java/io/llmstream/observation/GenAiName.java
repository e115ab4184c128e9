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
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The one table of the names of OpenTelemetry's semantic conventions for generative AI
 * that are used here. Source: <a href=
 * "https://github.com/open-telemetry/semantic-conventions-genai">semantic-conventions-genai</a>,
 * {@code client-inference.md} and {@code gen-ai-token-metrics.md}, and semantic
 * conventions 1.41.
 */
public enum GenAiName {

	/** Time from the request to the end of the answer, retries included. */
	DURATION(Use.TIMER, "gen_ai.client.inference.duration", "gen_ai.client.operation.duration"),

	/** Time from the request to the first chunk of the answer. */
	TIME_TO_FIRST_CHUNK(Use.TIMER, "gen_ai.client.inference.time_to_first_chunk",
			"gen_ai.client.operation.time_to_first_chunk"),

	/** Time between two chunks, one sample for each after the first. */
	TIME_PER_OUTPUT_CHUNK(Use.TIMER, "gen_ai.client.inference.time_per_output_chunk",
			"gen_ai.client.operation.time_per_output_chunk"),

	/** Tokens of one operation, by {@link #TOKEN_TYPE}. */
	TOKEN_USAGE(Use.TOKEN_HISTOGRAM, null, "gen_ai.client.token.usage"),

	/** Tokens that were read by one operation. */
	OPERATION_INPUT_TOKENS(Use.TOKEN_HISTOGRAM, "gen_ai.client.inference.operation.input_tokens", null),

	/** Tokens that were written by one operation. */
	OPERATION_OUTPUT_TOKENS(Use.TOKEN_HISTOGRAM, "gen_ai.client.inference.operation.output_tokens", null),

	/** All tokens read, cached ones included. */
	INPUT_TOKENS(Use.TOKEN_COUNTER, "gen_ai.client.inference.usage.input_tokens", null),

	/** All tokens written, reasoning included. */
	OUTPUT_TOKENS(Use.TOKEN_COUNTER, "gen_ai.client.inference.usage.output_tokens", null),

	/** The part of the input that was read from a prompt cache. */
	CACHE_READ_TOKENS(Use.TOKEN_COUNTER, "gen_ai.client.inference.usage.cache_read.input_tokens", null),

	/** The part of the input that was written to a prompt cache. */
	CACHE_WRITE_TOKENS(Use.TOKEN_COUNTER, "gen_ai.client.inference.usage.cache_write.input_tokens", null),

	/** The part of the output that was reasoning. */
	REASONING_TOKENS(Use.TOKEN_COUNTER, "gen_ai.client.inference.usage.reasoning.output_tokens", null),

	/** What is done, such as {@code chat}. */
	OPERATION_NAME(Use.TAG, "gen_ai.operation.name"),

	/** Who is asked, such as {@code openai}. */
	PROVIDER_NAME(Use.TAG, "gen_ai.provider.name"),

	/** The model that is asked. */
	REQUEST_MODEL(Use.TAG, "gen_ai.request.model"),

	/** The model that answers. */
	RESPONSE_MODEL(Use.TAG, "gen_ai.response.model"),

	/** The host that is asked. */
	SERVER_ADDRESS(Use.TAG, "server.address"),

	/** The port that is asked. */
	SERVER_PORT(Use.TAG, "server.port"),

	/** The kind of failure. */
	ERROR_TYPE(Use.TAG, "error.type"),

	/** Whether tokens are text, images or audio. Counters only. */
	TOKEN_MODALITY(Use.TAG, "gen_ai.token.modality", null),

	/** Whether tokens were read or written. */
	TOKEN_TYPE(Use.TAG, null, "gen_ai.token.type"),

	/** Whether the answer is streamed. */
	REQUEST_STREAM(Use.ATTRIBUTE, "gen_ai.request.stream"),

	/** How many tokens the answer may have. */
	REQUEST_MAX_TOKENS(Use.ATTRIBUTE, "gen_ai.request.max_tokens"),

	/** The sampling temperature. */
	REQUEST_TEMPERATURE(Use.ATTRIBUTE, "gen_ai.request.temperature"),

	/** The probability mass to sample from. */
	REQUEST_TOP_P(Use.ATTRIBUTE, "gen_ai.request.top_p"),

	/** What makes sampling repeatable. */
	REQUEST_SEED(Use.ATTRIBUTE, "gen_ai.request.seed"),

	/** What ends the answer. */
	REQUEST_STOP_SEQUENCES(Use.ATTRIBUTE, "gen_ai.request.stop_sequences"),

	/** How much to reason. */
	REQUEST_REASONING_LEVEL(Use.ATTRIBUTE, "gen_ai.request.reasoning.level", null),

	/** The form of the answer, where one is asked for. */
	OUTPUT_TYPE(Use.ATTRIBUTE, "gen_ai.output.type"),

	/** The conversation that the request belongs to. */
	CONVERSATION_ID(Use.ATTRIBUTE, "gen_ai.conversation.id"),

	/** The provider's id of the answer. */
	RESPONSE_ID(Use.ATTRIBUTE, "gen_ai.response.id"),

	/** Why the model stopped. */
	FINISH_REASONS(Use.ATTRIBUTE, "gen_ai.response.finish_reasons"),

	/** Seconds until the first chunk. */
	RESPONSE_TIME_TO_FIRST_CHUNK(Use.ATTRIBUTE, "gen_ai.response.time_to_first_chunk"),

	/** Tokens read, cached ones included. */
	USAGE_INPUT_TOKENS(Use.ATTRIBUTE, "gen_ai.usage.input_tokens"),

	/** Tokens written, reasoning included. */
	USAGE_OUTPUT_TOKENS(Use.ATTRIBUTE, "gen_ai.usage.output_tokens"),

	/** Tokens read from a prompt cache. */
	USAGE_CACHE_READ_TOKENS(Use.ATTRIBUTE, "gen_ai.usage.cache_read.input_tokens"),

	/** Tokens written to a prompt cache. */
	USAGE_CACHE_WRITE_TOKENS(Use.ATTRIBUTE, "gen_ai.usage.cache_write.input_tokens",
			"gen_ai.usage.cache_creation.input_tokens"),

	/** Tokens that were reasoning. */
	USAGE_REASONING_TOKENS(Use.ATTRIBUTE, "gen_ai.usage.reasoning.output_tokens"),

	/** The conversation; only if content is captured. */
	INPUT_MESSAGES(Use.CONTENT, "gen_ai.input.messages"),

	/** The answer; only if content is captured. */
	OUTPUT_MESSAGES(Use.CONTENT, "gen_ai.output.messages"),

	/** The system messages; only if content is captured. */
	SYSTEM_INSTRUCTIONS(Use.CONTENT, "gen_ai.system_instructions");

	/**
	 * The upper bounds of the buckets of timers, in milliseconds.
	 */
	static final long[] TIMER_BUCKETS_MILLIS = doubling(10, 14, 2);

	/**
	 * The upper bounds of the buckets of token histograms.
	 */
	static final long[] TOKEN_BUCKETS = doubling(1, 14, 4);

	private final Use use;

	private final @Nullable String latest;

	private final @Nullable String published;

	GenAiName(Use use, String name) {
		this(use, name, name);
	}

	GenAiName(Use use, @Nullable String latest, @Nullable String published) {
		this.use = use;
		this.latest = latest;
		this.published = published;
	}

	private static long[] doubling(long first, int count, int factor) {
		long[] bounds = new long[count];
		long bound = first;
		for (int i = 0; i < count; i++) {
			bounds[i] = bound;
			bound *= factor;
		}
		return bounds;
	}

	/**
	 * What the name is used for.
	 * @return the use
	 */
	public Use use() {
		return this.use;
	}

	/**
	 * The name in an edition of the conventions.
	 * @param convention the edition
	 * @return the name, or {@code null} if that edition has none
	 */
	public @Nullable String in(GenAiConvention convention) {
		return (convention == GenAiConvention.LATEST) ? this.latest : this.published;
	}

	/**
	 * All names of one use that an edition of the conventions has.
	 * @param use the use
	 * @param convention the edition
	 * @return the names
	 */
	public static List<String> all(Use use, GenAiConvention convention) {
		return Arrays.stream(values())
			.filter((name) -> name.use == use)
			.map((name) -> name.in(convention))
			.filter((name) -> name != null)
			.toList();
	}

	/**
	 * Uses of names.
	 */
	public enum Use {

		/** A histogram of seconds. */
		TIMER,

		/** A histogram of tokens. */
		TOKEN_HISTOGRAM,

		/** A counter of tokens. */
		TOKEN_COUNTER,

		/** An attribute of meters and spans, with few values. */
		TAG,

		/** An attribute of spans. */
		ATTRIBUTE,

		/** An attribute of spans that holds what was said. */
		CONTENT

	}

}
