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
 * Decides what a browser is told when a stream fails. An application replaces it to speak
 * its users' language. Called once for each failed run, on the thread that signalled the
 * failure; must not block.
 */
@FunctionalInterface
public interface RelayErrorMapper {

	/**
	 * Describe a failure.
	 * @param failure what ended the stream; usually an
	 * {@link io.llmstream.LlmStreamException}
	 * @return what to tell the browser; if this method throws,
	 * {@link RelayError#INTERNAL} is told
	 */
	RelayError map(Throwable failure);

	/**
	 * A mapper that tells the kind of failure in a sentence of its own and nothing of
	 * what the provider said.
	 * @return the mapper
	 */
	static RelayErrorMapper safe() {
		return new SafeErrorMapper();
	}

}
