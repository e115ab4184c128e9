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

package io.llmstream.relay;

import java.time.Duration;

import org.springframework.util.Assert;

/**
 * How tokens are relayed to browsers. Immutable; sizes are in bytes of what the log
 * holds: its texts in UTF-8, and 32 for each event that was not merged.
 *
 * @param heartbeat after how much silence a comment is written, so that proxies keep the
 * connection and a browser that left is noticed; zero for never
 * @param coalescingWindow for how long after a write further pieces of the same kind are
 * merged; zero to merge only while a write is in flight
 * @param mergeLimit the size at which merged pieces are written at once
 * @param maxBatch the size at which one write is closed and the rest left to the next
 * @param maxLag how far a browser may fall behind before no more is asked of the provider
 * @param writeTimeout how long a browser may accept nothing before its connection is
 * given up; zero for no limit
 * @param maxConnections the most threads of a pool of platform threads, hence the most
 * writes that may be blocked at the same time
 */
public record RelaySettings(Duration heartbeat, Duration coalescingWindow, int mergeLimit, int maxBatch, int maxLag,
		Duration writeTimeout, int maxConnections) {

	private static final RelaySettings DEFAULTS = new RelaySettings(Duration.ofSeconds(15), Duration.ofMillis(15),
			16 * 1024, 32 * 1024, 256 * 1024, Duration.ofSeconds(30), 256);

	/**
	 * Create settings.
	 */
	public RelaySettings {
		Assert.isTrue(!heartbeat.isNegative(), "heartbeat must not be negative");
		Assert.isTrue(!coalescingWindow.isNegative(), "coalescingWindow must not be negative");
		Assert.isTrue(!writeTimeout.isNegative(), "writeTimeout must not be negative");
		Assert.isTrue(mergeLimit > 0, "mergeLimit must be positive");
		Assert.isTrue(maxBatch > 0, "maxBatch must be positive");
		Assert.isTrue(maxLag > 0, "maxLag must be positive");
		Assert.isTrue(maxConnections > 0, "maxConnections must be positive");
	}

	/**
	 * Settings that suit production.
	 * @return the defaults
	 */
	public static RelaySettings defaults() {
		return DEFAULTS;
	}

	/**
	 * Change the heartbeat.
	 * @param interval after how much silence to write a comment; zero for never
	 * @return changed settings
	 */
	public RelaySettings withHeartbeat(Duration interval) {
		return new RelaySettings(interval, this.coalescingWindow, this.mergeLimit, this.maxBatch, this.maxLag,
				this.writeTimeout, this.maxConnections);
	}

	/**
	 * Change how pieces are merged.
	 * @param window for how long after a write to merge; zero to merge only while a write
	 * is in flight
	 * @param limit the size at which merged pieces are written at once
	 * @return changed settings
	 */
	public RelaySettings withCoalescing(Duration window, int limit) {
		return new RelaySettings(this.heartbeat, window, limit, this.maxBatch, this.maxLag, this.writeTimeout,
				this.maxConnections);
	}

	/**
	 * Change the size of one write.
	 * @param size the size at which a write is closed
	 * @return changed settings
	 */
	public RelaySettings withMaxBatch(int size) {
		return new RelaySettings(this.heartbeat, this.coalescingWindow, this.mergeLimit, size, this.maxLag,
				this.writeTimeout, this.maxConnections);
	}

	/**
	 * Change how far a browser may fall behind.
	 * @param size the size at which no more is asked of the provider
	 * @return changed settings
	 */
	public RelaySettings withMaxLag(int size) {
		return new RelaySettings(this.heartbeat, this.coalescingWindow, this.mergeLimit, this.maxBatch, size,
				this.writeTimeout, this.maxConnections);
	}

	/**
	 * Change how long a browser may accept nothing.
	 * @param timeout the limit; zero for none
	 * @return changed settings
	 */
	public RelaySettings withWriteTimeout(Duration timeout) {
		return new RelaySettings(this.heartbeat, this.coalescingWindow, this.mergeLimit, this.maxBatch, this.maxLag,
				timeout, this.maxConnections);
	}

	/**
	 * Change the size of a pool of platform threads.
	 * @param connections the most threads
	 * @return changed settings
	 */
	public RelaySettings withMaxConnections(int connections) {
		return new RelaySettings(this.heartbeat, this.coalescingWindow, this.mergeLimit, this.maxBatch, this.maxLag,
				this.writeTimeout, connections);
	}

}
