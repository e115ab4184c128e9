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

package io.llmstream.databases;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Lets Lettuce wait for its own lock, which it holds for moments on event loops too. An
 * error thrown there leaves the lock taken, and whoever comes next waits for ever.
 */
public final class LettuceBlockHoundIntegration implements BlockHoundIntegration {

	private static final String LOCK = "io.lettuce.core.protocol.SharedLock";

	@Override
	public void applyTo(BlockHound.Builder builder) {
		for (String method : new String[] { "incrementWriters", "decrementWriters", "doExclusive" }) {
			builder.allowBlockingCallsInside(LOCK, method);
		}
	}

}
