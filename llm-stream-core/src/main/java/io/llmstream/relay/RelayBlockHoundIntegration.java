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

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Tells BlockHound, in applications whose tests it watches, what may be done on any
 * thread though it looks like blocking. Found by {@link java.util.ServiceLoader}; without
 * BlockHound nothing loads it.
 */
public final class RelayBlockHoundIntegration implements BlockHoundIntegration {

	/**
	 * Create an integration.
	 */
	public RelayBlockHoundIntegration() {
	}

	@Override
	public void applyTo(BlockHound.Builder builder) {
		// the JDK reads a file for it, but one that never lets a reader wait
		builder.allowBlockingCallsInside(RunIds.class.getName(), "next");
		// the lock of a timer's queue, of which Reactor tells for all but periodic tasks;
		// a thread that is thrown out of it blocks that timer forever
		builder.allowBlockingCallsInside(RelayTicker.class.getName(), "stopIfIdle");
		// a lock for a few instructions; BlockHound does not learn of it from Netty
		builder.allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator", "allocate");
		builder.allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator$Magazine", "free");
		// a lock for a few instructions, on event loops too, which an error that is
		// thrown out of it leaves taken: whoever comes next waits forever
		for (String method : new String[] { "incrementWriters", "decrementWriters", "doExclusive" }) {
			builder.allowBlockingCallsInside("io.lettuce.core.protocol.SharedLock", method);
		}
	}

}
