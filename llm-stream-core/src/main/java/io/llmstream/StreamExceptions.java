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
 * Makes the exception of a failure. Apart from {@link ErrorKind}, so that an application
 * that only starts need not load all of them.
 */
final class StreamExceptions {

	private StreamExceptions() {
	}

	static LlmStreamException of(StreamFailure failure) {
		return switch (failure.kind()) {
			case AUTHENTICATION -> new AuthenticationException(failure);
			case PERMISSION_DENIED -> new PermissionDeniedException(failure);
			case NOT_FOUND -> new NotFoundException(failure);
			case RATE_LIMITED -> new RateLimitedException(failure);
			case QUOTA_EXHAUSTED -> new QuotaExhaustedException(failure);
			case CONTEXT_TOO_LONG -> new ContextTooLongException(failure);
			case INVALID_REQUEST -> new InvalidRequestException(failure);
			case CONTENT_BLOCKED -> new ContentBlockedException(failure);
			case OVERLOADED -> new OverloadedException(failure);
			case SERVER_ERROR -> new ProviderServerException(failure);
			case CONNECT -> new ConnectFailedException(failure);
			case TLS -> new TlsFailedException(failure);
			case TRUNCATED -> new TruncatedStreamException(failure);
			case MALFORMED -> new MalformedStreamException(failure);
			case CONNECT_TIMEOUT -> new ConnectTimeoutException(failure);
			case FIRST_TOKEN_TIMEOUT -> new FirstTokenTimeoutException(failure);
			case STALL_TIMEOUT -> new StallTimeoutException(failure);
			case TOTAL_TIMEOUT -> new TotalTimeoutException(failure);
			case UNSUPPORTED_OPTION -> new UnsupportedOptionException(failure);
			case CIRCUIT_OPEN -> new CircuitOpenException(failure);
			case CONCURRENCY_LIMIT -> new ConcurrencyLimitException(failure);
			case TOOL_FAILED -> new ToolFailedException(failure);
			case TOOL_STEP_LIMIT -> new ToolStepLimitException(failure);
			case INVALID_OUTPUT -> new InvalidOutputException(failure);
			case BUDGET_EXCEEDED -> new BudgetExceededException(failure);
			case STOPPED -> new StreamStoppedException(failure);
		};
	}

}
