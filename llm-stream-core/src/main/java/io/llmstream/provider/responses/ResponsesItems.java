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

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
		Map<ResponsesKind, List<ResponsesItem>> streamed = new EnumMap<>(ResponsesKind.class);
		Map<ResponsesKind, Map<String, Deque<ResponsesItem>>> named = new EnumMap<>(ResponsesKind.class);
		for (ResponsesItem item : this.all) {
			streamed.computeIfAbsent(item.kind(), (kind) -> new ArrayList<>()).add(item);
			if (item.id() != null) {
				named.computeIfAbsent(item.kind(), (kind) -> new HashMap<>())
					.computeIfAbsent(item.id(), (id) -> new ArrayDeque<>())
					.add(item);
			}
		}
		Map<ResponsesKind, Integer> seen = new EnumMap<>(ResponsesKind.class);
		Set<ResponsesItem> taken = Collections.newSetFromMap(new IdentityHashMap<>());
		List<ResponsesItem> items = new ArrayList<>();
		for (ResponsesItemJson json : output) {
			int position = seen.merge(json.kind(), 1, Integer::sum) - 1;
			List<ResponsesItem> candidates = streamed.getOrDefault(json.kind(), List.of());
			Deque<ResponsesItem> sameId = (json.id != null) ? named.getOrDefault(json.kind(), Map.of()).get(json.id)
					: null;
			while (sameId != null && !sameId.isEmpty() && taken.contains(sameId.peek())) {
				sameId.poll();
			}
			ResponsesItem item;
			if (sameId != null && !sameId.isEmpty()) {
				item = sameId.poll();
			}
			else {
				item = (position < candidates.size()) ? candidates.get(position) : add(-1, json.id, json.kind());
			}
			taken.add(item);
			items.add(item);
		}
		return items;
	}

}
