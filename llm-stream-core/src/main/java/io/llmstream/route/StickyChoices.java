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

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Which target answered a conversation last. Bounded, and forgets what is idle; the work
 * under its lock is constant on average.
 */
final class StickyChoices {

	private final int max;

	private final long idleNanos;

	private final LongSupplier clock;

	private final Map<String, Choice> choices = new LinkedHashMap<>(16, 0.75f, true);

	StickyChoices(StickySettings settings, LongSupplier clock) {
		this.max = settings.maxConversations();
		this.idleNanos = settings.idle().toNanos();
		this.clock = clock;
	}

	synchronized @Nullable RouteTarget find(String conversation) {
		forgetIdle();
		Choice choice = this.choices.get(conversation);
		if (choice == null) {
			return null;
		}
		choice.used = this.clock.getAsLong();
		return choice.target;
	}

	synchronized void remember(String conversation, RouteTarget target) {
		forgetIdle();
		this.choices.put(conversation, new Choice(target, this.clock.getAsLong()));
		if (this.choices.size() > this.max) {
			Iterator<Choice> eldest = this.choices.values().iterator();
			eldest.next();
			eldest.remove();
		}
	}

	synchronized int size() {
		return this.choices.size();
	}

	private void forgetIdle() {
		long now = this.clock.getAsLong();
		Iterator<Choice> eldest = this.choices.values().iterator();
		while (eldest.hasNext() && now - eldest.next().used >= this.idleNanos) {
			eldest.remove();
		}
	}

	private static final class Choice {

		private final RouteTarget target;

		private long used;

		Choice(RouteTarget target, long used) {
			this.target = target;
			this.used = used;
		}

	}

}
