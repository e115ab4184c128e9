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

package io.llmstream.test;

import org.jspecify.annotations.Nullable;

/**
 * A frame of an answer, for a {@link DialectContract}.
 *
 * @param event the name of the event, or {@code null} if it has none
 * @param data the data, in most wires a JSON object
 */
public record DialectSample(@Nullable String event, String data) {

	/**
	 * A frame without a name.
	 * @param data the data
	 * @return the frame
	 */
	public static DialectSample of(String data) {
		return new DialectSample(null, data);
	}

	/**
	 * A frame with a name.
	 * @param event the name of the event
	 * @param data the data
	 * @return the frame
	 */
	public static DialectSample of(String event, String data) {
		return new DialectSample(event, data);
	}

	boolean isObject() {
		return this.data.stripLeading().startsWith("{");
	}

	DialectSample withUnknownMember() {
		if (!isObject()) {
			return this;
		}
		String rest = this.data.stripLeading().substring(1);
		String comma = (rest.stripLeading().startsWith("}")) ? "" : ",";
		return new DialectSample(this.event,
				"{\"x_unknown\":{\"text\":[1,null,\"x\"],\"content\":{\"a\":true}}" + comma + rest);
	}

}
