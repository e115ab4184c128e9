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

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/**
 * A run was not started, not found or not relayed. Both web stacks turn it into its
 * status; where asking again later may help, it carries a {@code Retry-After}. Its
 * message repeats nothing that was sent.
 */
public final class RunRefusedException extends ResponseStatusException {

	private static final Duration SOON = Duration.ofSeconds(1);

	private static final Duration LATER = Duration.ofSeconds(5);

	private final transient HttpHeaders headers = new HttpHeaders();

	private RunRefusedException(HttpStatus status, String reason, @Nullable Duration retryAfter) {
		super(status, reason);
		if (retryAfter != null) {
			this.headers.set(HttpHeaders.RETRY_AFTER, Long.toString(retryAfter.toSeconds()));
		}
	}

	@Override
	public HttpHeaders getHeaders() {
		return this.headers;
	}

	/**
	 * The run is unknown, expired or somebody else's, which of them is not told.
	 * @return an exception of status 404
	 */
	public static RunRefusedException notFound() {
		return new RunRefusedException(HttpStatus.NOT_FOUND, "There is no such run", null);
	}

	/**
	 * What was sent makes no sense.
	 * @param reason what is wrong with it
	 * @return an exception of status 400
	 */
	public static RunRefusedException badRequest(String reason) {
		return new RunRefusedException(HttpStatus.BAD_REQUEST, reason, null);
	}

	/**
	 * Whoever asks has too many runs at work.
	 * @return an exception of status 429
	 */
	public static RunRefusedException tooManyOfOwner() {
		return new RunRefusedException(HttpStatus.TOO_MANY_REQUESTS, "You have too many runs at work", LATER);
	}

	/**
	 * A budget of whoever asks has no room for the run.
	 * @param retryAfter how long to wait until it has, or {@code null} if it never has
	 * @return an exception of status 429
	 */
	public static RunRefusedException overBudget(@Nullable Duration retryAfter) {
		// not before the time, so the next full second
		Duration wait = (retryAfter != null)
				? Duration.ofSeconds(Math.max(1, retryAfter.plusNanos(999_999_999).toSeconds())) : null;
		return new RunRefusedException(HttpStatus.TOO_MANY_REQUESTS,
				(wait != null) ? "Your budget is used up for now" : "Your budget has no room for such a request", wait);
	}

	/**
	 * There are too many runs at work.
	 * @return an exception of status 503
	 */
	public static RunRefusedException tooMany() {
		return new RunRefusedException(HttpStatus.SERVICE_UNAVAILABLE, "Too many runs are at work", LATER);
	}

	/**
	 * No thread is free to write to one more browser.
	 * @return an exception of status 503
	 */
	public static RunRefusedException noThread() {
		return new RunRefusedException(HttpStatus.SERVICE_UNAVAILABLE, "No thread is free to relay an answer", SOON);
	}

	/**
	 * The relay was closed, or is about to be.
	 * @return an exception of status 503
	 */
	public static RunRefusedException closed() {
		return new RunRefusedException(HttpStatus.SERVICE_UNAVAILABLE, "The service is restarting", SOON);
	}

}
