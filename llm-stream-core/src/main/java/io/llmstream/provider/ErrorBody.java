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

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What an error document says, whatever its shape.
 *
 * @param names the codes, types and states, the most telling first, as they are written
 * @param number the code if it is a number, or {@code null}
 * @param message the message, or {@code null}
 * @param retryDelay how long to wait, or {@code null}
 */
record ErrorBody(List<String> names, @Nullable Integer number, @Nullable String message,
		@Nullable Duration retryDelay) {

	/**
	 * The number, if it can be an HTTP status of a failure.
	 */
	@Nullable Integer status() {
		return (this.number != null && this.number >= 400 && this.number <= 599) ? this.number : null;
	}

	/**
	 * The code to show: a name rather than a number, for that mostly repeats the status.
	 */
	@Nullable String code() {
		if (!this.names.isEmpty()) {
			return this.names.get(0);
		}
		return (this.number != null) ? this.number.toString() : null;
	}

}
