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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.llmstream.StreamFilter;
import io.llmstream.StreamingModel;
import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;

/**
 * Puts the filters of the application between the built-in ones, as its orders say, and
 * all of them around a model. Filters of the application keep the sequence that they were
 * given in.
 */
final class FilterChain {

	private final TreeMap<Integer, List<StreamFilter>> builtIn = new TreeMap<>();

	void add(int order, @Nullable StreamFilter filter) {
		if (filter != null) {
			this.builtIn.computeIfAbsent(order, (key) -> new ArrayList<>()).add(filter);
		}
	}

	void addAll(List<StreamFilter> filters) {
		for (StreamFilter filter : filters) {
			add((filter instanceof Ordered ordered) ? ordered.getOrder() : Integer.MIN_VALUE, filter);
		}
	}

	StreamingModel around(StreamingModel model, List<StreamFilter> own, FilterOrders orders,
			List<BuiltInFilters> wrappers) {
		List<StreamFilter> all = new ArrayList<>();
		long from = Long.MIN_VALUE;
		for (Map.Entry<Integer, List<StreamFilter>> place : this.builtIn.entrySet()) {
			addOwn(all, own, orders, from, place.getKey(), wrappers);
			all.addAll(place.getValue());
			from = place.getKey();
		}
		addOwn(all, own, orders, from, Long.MAX_VALUE, wrappers);
		StreamingModel outer = model;
		for (int i = all.size() - 1; i >= 0; i--) {
			outer = all.get(i).apply(outer);
		}
		return outer;
	}

	private static void addOwn(List<StreamFilter> all, List<StreamFilter> own, FilterOrders orders, long from, long to,
			List<BuiltInFilters> wrappers) {
		for (StreamFilter filter : own) {
			int order = orders.of(filter);
			if (order >= from && order < to) {
				StreamFilter wrapped = filter;
				for (BuiltInFilters wrapper : wrappers) {
					wrapped = wrapper.around(wrapped);
				}
				all.add(wrapped);
			}
		}
	}

}
