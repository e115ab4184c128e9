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

package io.llmstream.provider;

import java.util.List;
import java.util.Locale;
import java.util.Set;

import io.llmstream.ErrorKind;
import org.jspecify.annotations.Nullable;

/**
 * Sorts errors into kinds: by the provider's names first, then by what its message says,
 * then by the status. The status alone would be wrong too often: a used up account and a
 * busy minute are both 429, a wrong key may be 400.
 */
final class ErrorClassifier {

	private static final Set<Integer> GATEWAY_FAILURES = Set.of(500, 502);

	private static final List<String> QUOTA_NAMES = List.of("insufficientquota", "insufficientuserquota",
			"insufficientbalance", "insufficientcredit", "insufficientfunds", "billing", "paymentrequired",
			"budgetexceeded", "creditsexhausted", "arrearage");

	private static final List<String> QUOTA_PHRASES = List.of("credit balance is too low", "insufficient balance",
			"insufficient credit", "credits are depleted", "out of credits", "used all available credits",
			"requires more credits", "spending limit");

	/** Google says this for a busy minute as well, but then says when to return. */
	private static final List<String> QUOTA_PHRASES_UNLESS_DELAY = List.of("exceeded your current quota",
			"check your plan and billing");

	private static final List<String> CONTEXT_NAMES = List.of("contextlengthexceeded", "contextwindowexceeded",
			"exceedcontextsize", "contexttoolong", "toomanyprompttokens", "maxprompttokensexceeded", "requesttoolarge",
			"prompttoolong", "inputtoolong");

	private static final List<String> CONTEXT_PHRASES = List.of("maximum context length", "context length exceeded",
			"exceeds the context", "exceed the context", "exceeds the available context", "exceeded the context",
			"exceeds the model's context", "exceeds the maximum number of tokens", "prompt is too long",
			"input is too long", "too many prompt tokens", "all messages is too long", "request too large for",
			"reduce the length of the messages", "larger than the maximum context", "contextwindowexceeded");

	private static final List<String> KEY_NAMES = List.of("invalidapikey", "apikeyinvalid", "apikeyexpired",
			"incorrectapikey", "missingapikey", "authenticationerror", "authenticationfail", "invalidauthentication",
			"invalidtoken", "expiredtoken", "tokenexpired", "unauthenticated", "unauthorized");

	private static final List<String> KEY_PHRASES = List.of("incorrect api key", "invalid api key", "invalid api-key",
			"api key not valid", "api key is invalid", "api key expired", "invalid x-api-key", "no auth credentials",
			"authentication fails", "api key not found");

	private static final List<String> BLOCKED_NAMES = List.of("contentfilter", "contentpolicy", "responsibleai",
			"moderation", "safety", "prohibitedcontent", "contentblocked", "blockedcontent", "datainspectionfailed");

	private static final List<String> BLOCKED_PHRASES = List.of("content management policy", "content policy",
			"content filter", "responsible ai", "safety system", "usage policies", "usage policy", "was flagged");

	private static final List<String> OVERLOADED_NAMES = List.of("overloaded", "unavailable", "capacityexceeded",
			"nocapacity", "slowdown", "modelnotready");

	private static final List<String> OVERLOADED_PHRASES = List.of("overloaded", "at capacity", "no capacity",
			"capacity exceeded", "high demand");

	private static final List<String> RATE_NAMES = List.of("ratelimit", "resourceexhausted", "throttl",
			"toomanyrequests", "requestlimitexceeded");

	private static final List<String> RATE_PHRASES = List.of("rate limit", "rate-limit", "ratelimit",
			"too many requests");

	private static final List<String> MODEL_NAMES = List.of("modelnotfound", "deploymentnotfound", "modelnotexist",
			"nosuchmodel", "invalidmodel", "unknownmodel");

	private static final List<String> PERMISSION_NAMES = List.of("permissiondenied", "permissionerror", "forbidden",
			"accessdenied", "servicedisabled");

	private static final List<String> REQUEST_NAMES = List.of("invalidrequest", "badrequest", "invalidargument",
			"invalidparameter", "validation", "unprocessable", "failedprecondition", "unsupported", "toolusefailed");

	private final @Nullable Integer status;

	private final List<String> names;

	private final String message;

	private final boolean hasDelay;

	private ErrorClassifier(@Nullable Integer status, ErrorBody body, boolean hasDelay) {
		this.status = status;
		this.names = body.names().stream().map(ErrorClassifier::plain).toList();
		this.message = (body.message() != null) ? body.message().toLowerCase(Locale.ROOT) : "";
		this.hasDelay = hasDelay;
	}

