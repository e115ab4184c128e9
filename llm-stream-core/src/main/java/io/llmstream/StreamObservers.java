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

package io.llmstream;

import org.jspecify.annotations.Nullable;

/**
 * Two observers of one stream. What one of them throws, which it must not, does not keep
 * the other from what happens.
 */
record StreamObservers(StreamObserver first, StreamObserver second) implements StreamObserver {

	@Override
	public void onEnd(StreamOutcome outcome) {
		try {
			this.first.onEnd(outcome);
		}
		finally {
			this.second.onEnd(outcome);
		}
	}

	@Override
	public void onAttemptBegin(String provider, @Nullable String model) {
		try {
			this.first.onAttemptBegin(provider, model);
		}
		finally {
			this.second.onAttemptBegin(provider, model);
		}
	}

	@Override
	public void onAttempt(StreamAttempt attempt) {
		onAttempt(attempt, "");
	}

	@Override
	public void onAttempt(StreamAttempt attempt, CharSequence written) {
		try {
			this.first.onAttempt(attempt, written);
		}
		finally {
			this.second.onAttempt(attempt, written);
		}
	}

}
