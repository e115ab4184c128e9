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

/**
 * What kind of failure ended a stream. Each kind has its own subtype of
 * {@link LlmStreamException}.
 */
public enum ErrorKind {

	/** The provider does not accept the API key. */
	AUTHENTICATION(false),

	/** The API key may not do this. */
	PERMISSION_DENIED(false),

	/** The provider does not know the model or the address. */
	NOT_FOUND(false),

	/**
	 * Too many requests or tokens for now; {@link LlmStreamException#getRetryAfter()}
	 * says when to return, if the provider does.
	 */
	RATE_LIMITED(true),

	/** The account has no credit or quota left; waiting does not help. */
	QUOTA_EXHAUSTED(false),

	/** The conversation does not fit into the model's context window. */
	CONTEXT_TOO_LONG(false),

	/** The provider rejects the request as it is. */
	INVALID_REQUEST(false),

	/** The provider's content rules reject the prompt or the answer. */
	CONTENT_BLOCKED(false),

	/** The provider has no capacity for now. */
	OVERLOADED(true),

	/** The provider failed. */
	SERVER_ERROR(true),

	/**
	 * No connection to the provider could be made, or it was lost before an answer came.
	 */
	CONNECT(true),

	/** The provider's certificate is not trusted, or the TLS handshake failed. */
	TLS(false),

	/**
	 * The answer broke off: its input ended, or its connection was lost, before the
	 * provider's terminal signal. What came is in
	 * {@link LlmStreamException#getPartialText()}.
	 */
	TRUNCATED(true),

	/**
	 * The provider sent something that is not its wire format: broken JSON, invalid
	 * UTF-8, a frame over the limit, an HTML page.
	 */
	MALFORMED(true),

	/** No connection was made in time. */
	CONNECT_TIMEOUT(true),

	/** The answer did not begin in time. */
	FIRST_TOKEN_TIMEOUT(true),

	/** The answer began, and then nothing came for too long. */
	STALL_TIMEOUT(true),

	/** The answer took longer than it may. */
	TOTAL_TIMEOUT(false),

	/**
	 * The request asks for something that the provider cannot do. Thrown before anything
	 * is sent; names the provider and the option.
	 */
	UNSUPPORTED_OPTION(false),

	/**
	 * The provider failed too often of late, so its circuit breaker turned the request
	 * away. Nothing was sent.
	 */
	CIRCUIT_OPEN(true),

	/**
	 * As many streams as the configuration allows are open to the provider, and none
	 * ended in time. Nothing was sent.
	 */
	CONCURRENCY_LIMIT(true),

	/** A tool that the model called failed, and that ends the answer. */
	TOOL_FAILED(false),

	/** The model went on calling tools for more steps than an answer may have. */
	TOOL_STEP_LIMIT(false),

	/**
	 * The answer is not the object that was asked for. What the model wrote is in
	 * {@link LlmStreamException#getPartialText()}.
	 */
	INVALID_OUTPUT(true),

	/**
	 * A budget of the application is used up; {@link LlmStreamException#getRetryAfter()}
	 * says when it has room again. Where it ends a stream that had begun, what came is in
	 * {@link LlmStreamException#getPartialText()}.
	 */
	BUDGET_EXCEEDED(true),

	/** Somebody who may do so, such as an operator, stopped the stream. */
	STOPPED(false);

	private final boolean transientFailure;

	ErrorKind(boolean transientFailure) {
		this.transientFailure = transientFailure;
	}

	/**
	 * Whether the same request may succeed when it is sent again.
	 * @return whether the failure may pass
	 */
	public boolean isTransient() {
		return this.transientFailure;
	}

}
