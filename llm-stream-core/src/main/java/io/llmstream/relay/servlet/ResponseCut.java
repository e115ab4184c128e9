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
package io.llmstream.relay.servlet;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * The exceptions that end a response without its proper end. Tomcat has one for this, at
 * which it closes the connection, or resets the stream in HTTP/2, and reports nothing;
 * any other is reported as an error of the servlet.
 */
final class ResponseCut {

	private static final String QUIET = "org.apache.coyote.CloseNowException";

	private ResponseCut() {
	}

	static IOException because(String reason) {
		IOException quiet = quiet(reason);
		return (quiet != null) ? quiet : new IOException(reason);
	}

	private static @Nullable IOException quiet(String reason) {
		try {
			return (IOException) ClassUtils.forName(QUIET, ResponseCut.class.getClassLoader())
				.getConstructor(String.class)
				.newInstance(reason);
		}
		catch (ReflectiveOperationException | LinkageError ex) {
			// another container
			return null;
		}
	}

}
