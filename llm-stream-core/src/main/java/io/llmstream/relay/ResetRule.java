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

import java.util.ArrayList;
import java.util.List;

import io.llmstream.Token;

/**
 * What a connection is told of a reset whose protocol has no word for it: before any
 * content nothing, after it that the answer failed, for what was sent can no longer be
 * taken back. Used by one thread at a time.
 */
final class ResetRule {

	private static final RelayError BROKE_OFF = new RelayError("truncated", "The answer broke off.", true);

	private boolean content;

	/**
	 * Create a rule for one connection.
	 * @param content whether the browser has content from an earlier connection
	 */
	ResetRule(boolean content) {
		this.content = content;
	}

	List<RunEvent> apply(List<RunEvent> events) {
		List<RunEvent> told = new ArrayList<>(events.size());
		for (RunEvent event : events) {
			Token token = (event instanceof RunEvent.Whole whole) ? whole.token() : null;
			if (!(token instanceof Token.Reset)) {
				// of an answer of several steps a reset takes back the last one only
				this.content = !(token instanceof Token.StepStart)
						&& (this.content || event instanceof RunEvent.Delta || token != null);
				told.add(event);
			}
			else if (this.content) {
				told.add(new RunEvent.Failed(event.seq(), BROKE_OFF, true));
				return told;
			}
		}
		return told;
	}

}
