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

import org.jspecify.annotations.Nullable;

/**
 * Reads the error objects of all providers, and sorts them into kinds. The shapes differ,
 * the words hardly do.
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
		throw new UnsupportedOperationException();
	}

	/**
	 * Read an error that came within a stream.
	 * @param json the error document or error object as it came; may be plain text
	 * @return the error
	 */
	public static ProviderError readInStream(@Nullable String json) {
		throw new UnsupportedOperationException();
	}

}
