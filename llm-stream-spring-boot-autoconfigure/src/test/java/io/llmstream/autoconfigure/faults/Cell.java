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

package io.llmstream.autoconfigure.faults;

import java.util.Locale;

/**
 * One way to misbehave, and one way to deal with it.
 *
 * @param fault what the first target does
 * @param policy what the route does with an answer that breaks off
 * @param layout which targets there are
 * @param wire how the first target speaks
 */
record Cell(Fault fault, String policy, Layout layout, Wire wire) {

	private static final String SEPARATOR = "~";

	/**
	 * A word that requests carry, so that providers know what to do.
	 */
	String id() {
		return String.join(SEPARATOR, "", this.fault.name(), this.policy, this.layout.name(), this.wire.name(), "");
	}

	/**
	 * Find the cell that a request belongs to.
	 */
	static Cell in(String request) {
		String[] words = request.split(SEPARATOR, -1);
		if (words.length != 6) {
			throw new IllegalArgumentException("Not a request of a cell: " + request);
		}
		return new Cell(Fault.valueOf(words[1]), words[2], Layout.valueOf(words[3]), Wire.valueOf(words[4]));
	}

	/**
	 * The name of the route, which names its target.
	 */
	String route() {
		return this.policy + "-" + this.layout.targets() + "-" + target();
	}

	/**
	 * The name of the first target. A provider that has told of a limit is asked last for
	 * a while, so each such cell has one of its own.
	 */
	String target() {
		String name = this.fault.address().name().toLowerCase(Locale.ROOT) + "-" + this.wire.word();
		if (!this.fault.isRateLimit()) {
			return name;
		}
		return (this.layout == Layout.TWO)
				? name + "-" + this.fault.name().toLowerCase(Locale.ROOT).replace('_', '-') + "-" + this.policy
				: name + "-limited";
	}

}
