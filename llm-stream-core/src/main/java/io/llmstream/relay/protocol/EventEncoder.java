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

package io.llmstream.relay.protocol;

import io.llmstream.relay.RelayBatch;
import io.llmstream.relay.RunEvent;

/**
 * Writes the events of one connection. Used by one thread at a time.
 */
public interface EventEncoder {

	/**
	 * Write what a connection begins with, so that proxies and browsers see bytes before
	 * the model answers.
	 * @param out receives the bytes
	 */
	void open(WireBuffer out);

	/**
	 * Write one event.
	 * @param event the event
	 * @param out receives the bytes
	 */
	void event(RunEvent event, WireBuffer out);

	/**
	 * Whether the protocol can say that what was sent must be discarded. Where it cannot,
	 * this is never asked to write a reset: an answer that begins anew after content was
	 * sent is told as failed.
	 * @return whether it can
	 */
	default boolean canReset() {
		return true;
	}

	/**
	 * Write something that keeps the connection alive and that clients ignore.
	 * @param out receives the bytes
	 */
	void heartbeat(WireBuffer out);

	/**
	 * Write what makes a client come back soon after the connection was closed. Never
	 * called unless {@link RelayProtocol#comesBack()}.
	 * @param out receives the bytes
	 */
	default void farewell(WireBuffer out) {
		// Nothing: the end of the response says it.
	}

	/**
	 * Write everything that one write carries.
	 * @param batch what to write
	 * @param out receives the bytes
	 * @return the bytes, in one array of their length, empty if the protocol has no words
	 * for any of it; the buffer is empty again
	 */
	default byte[] encode(RelayBatch batch, WireBuffer out) {
		if (batch.opening()) {
			open(out);
		}
		for (RunEvent event : batch.events()) {
			event(event, out);
		}
		if (batch.heartbeat()) {
			heartbeat(out);
		}
		if (batch.farewell()) {
			farewell(out);
		}
		return out.take();
	}

}
