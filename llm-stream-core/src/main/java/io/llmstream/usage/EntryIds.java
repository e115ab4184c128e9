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

package io.llmstream.usage;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Names streams, as no other node and no other start of this one does: a random number of
 * the process, and a count.
 */
final class EntryIds {

	private final String process;

	private final AtomicLong count = new AtomicLong();

	EntryIds() {
		SecureRandom random = new SecureRandom();
		this.process = Long.toString(random.nextLong() & Long.MAX_VALUE, Character.MAX_RADIX)
				+ Long.toString(random.nextInt() & Integer.MAX_VALUE, Character.MAX_RADIX);
	}

	String next() {
		return this.process + "." + Long.toString(this.count.incrementAndGet(), Character.MAX_RADIX);
	}

}
