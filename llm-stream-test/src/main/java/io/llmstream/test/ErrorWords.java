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

package io.llmstream.test;

import java.time.Duration;
import java.util.Locale;

import io.llmstream.ErrorKind;
import org.jspecify.annotations.Nullable;

/**
 * An error in the words of every wire.
 *
 * @param kind what went wrong
 * @param status the HTTP status
 * @param message what the provider says
 * @param retryAfter when to return, or {@code null}
 */
record ErrorWords(ErrorKind kind, int status, String message, @Nullable Duration retryAfter) {

	static ErrorWords of(ErrorKind kind, @Nullable String message) {
		int status = switch (kind) {
			case AUTHENTICATION -> 401;
			case PERMISSION_DENIED -> 403;
			case NOT_FOUND -> 404;
			case RATE_LIMITED, QUOTA_EXHAUSTED -> 429;
			case CONTEXT_TOO_LONG, INVALID_REQUEST, CONTENT_BLOCKED -> 400;
			case OVERLOADED -> 503;
			case SERVER_ERROR -> 500;
			default -> throw new IllegalArgumentException("A provider has no words for " + kind);
		};
		return new ErrorWords(kind, status, (message != null) ? message : defaultMessage(kind), null);
	}

	static ErrorWords of(int status) {
		if (status < 400) {
			throw new IllegalArgumentException("status must be 400 or more, but is " + status);
		}
		ErrorKind kind = switch (status) {
			case 401 -> ErrorKind.AUTHENTICATION;
			case 402 -> ErrorKind.QUOTA_EXHAUSTED;
			case 403 -> ErrorKind.PERMISSION_DENIED;
			case 404 -> ErrorKind.NOT_FOUND;
			case 429 -> ErrorKind.RATE_LIMITED;
			case 503, 529 -> ErrorKind.OVERLOADED;
			default -> (status >= 500) ? ErrorKind.SERVER_ERROR : ErrorKind.INVALID_REQUEST;
		};
		return new ErrorWords(kind, status, defaultMessage(kind), null);
	}

	private static String defaultMessage(ErrorKind kind) {
		return switch (kind) {
			case AUTHENTICATION -> "The API key is not valid.";
			case PERMISSION_DENIED -> "This key may not use the model.";
			case NOT_FOUND -> "The model does not exist.";
			case RATE_LIMITED -> "Too many requests, try again later.";
			case QUOTA_EXHAUSTED -> "The account has run out of credit.";
			case CONTEXT_TOO_LONG ->
				"prompt is too long: it exceeds the maximum number of tokens of the context window.";
			case CONTENT_BLOCKED -> "The prompt was rejected by the content rules.";
			case OVERLOADED -> "The model is overloaded, try again later.";
			case SERVER_ERROR -> "Something failed while the answer was made.";
			default -> "The request is not valid.";
		};
	}

	ErrorWords message(String text) {
		return new ErrorWords(this.kind, this.status, text, this.retryAfter);
	}

	ErrorWords retryAfter(Duration delay) {
		return new ErrorWords(this.kind, this.status, this.message, delay);
	}

	/**
	 * The status that a wire gives this error; some differ from the usual one.
	 * @param wire the wire, or {@code null} if it is not known
	 * @return the HTTP status
	 */
	int status(@Nullable Wire wire) {
		if (wire == Wire.ANTHROPIC && this.kind == ErrorKind.OVERLOADED && this.status == 503) {
			return 529;
		}
		return (wire == Wire.ANTHROPIC && this.kind == ErrorKind.QUOTA_EXHAUSTED) ? 402 : this.status;
	}

	/**
	 * The body of an error response, which is also what an error within a stream holds.
	 * @param wire the wire, or {@code null} if it is not known
	 * @return a JSON object
	 */
	String body(@Nullable Wire wire) {
		String text = Json.quote(this.message);
		if (wire == Wire.ANTHROPIC) {
			return "{\"type\":\"error\",\"error\":{\"type\":" + Json.quote(anthropicType()) + ",\"message\":" + text
					+ "},\"request_id\":\"req_scripted\"}";
		}
		if (wire == Wire.GEMINI || wire == Wire.GEMINI_ARRAY) {
			return "{\"error\":{\"code\":" + this.status + ",\"message\":" + text + ",\"status\":"
					+ Json.quote(googleStatus()) + googleDetails() + "}}";
		}
		if (wire == Wire.OLLAMA) {
			return "{\"error\":" + text + "}";
		}
		return "{\"error\":" + openAiError() + "}";
	}

	String openAiError() {
		return "{\"message\":" + Json.quote(this.message) + ",\"type\":" + Json.quote(openAiType())
				+ ",\"param\":null,\"code\":" + Json.quote(openAiCode()) + "}";
	}

	String openAiCode() {
		return switch (this.kind) {
			case AUTHENTICATION -> "invalid_api_key";
			case PERMISSION_DENIED -> "permission_denied";
			case NOT_FOUND -> "model_not_found";
			case RATE_LIMITED -> "rate_limit_exceeded";
			case QUOTA_EXHAUSTED -> "insufficient_quota";
			case CONTEXT_TOO_LONG -> "context_length_exceeded";
			case CONTENT_BLOCKED -> "content_policy_violation";
			case OVERLOADED -> "server_overloaded";
			case SERVER_ERROR -> "server_error";
			default -> "invalid_value";
		};
	}

	private String openAiType() {
		return switch (this.kind) {
			case RATE_LIMITED -> "requests";
			case QUOTA_EXHAUSTED -> "insufficient_quota";
			case OVERLOADED, SERVER_ERROR -> "server_error";
			default -> "invalid_request_error";
		};
	}

	private String anthropicType() {
		return switch (this.kind) {
			case AUTHENTICATION -> "authentication_error";
			case PERMISSION_DENIED -> "permission_error";
			case NOT_FOUND -> "not_found_error";
			case RATE_LIMITED -> "rate_limit_error";
			case QUOTA_EXHAUSTED -> "billing_error";
			case OVERLOADED -> "overloaded_error";
			case SERVER_ERROR -> "api_error";
			default -> "invalid_request_error";
		};
	}

	private String googleStatus() {
		return switch (this.kind) {
			case AUTHENTICATION -> "UNAUTHENTICATED";
			case PERMISSION_DENIED -> "PERMISSION_DENIED";
			case NOT_FOUND -> "NOT_FOUND";
			case RATE_LIMITED, QUOTA_EXHAUSTED -> "RESOURCE_EXHAUSTED";
			case OVERLOADED -> "UNAVAILABLE";
			case SERVER_ERROR -> "INTERNAL";
			default -> "INVALID_ARGUMENT";
		};
	}

	private String googleDetails() {
		Duration delay = this.retryAfter;
		if (delay == null) {
			return "";
		}
		String seconds = (delay.toMillis() % 1000 == 0) ? delay.toSeconds() + "s"
				: String.format(Locale.ROOT, "%d.%03ds", delay.toSeconds(), delay.toMillisPart());
		return ",\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"" + seconds
				+ "\"}]";
	}

}
