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

package io.llmstream;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Ends a stream that did not succeed. The subtype says what kind of failure it was; this
 * type says what is known of it. Messages never contain an API key, a prompt, or the
 * answer: the text that came is {@link #getPartialText()} alone.
 */
public abstract class LlmStreamException extends RuntimeException {

	private final transient StreamFailure failure;

	private transient volatile @Nullable List<StreamAttempt> attempts;

	/**
	 * Create an exception.
	 * @param failure what is known of the failure
	 */
	protected LlmStreamException(StreamFailure failure) {
		super(describe(failure), failure.cause());
		this.failure = failure;
	}

	private static String describe(StreamFailure failure) {
		StringBuilder text = new StringBuilder(failure.provider());
		if (failure.model() != null) {
			text.append(" (").append(failure.model()).append(')');
		}
		text.append(": ").append(failure.message());
		if (failure.requestId() != null) {
			text.append(" [request id ").append(failure.requestId()).append(']');
		}
		return text.toString();
	}

	/**
	 * What is known of the failure.
	 * @return the failure
	 */
	public StreamFailure getFailure() {
		return this.failure;
	}

	/**
	 * The kind of failure.
	 * @return the kind
	 */
	public ErrorKind getKind() {
		return this.failure.kind();
	}

	/**
	 * The provider's name in the configuration.
	 * @return the name
	 */
	public String getProvider() {
		return this.failure.provider();
	}

	/**
	 * The model that was asked.
	 * @return the model, or {@code null} if none was chosen yet
	 */
	public @Nullable String getModel() {
		return this.failure.model();
	}

	/**
	 * The HTTP status of the provider's response.
	 * @return the status, or {@code null} if there was no response
	 */
	public @Nullable Integer getStatus() {
		return this.failure.status();
	}

	/**
	 * The provider's id of the request, for its support.
	 * @return the id, or {@code null}
	 */
	public @Nullable String getRequestId() {
		return this.failure.requestId();
	}

	/**
	 * The provider's own code or type of the error.
	 * @return the code, or {@code null}
	 */
	public @Nullable String getCode() {
		return this.failure.code();
	}

	/**
	 * What the provider said.
	 * @return its message, or {@code null}
	 */
	public @Nullable String getProviderMessage() {
		return this.failure.providerMessage();
	}

	/**
	 * How long the provider asks to wait before the next attempt.
	 * @return the delay, or {@code null} if it does not say
	 */
	public @Nullable Duration getRetryAfter() {
		return this.failure.retryAfter();
	}

	/**
	 * The text that came before the failure.
	 * @return the text, may be empty
	 */
	public String getPartialText() {
		return this.failure.partialText();
	}

	/**
	 * What was used, as far as it is known.
	 * @return the usage
	 */
	public Usage getUsage() {
		return this.failure.usage();
	}

	/**
	 * The provider's id of the answer.
	 * @return the id, or {@code null}
	 */
	public @Nullable String getResponseId() {
		return this.failure.responseId();
	}

	/**
	 * What was tried, in the order in which it ended. A {@link LlmStreamClient} fills it
	 * in.
	 * @return the attempts, may be empty
	 */
	public List<StreamAttempt> getAttempts() {
		List<StreamAttempt> known = this.attempts;
		return (known != null) ? known : List.of();
	}

	void setAttempts(List<StreamAttempt> attempts) {
		this.attempts = attempts;
	}

}
