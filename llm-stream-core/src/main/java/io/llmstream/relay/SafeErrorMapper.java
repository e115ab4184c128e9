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

package io.llmstream.relay;

import java.util.Locale;

import io.llmstream.ErrorKind;
import io.llmstream.LlmStreamException;

/**
 * The kind of a failure as a code, and one fixed sentence for each.
 */
final class SafeErrorMapper implements RelayErrorMapper {

	@Override
	public RelayError map(Throwable failure) {
		if (failure instanceof LlmStreamException known) {
			ErrorKind kind = known.getKind();
			return new RelayError(code(kind), message(kind), kind.isTransient());
		}
		return RelayError.INTERNAL;
	}

	private static String code(ErrorKind kind) {
		return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	private static String message(ErrorKind kind) {
		return switch (kind) {
			case AUTHENTICATION, PERMISSION_DENIED, NOT_FOUND, TLS -> "The service is not set up correctly.";
			case RATE_LIMITED -> "Too many requests. Please try again in a moment.";
			case QUOTA_EXHAUSTED -> "The service has used up its quota.";
			case CONTEXT_TOO_LONG -> "The conversation is too long for the model.";
			case INVALID_REQUEST, UNSUPPORTED_OPTION -> "The model cannot answer this request.";
			case CONTENT_BLOCKED -> "The request or the answer was blocked by content rules.";
			case OVERLOADED, CONCURRENCY_LIMIT -> "The model is overloaded. Please try again in a moment.";
			case SERVER_ERROR, CONNECT, MALFORMED, CIRCUIT_OPEN -> "The model is not available. Please try again.";
			case TRUNCATED -> "The answer broke off.";
			case INVALID_OUTPUT -> "The model's answer could not be used.";
			case CONNECT_TIMEOUT, FIRST_TOKEN_TIMEOUT, STALL_TIMEOUT -> "The model did not answer in time.";
			case BUDGET_EXCEEDED -> "Your budget is used up for now. Please try again later.";
			case TOTAL_TIMEOUT -> "The answer took too long.";
			case TOOL_FAILED -> "A tool of the model failed.";
			case TOOL_STEP_LIMIT -> "The model used its tools too often.";
			case STOPPED -> "The answer was stopped.";
		};
	}

}
