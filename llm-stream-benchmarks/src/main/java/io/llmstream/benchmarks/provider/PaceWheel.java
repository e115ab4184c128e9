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

package io.llmstream.benchmarks.provider;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import io.llmstream.benchmarks.load.TokenText;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * Sends the tokens of all paced answers of one event loop with a single timer, which
 * ticks each millisecond. Lives on that event loop.
 */
final class PaceWheel {

	private static final int SLOTS = 2048;

	private final EventLoop loop;

	private final List<List<ProviderStream>> slots = new ArrayList<>(SLOTS);

	private @Nullable ScheduledFuture<?> timer;

	private List<ProviderStream> spare = new ArrayList<>();

	private long last;

	private int streams;

	PaceWheel(EventLoop loop) {
		this.loop = loop;
		for (int i = 0; i < SLOTS; i++) {
			this.slots.add(new ArrayList<>());
		}
	}

	void add(ProviderStream stream) {
		if (this.timer == null) {
			this.last = TokenText.now() / 1000;
			this.timer = this.loop.scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.MILLISECONDS);
		}
		this.streams++;
		put(stream);
	}

	private void put(ProviderStream stream) {
		long slot = Math.max(stream.due / 1000 + 1, this.last + 1);
		this.slots.get((int) Math.min(slot, this.last + SLOTS - 1) & (SLOTS - 1)).add(stream);
	}

	private void tick() {
		long now = TokenText.now();
		long end = now / 1000;
		while (this.last < end) {
			this.last++;
			int slot = (int) (this.last & (SLOTS - 1));
			List<ProviderStream> due = this.slots.get(slot);
			if (!due.isEmpty()) {
				this.slots.set(slot, this.spare);
				for (ProviderStream stream : due) {
					if (stream.pace(now)) {
						put(stream);
					}
					else {
						this.streams--;
					}
				}
				due.clear();
				this.spare = due;
			}
		}
		if (this.streams == 0 && this.timer != null) {
			this.timer.cancel(false);
			this.timer = null;
		}
	}

}
