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

import java.util.Map;

/**
 * A language in which browsers are told what a model says: from a run's events to bytes.
 * Stateless and shared; what one connection needs to remember is in its
 * {@link EventEncoder}.
 */
public interface RelayProtocol {

	/**
	 * The name by which the protocol is chosen.
	 * @return the name
	 */
	String name();

	/**
	 * Headers that the response must carry, beyond those of every event stream.
	 * @return the headers
	 */
	default Map<String, String> headers() {
		return Map.of();
	}

	/**
	 * Whether clients take the end of a response without a last event for a connection
	 * that broke, and come back to resume. If not, a response never ends like that.
	 * @return whether they come back
	 */
	default boolean comesBack() {
		return false;
	}

	/**
	 * Create the encoder of one connection.
	 * @return a new encoder
	 */
	EventEncoder newEncoder();

}
