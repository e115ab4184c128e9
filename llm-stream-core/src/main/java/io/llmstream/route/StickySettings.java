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

import java.time.Duration;

/**
 * How a conversation stays with the target that answered it last, whose prompt cache
 * knows it.
 *
 * @param tag the tag of a request that names the conversation
 * @param idle how long a conversation without requests is remembered, longer than zero
 * @param maxConversations how many conversations are remembered, 1 or more; the one that
 * was idle longest is forgotten first
 */
public record StickySettings(String tag, Duration idle, int maxConversations) {

	/**
	 * Create settings.
	 * @throws IllegalArgumentException if a value is out of its range; the message names
	 * it
	 */
	public StickySettings {
		if (tag.isEmpty()) {
			throw new IllegalArgumentException("tag must not be empty");
		}
		if (idle.isNegative() || idle.isZero()) {
			throw new IllegalArgumentException("idle must be longer than zero, but is " + idle);
		}
		if (maxConversations < 1) {
			throw new IllegalArgumentException("maxConversations must be 1 or more, but is " + maxConversations);
		}
	}

	/**
	 * By the tag {@code conversation}, for half an hour, up to 10,000 conversations.
	 * @return the settings
	 */
	public static StickySettings defaults() {
		return new StickySettings("conversation", Duration.ofMinutes(30), 10_000);
	}

}
