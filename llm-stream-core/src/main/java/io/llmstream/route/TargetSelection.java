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

package io.llmstream.route;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

import io.llmstream.StreamRequest;
import io.llmstream.TargetHealth;
import org.jspecify.annotations.Nullable;

/**
 * In which order a stream tries the targets: as the route says, the one that the
 * conversation knows first, those that are not well last.
 */
final class TargetSelection {

	private final Route route;

	private final DoubleSupplier random;

	private final @Nullable StickyChoices choices;

	TargetSelection(Route route, DoubleSupplier random, LongSupplier clock) {
		this.route = route;
		this.random = random;
		StickySettings sticky = route.sticky();
		this.choices = (sticky != null) ? new StickyChoices(sticky, clock) : null;
	}

	List<RouteTarget> order(StreamRequest request) {
		List<RouteTarget> order = (this.route.order() == TargetOrder.WEIGHTED) ? weighted()
				: new ArrayList<>(this.route.targets());
		RouteTarget known = find(request);
		if (known != null && order.remove(known)) {
			order.add(0, known);
		}
		if (order.size() > 1) {
			Map<RouteTarget, TargetHealth.State> health = new HashMap<>();
			order.forEach((target) -> health.put(target, target.health()));
			order.sort(Comparator.comparing(health::get));
		}
		return order;
	}

	/**
	 * Draw without putting back, each time by weight.
	 */
	private List<RouteTarget> weighted() {
		List<RouteTarget> rest = new ArrayList<>(this.route.targets());
		List<RouteTarget> order = new ArrayList<>(rest.size());
		while (rest.size() > 1) {
			long total = rest.stream().mapToLong(RouteTarget::weight).sum();
			long drawn = (long) (this.random.getAsDouble() * total);
			int index = 0;
			while (index < rest.size() - 1 && drawn >= rest.get(index).weight()) {
				drawn -= rest.get(index).weight();
				index++;
			}
			order.add(rest.remove(index));
		}
		order.addAll(rest);
		return order;
	}

	private @Nullable RouteTarget find(StreamRequest request) {
		String conversation = conversation(request);
		return (this.choices != null && conversation != null) ? this.choices.find(conversation) : null;
	}

	/**
	 * Take note of who completed an answer.
	 */
	void answered(StreamRequest request, RouteTarget target) {
		String conversation = conversation(request);
		if (this.choices != null && conversation != null) {
			this.choices.remember(conversation, target);
		}
	}

	private @Nullable String conversation(StreamRequest request) {
		StickySettings sticky = this.route.sticky();
		return (sticky != null) ? request.tags().get(sticky.tag()) : null;
	}

}
