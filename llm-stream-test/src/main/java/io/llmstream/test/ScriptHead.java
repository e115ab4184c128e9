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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * How an answer begins.
 *
 * @param status the HTTP status; 0 for a connection that is closed without an answer
 * @param contentType the content type, or {@code null} for that of the wire
 * @param headers further headers
 * @param error the error that makes the body, or {@code null} for a stream
 * @param retryDate how far in the future the date to return at is, or {@code null}
 * @param closing whether the connection is closed afterwards
 */
record ScriptHead(int status, @Nullable String contentType, List<Map.Entry<String, String>> headers,
		@Nullable ErrorWords error, @Nullable Duration retryDate, boolean closing) {

	static final ScriptHead OK = new ScriptHead(200, null, List.of(), null, null, false);

	ScriptHead status(int code) {
		return new ScriptHead(code, this.contentType, this.headers, this.error, this.retryDate, this.closing);
	}

	ScriptHead contentType(String type) {
		return new ScriptHead(this.status, type, this.headers, this.error, this.retryDate, this.closing);
	}

	ScriptHead header(String name, String value) {
		List<Map.Entry<String, String>> all = new ArrayList<>(this.headers);
		all.add(Map.entry(name, value));
		return new ScriptHead(this.status, this.contentType, List.copyOf(all), this.error, this.retryDate,
				this.closing);
	}

	ScriptHead error(ErrorWords words) {
		return new ScriptHead(words.status(), this.contentType, this.headers, words, this.retryDate, this.closing);
	}

	ErrorWords requiredError() {
		if (this.error == null) {
			throw new IllegalStateException("Only an answer with an HTTP error has this");
		}
		return this.error;
	}

	ScriptHead retryDate(Duration delay) {
		return new ScriptHead(this.status, this.contentType, this.headers, this.error, delay, this.closing);
	}

	ScriptHead andClose() {
		return new ScriptHead(this.status, this.contentType, this.headers, this.error, this.retryDate, true);
	}

}
