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

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Which targets one stream has yet to try. For one thread at a time.
 */
final class TargetPlan {

	private final List<RouteTarget> order;

	private final Set<RouteTarget> failed = new HashSet<>();

	private Queue<RouteTarget> candidates;

	TargetPlan(Collection<RouteTarget> order) {
		this.order = List.copyOf(order);
		this.candidates = new ArrayDeque<>(this.order);
	}

	/**
	 * The next target to try, or {@code null} if all were tried.
	 */
	@Nullable RouteTarget next() {
		return this.candidates.poll();
	}

	boolean hasNext() {
		return !this.candidates.isEmpty();
	}

	/**
	 * A target could not begin. It is asked again only where no other is left.
	 */
	void failedToBegin(RouteTarget target) {
		this.failed.add(target);
	}

	/**
	 * A target began and broke off: those after it come next, then those before it, at
	 * last itself.
	 */
	void brokeOff(RouteTarget target) {
		int size = this.order.size();
		int at = this.order.indexOf(target);
		List<RouteTarget> last = new ArrayList<>();
		this.candidates = new ArrayDeque<>(size);
		for (int i = 1; i <= size; i++) {
			RouteTarget candidate = this.order.get((at + i) % size);
			if (this.failed.contains(candidate)) {
				last.add(candidate);
			}
			else {
				this.candidates.add(candidate);
			}
		}
		this.candidates.addAll(last);
	}

}
