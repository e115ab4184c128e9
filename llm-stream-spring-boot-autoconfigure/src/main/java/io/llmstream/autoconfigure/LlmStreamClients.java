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

package io.llmstream.autoconfigure;

import java.util.Set;

import io.llmstream.LlmStreamClient;

/**
 * All clients of the application, to be chosen by name at run time. Safe for use by
 * several threads.
 */
public interface LlmStreamClients {

	/**
	 * The names of the clients: those under {@code llm-stream.providers}, in their order
	 * there, those under {@code llm-stream.routes}, then those of the application's own
	 * beans.
	 * @return the names, may be empty
	 */
	Set<String> names();

	/**
	 * Get a client.
	 * @param name the client's name
	 * @return the client
	 * @throws IllegalArgumentException if there is no client of that name; the message
	 * lists those that there are
	 */
	LlmStreamClient get(String name);

}
