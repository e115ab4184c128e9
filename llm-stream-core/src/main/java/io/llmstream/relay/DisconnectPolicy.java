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

/**
 * What becomes of a run when the last browser that watches it leaves. A browser that
 * leaves is no request to stop: it may be a reload, or a tunnel. Until a first one has
 * come, no policy ends a run within 30 seconds.
 */
public enum DisconnectPolicy {

	/** The run ends at once. */
	CANCEL,

	/** The run ends unless a browser comes back soon. */
	GRACE,

	/** The run goes on to its end. */
	CONTINUE

}
