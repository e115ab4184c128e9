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

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Members for the request body, from the form in which they are bound: there, a list is a
 * map with the keys 0, 1, 2….
 */
final class ExtraMembers {

	private ExtraMembers() {
	}

	static Map<String, Object> of(Map<String, Object> bound) {
		Map<String, Object> members = new LinkedHashMap<>();
		bound.forEach((name, value) -> members.put(name, value(value)));
		return members;
	}

	private static Object value(Object bound) {
		if (!(bound instanceof Map<?, ?> map)) {
			return bound;
		}
		List<Object> list = list(map);
		if (list != null) {
			return list;
		}
		Map<String, Object> members = new LinkedHashMap<>();
		map.forEach((name, value) -> members.put(String.valueOf(name), value(value)));
		return members;
	}

	private static @Nullable List<Object> list(Map<?, ?> map) {
		List<Object> list = new ArrayList<>();
		for (int i = 0; i < map.size(); i++) {
			Object element = map.get(String.valueOf(i));
			if (element == null) {
				return null;
			}
			list.add(value(element));
		}
		return (list.isEmpty()) ? null : list;
	}

}