	static ErrorKind classify(@Nullable Integer httpStatus, ErrorBody body, boolean hasDelay) {
		return new ErrorClassifier(status(httpStatus, body), body, hasDelay).kind();
	}

	// within a stream there is no status, and a gateway's own failure hides the real one
	private static @Nullable Integer status(@Nullable Integer httpStatus, ErrorBody body) {
		boolean telling = httpStatus != null && httpStatus >= 300 && !GATEWAY_FAILURES.contains(httpStatus);
		if (!telling && body.status() != null) {
			return body.status();
		}
		return (httpStatus != null && httpStatus >= 300) ? httpStatus : null;
	}

	/** Names are written in every style: CamelCase, snake_case, kebab-case. */
	private static String plain(String name) {
		StringBuilder plain = new StringBuilder();
		name.toLowerCase(Locale.ROOT).chars().filter(Character::isLetterOrDigit).forEach((c) -> plain.append((char) c));
		return plain.toString();
	}

	private ErrorKind kind() {
		if (isQuota()) {
			return ErrorKind.QUOTA_EXHAUSTED;
		}
		if (named(CONTEXT_NAMES) || (mayBeRequest(429) && says(CONTEXT_PHRASES))) {
			return ErrorKind.CONTEXT_TOO_LONG;
		}
		if (statusIs(401) || named(KEY_NAMES) || (mayBeRequest() && says(KEY_PHRASES))) {
			return ErrorKind.AUTHENTICATION;
		}
		if (statusIs(451) || named(BLOCKED_NAMES) || (mayBeRequest() && says(BLOCKED_PHRASES))) {
			return ErrorKind.CONTENT_BLOCKED;
		}
		if (isOverloaded()) {
			return ErrorKind.OVERLOADED;
		}
		if (isRateLimited()) {
			return ErrorKind.RATE_LIMITED;
		}
		if (isNotFound()) {
			return ErrorKind.NOT_FOUND;
		}
		if (statusIs(403) || (this.status == null && named(PERMISSION_NAMES))) {
			return ErrorKind.PERMISSION_DENIED;
		}
		return (isRequest()) ? ErrorKind.INVALID_REQUEST : ErrorKind.SERVER_ERROR;
	}

	private boolean isQuota() {
		if (statusIs(402) || named(QUOTA_NAMES)) {
			return true;
		}
		return mayBeRequest(429) && (says(QUOTA_PHRASES) || (!this.hasDelay && says(QUOTA_PHRASES_UNLESS_DELAY)));
	}

	private boolean isOverloaded() {
		if (statusIs(503) || statusIs(529) || statusIs(498)) {
			return true;
		}
		boolean possible = this.status == null || this.status >= 429;
		return possible && (named(OVERLOADED_NAMES) || says(OVERLOADED_PHRASES));
	}

	private boolean isRateLimited() {
		if (statusIs(429)) {
			return true;
		}
		boolean possible = this.status == null || this.status >= 500;
		return named(RATE_NAMES) || (possible && says(RATE_PHRASES));
	}

	private boolean isNotFound() {
		// a redirect that was not followed is a wrong address, too
		if (statusIs(404) || statusIs(410) || (this.status != null && this.status < 400)) {
			return true;
		}
		if (named(MODEL_NAMES)) {
			return true;
		}
		if (this.status == null && this.names.stream().anyMatch((name) -> name.startsWith("notfound"))) {
			return true;
		}
		return mayBeRequest() && this.message.contains("model")
				&& (this.message.contains("does not exist") || this.message.contains("not found"))
				&& (this.status == null || statusIs(400));
	}

	private boolean isRequest() {
		if (this.status == null) {
			return named(REQUEST_NAMES);
		}
		return this.status < 500 && !statusIs(408) && !statusIs(409) && !statusIs(425);
	}

	private boolean statusIs(int status) {
		return this.status != null && this.status == status;
	}

	// words in a message count only where the status does not already say something else
	private boolean mayBeRequest(int... also) {
		if (this.status == null || Set.of(400, 401, 403, 413, 422, 500).contains(this.status)) {
			return true;
		}
		for (int other : also) {
			if (this.status == other) {
				return true;
			}
		}
		return false;
	}

	private boolean named(List<String> parts) {
		return this.names.stream().anyMatch((name) -> parts.stream().anyMatch(name::contains));
	}

	private boolean says(List<String> phrases) {
		return phrases.stream().anyMatch(this.message::contains);
	}

}
