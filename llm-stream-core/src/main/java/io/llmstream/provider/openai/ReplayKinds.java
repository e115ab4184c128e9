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

package io.llmstream.provider.openai;

/**
 * Kinds of replay state that are not simply members of an assistant message.
 */
final class ReplayKinds {

	/** A vendor's own member of a message or of a tool call. */
	static final String EXTRA_CONTENT = "extra_content";

	/** The {@link #EXTRA_CONTENT} of a tool call, together with the call's id. */
	static final String TOOL_CALL_EXTRA = "tool_call.extra_content";

	private ReplayKinds() {
	}

}
