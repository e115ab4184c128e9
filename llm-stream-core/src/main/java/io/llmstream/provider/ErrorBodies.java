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

import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;

import io.llmstream.ErrorKind;
import org.jspecify.annotations.Nullable;

/**
 * Reads the error objects of all providers, and sorts them into kinds. The shapes differ,
 * the words hardly do. Messages come out as one line of bounded length, without markup
 * and without API keys. Anything can be read, an empty body and plain text too; nothing
 * is thrown. Safe for use by several threads.
 */
public final class ErrorBodies {

	private ErrorBodies() {
	}

	/**
	 * Read an HTTP answer whose status is not a success.
	 * @param response the answer
	 * @return the error
	 */
	public static ProviderError read(ErrorResponse response) {
		return read(response, Clock.systemUTC());
	}

	static ProviderError read(ErrorResponse response, InstantSource clock) {
		ErrorBody body = ErrorBodyReader.read(response.body());
		RetryDelays delays = new RetryDelays(clock);
		Duration delay = delays.explicit(response, body);
		ErrorKind kind = ErrorClassifier.classify(response.status(), body, delay != null);
		if (delay == null && kind == ErrorKind.RATE_LIMITED) {
			// any answer has these headers, but only here do they say when to return
			delay = delays.untilReset(response);
		}
		return error(kind, body, delay);
	}

	/**
	 * Read an error that came within a stream.
	 * @param json the error document or error object as it came; may be plain text
	 * @return the error
	 */
	public static ProviderError readInStream(@Nullable String json) {
		ErrorBody body = ErrorBodyReader.read(json);
		Duration delay = new RetryDelays(Clock.systemUTC()).explicit(null, body);
		return error(ErrorClassifier.classify(null, body, delay != null), body, delay);
	}

	private static ProviderError error(ErrorKind kind, ErrorBody body, @Nullable Duration delay) {
		return new ProviderError(kind, ErrorText.code(body.code()), ErrorText.message(body.message()), delay);
	}

}
