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

package io.llmstream;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The named members of a request, which most requests have none of.
 */
final class RequestMembers {

	private RequestMembers() {
	}

	/**
	 * Copy members in their order.
	 * @param members the members
	 * @return what cannot be changed, and is the same object for all that are empty
	 */
	static <V> Map<String, V> copy(Map<String, V> members) {
		// Not Map.of(), which refuses to be asked for null.
		return (members.isEmpty()) ? Collections.emptyMap() : Collections.unmodifiableMap(new LinkedHashMap<>(members));
	}

}
