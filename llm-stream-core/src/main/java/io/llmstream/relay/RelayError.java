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

/**
 * What a browser is told of a failure. Everybody who can open the page can read it, so it
 * names no provider, no key and nothing of the server's insides.
 *
 * @param code a word for programs, such as {@code rate-limited}
 * @param message a sentence for people
 * @param retryable whether the same question may succeed when it is asked again
 */
public record RelayError(String code, String message, boolean retryable) {

	/** A failure of the application itself, of which a browser learns no more. */
	public static final RelayError INTERNAL = new RelayError("internal", "Something went wrong.", false);

	/** The answer is longer than a run may be. */
	public static final RelayError LIMIT = new RelayError("limit", "The answer is too long.", false);

	/** The server that gave the answer is gone. */
	public static final RelayError LOST = new RelayError("lost", "The answer broke off.", true);

	/** The server is going down and ends the answers that it is giving. */
	public static final RelayError SHUTDOWN = new RelayError("shutdown", "The service is restarting.", true);

}
