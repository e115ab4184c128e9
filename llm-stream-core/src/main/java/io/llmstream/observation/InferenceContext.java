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
import java.util.HashMap;
import java.util.Map;

import io.llmstream.ErrorKind;
import io.llmstream.FinishReason;
import io.llmstream.LlmStreamException;
import io.llmstream.StreamOutcome;
import io.llmstream.StreamRequest;
import io.llmstream.Usage;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one call of a provider, its retries included. What belongs to the end
 * is there when the observation stops.
 */
public final class InferenceContext extends SenderContext<Map<String, String>> {

	private final ObservedTarget target;

	private final StreamRequest request;

	private StreamOutcome.@Nullable End outcome;

	private @Nullable ErrorKind errorKind;

	private @Nullable FinishReason finishReason;

	private @Nullable String responseModel;

	private @Nullable String responseId;

	private Usage usage = Usage.NONE;

	private int attempts;

	private @Nullable Duration timeToFirstChunk;

	private @Nullable String input;

	private @Nullable String instructions;

	private @Nullable String output;

	InferenceContext(ObservedTarget target, StreamRequest request) {
		// the headers of the request are the HTTP client's own observation's business
		super((carrier, key, value) -> {
		}, Kind.CLIENT);
		setCarrier(new HashMap<>());
		setRemoteServiceName(target.provider());
		this.target = target;
		this.request = request;
	}

	/**
	 * Who is asked.
	 * @return the target
	 */
	public ObservedTarget target() {
		return this.target;
	}

	/**
	 * What is asked.
	 * @return the request
	 */
	public StreamRequest request() {
		return this.request;
	}

	/**
	 * The model that is asked.
	 * @return the model, or {@code null} if none is chosen
	 */
	public @Nullable String requestModel() {
		return (this.request.model() != null) ? this.request.model() : this.target.model();
	}

	/**
	 * How the call ended.
	 * @return the end, or {@code null} before it
	 */
	public StreamOutcome.@Nullable End outcome() {
		return this.outcome;
	}

	/**
	 * The kind of failure.
	 * @return the kind, or {@code null} if the call did not fail, or failed with an
	 * exception of another type
	 */
	public @Nullable ErrorKind errorKind() {
		return this.errorKind;
	}

	/**
	 * Why the model stopped.
	 * @return the reason, or {@code null} if the call was not completed
	 */
	public @Nullable FinishReason finishReason() {
		return this.finishReason;
	}

	/**
	 * The model that answered.
	 * @return the model, or {@code null} if the provider did not say
	 */
	public @Nullable String responseModel() {
		return this.responseModel;
	}

	/**
	 * The provider's id of the answer.
	 * @return the id, or {@code null}
	 */
	public @Nullable String responseId() {
		return this.responseId;
	}

	/**
	 * What all attempts of the call used together, as far as it is known.
	 * @return the usage
	 */
	public Usage usage() {
		return this.usage;
	}

	/**
	 * How many attempts were made.
	 * @return the number, 0 if the model inside keeps no account of them
	 */
	public int attempts() {
		return this.attempts;
	}

	/**
	 * How long it took until the first chunk.
	 * @return the time, or {@code null} if none came
	 */
	public @Nullable Duration timeToFirstChunk() {
		return this.timeToFirstChunk;
	}

	/**
	 * The conversation as JSON, only if content is captured.
	 * @return the messages, or {@code null}
	 */
	public @Nullable String inputMessages() {
		return this.input;
	}

	/**
	 * The system messages as JSON, only if content is captured.
	 * @return the instructions, or {@code null}
	 */
	public @Nullable String systemInstructions() {
		return this.instructions;
	}

	/**
	 * The answer as JSON, only if content is captured.
	 * @return the messages, or {@code null}
	 */
	public @Nullable String outputMessages() {
		return this.output;
	}

	void captured(@Nullable String input, @Nullable String instructions) {
		this.input = input;
		this.instructions = instructions;
	}

	void answered(@Nullable String output) {
		this.output = output;
	}

	void firstChunk(@Nullable Duration time) {
		this.timeToFirstChunk = time;
	}

	void used(Usage usage, int attempts, @Nullable String responseModel, @Nullable String responseId) {
		this.usage = usage;
		this.attempts = attempts;
		this.responseModel = responseModel;
		this.responseId = responseId;
	}

	void ended(StreamOutcome.End outcome, @Nullable FinishReason finishReason, @Nullable Throwable error) {
		this.outcome = outcome;
		this.finishReason = finishReason;
		this.errorKind = (error instanceof LlmStreamException known) ? known.getKind() : null;
	}

}
