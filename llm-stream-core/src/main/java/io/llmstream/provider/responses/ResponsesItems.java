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

package io.llmstream.provider.responses;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * The items of one answer. Events name the item that they belong to by its index; by its
 * id where a server leaves out the index, for there are servers whose ids change from
 * event to event; and some name it not at all.
 */
final class ResponsesItems {

	private final List<ResponsesItem> all = new ArrayList<>();

	private final Map<Integer, ResponsesItem> byIndex = new HashMap<>();

	private final Map<String, ResponsesItem> byId = new HashMap<>();

	List<ResponsesItem> all() {
		return this.all;
	}

	ResponsesItem add(int index, @Nullable String id, ResponsesKind kind) {
		ResponsesItem item = new ResponsesItem(kind);
		this.all.add(item);
		if (index >= 0) {
			this.byIndex.put(index, item);
		}
		if (id != null && !id.isEmpty()) {
			this.byId.put(id, item);
		}
		return item;
	}

	/**
	 * The item that an event belongs to.
	 * @param index the index, or a negative number if the event has none
	 * @param id the id, or {@code null}
	 * @param kind what the event tells about
	 * @return the item, a new one if there was none
	 */
	ResponsesItem get(int index, @Nullable String id, ResponsesKind kind) {
		ResponsesItem item = this.byIndex.get(index);
		if (item != null && item.kind() == kind) {
			return item;
		}
		item = (id != null) ? this.byId.get(id) : null;
		if (item != null && item.kind() == kind) {
			return item;
		}
		if (index < 0 && (id == null || id.isEmpty())) {
			for (int i = this.all.size() - 1; i >= 0; i--) {
				if (this.all.get(i).kind() == kind && !this.all.get(i).isDone()) {
					return this.all.get(i);
				}
			}
		}
		return add(index, id, kind);
	}

	/**
	 * Match the output of a whole response with the items that were streamed.
	 * @param output the items of the output, in order
	 * @return the streamed items, new ones where there was none, in the same order
	 */
	List<ResponsesItem> match(List<ResponsesItemJson> output) {
		List<ResponsesItem> streamed = List.copyOf(this.all);
		Map<ResponsesKind, Integer> seen = new HashMap<>();
		List<ResponsesItem> items = new ArrayList<>();
		for (ResponsesItemJson json : output) {
			int position = seen.merge(json.kind(), 1, Integer::sum);
			ResponsesItem item = streamed.stream()
				.filter((candidate) -> candidate.kind() == json.kind() && candidate.id() != null
						&& !items.contains(candidate) && Objects.equals(candidate.id(), json.id))
				.findFirst()
				.or(() -> streamed.stream()
					.filter((candidate) -> candidate.kind() == json.kind())
					.skip(position - 1)
					.findFirst())
				.orElseGet(() -> add(-1, json.id, json.kind()));
			items.add(item);
		}
		return items;
	}

}
