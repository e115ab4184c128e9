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

import org.jspecify.annotations.Nullable;

/**
 * How far a run is.
 */
public enum RunState {

	/** It has not ended. */
	RUNNING,

	/** The answer is complete. */
	DONE,

	/** The answer failed. */
	ERROR,

	/** Somebody stopped it, or nobody watched any more. */
	ABORTED,

	/** The server that gave the answer is gone. */
	LOST;

	static RunState after(@Nullable RunEvent last) {
		if (last == null) {
			return RUNNING;
		}
		if (last instanceof RunEvent.Failed failed) {
			return (failed.error().equals(RelayError.LOST)) ? LOST : ERROR;
		}
		return (last instanceof RunEvent.Aborted) ? ABORTED : DONE;
	}

}
