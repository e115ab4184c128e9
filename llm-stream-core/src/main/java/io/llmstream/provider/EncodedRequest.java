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

import java.util.Map;

/**
 * A request as it is sent with HTTP POST.
 *
 * @param path what is appended to the base address, begins with a slash; may contain a
 * query
 * @param headers headers other than those of authentication and content type
 * @param body the JSON body
 */
public record EncodedRequest(String path, Map<String, String> headers, byte[] body) {

	/**
	 * A request without headers of its own.
	 * @param path what is appended to the base address
	 * @param body the JSON body
	 */
	public EncodedRequest(String path, byte[] body) {
		this(path, Map.of(), body);
	}

}
