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

import org.jspecify.annotations.Nullable;

/**
 * What is known of a failed stream. Never contains an API key.
 *
 * @param kind the kind of failure
 * @param message what went wrong, in one sentence
 * @param provider the provider's name in the configuration
 * @param model the model that was asked, or {@code null}
 * @param status the HTTP status, or {@code null} if there was none
 * @param requestId the provider's id of the request, or {@code null}
 * @param code the provider's own code or type of the error, or {@code null}
 * @param providerMessage what the provider said, or {@code null}
 * @param retryAfter how long the provider asks to wait, or {@code null}
 * @param partialText the text that came before the failure, may be empty
 * @param usage what was used, as far as it is known
 * @param responseId the provider's id of the answer, or {@code null}
 * @param cause what caused it, or {@code null}
 */
public record StreamFailure(ErrorKind kind, String message, String provider, @Nullable String model,
		@Nullable Integer status, @Nullable String requestId, @Nullable String code, @Nullable String providerMessage,
		@Nullable Duration retryAfter, String partialText, Usage usage, @Nullable String responseId,
		@Nullable Throwable cause) {

	/**
	 * Begin to describe a failure.
	 * @param kind the kind of failure
	 * @param provider the provider's name in the configuration
	 * @param message what went wrong, in one sentence
	 * @return a builder
	 */
	public static Builder of(ErrorKind kind, String provider, String message) {
		return new Builder(kind, provider, message);
	}

	/**
	 * The exception for this failure, of the subtype that belongs to its kind.
	 * @return a new exception
	 */
	public LlmStreamException toException() {
		return StreamExceptions.of(this);
	}

	@Override
	public String toString() {
		return "StreamFailure[" + this.kind + ", " + this.message + "]";
	}

	/**
	 * Builds a {@link StreamFailure}.
	 */
	public static final class Builder {

		private final ErrorKind kind;

		private final String provider;

		private final String message;

		private @Nullable String model;

		private @Nullable Integer status;

		private @Nullable String requestId;

		private @Nullable String code;

		private @Nullable String providerMessage;

		private @Nullable Duration retryAfter;

		private String partialText = "";

		private Usage usage = Usage.NONE;

		private @Nullable String responseId;

		private @Nullable Throwable cause;

		private Builder(ErrorKind kind, String provider, String message) {
			this.kind = kind;
			this.provider = provider;
			this.message = message;
		}

		/**
		 * Set the model that was asked.
		 * @param model the model, or {@code null}
		 * @return this builder
		 */
		public Builder model(@Nullable String model) {
			this.model = model;
			return this;
		}

		/**
		 * Set the HTTP status and the provider's id of the request.
		 * @param status the status, or {@code null}
		 * @param requestId the id, or {@code null}
		 * @return this builder
		 */
		public Builder response(@Nullable Integer status, @Nullable String requestId) {
			this.status = status;
			this.requestId = requestId;
			return this;
		}

		/**
		 * Set what the provider said.
		 * @param code its code or type of the error, or {@code null}
		 * @param message its message, or {@code null}
		 * @param retryAfter how long it asks to wait, or {@code null}
		 * @return this builder
		 */
		public Builder said(@Nullable String code, @Nullable String message, @Nullable Duration retryAfter) {
			this.code = code;
			this.providerMessage = message;
			this.retryAfter = retryAfter;
			return this;
		}

		/**
		 * Set what came before the failure.
		 * @param text the text, may be empty
		 * @param usage what was used
		 * @param responseId the provider's id of the answer, or {@code null}
		 * @return this builder
		 */
		public Builder partial(String text, Usage usage, @Nullable String responseId) {
			this.partialText = text;
			this.usage = usage;
			this.responseId = responseId;
			return this;
		}

		/**
		 * Set the cause.
		 * @param cause the cause, or {@code null}
		 * @return this builder
		 */
		public Builder cause(@Nullable Throwable cause) {
			this.cause = cause;
			return this;
		}

		/**
		 * Build the description.
		 * @return the description
		 */
		public StreamFailure build() {
			return new StreamFailure(this.kind, this.message, this.provider, this.model, this.status, this.requestId,
					this.code, this.providerMessage, this.retryAfter, this.partialText, this.usage, this.responseId,
					this.cause);
		}

		/**
		 * Build the exception.
		 * @return a new exception
		 */
		public LlmStreamException toException() {
			return build().toException();
		}

	}

}
