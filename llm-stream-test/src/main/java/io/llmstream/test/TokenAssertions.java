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

import io.llmstream.Token;
import org.reactivestreams.Publisher;

/**
 * Entry point of the assertions for streams of tokens. Needs AssertJ.
 */
public final class TokenAssertions {

	private TokenAssertions() {
	}

	/**
	 * Assert something of a stream. It is subscribed to once, at the first assertion.
	 * @param tokens the stream
	 * @return the assertions
	 */
	public static TokenAssert assertThatTokens(Publisher<? extends Token> tokens) {
		return new TokenAssert(tokens);
	}

}
