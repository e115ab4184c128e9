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
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * Says whether a tool that the answer asked for has been started. What a tool does cannot
 * be taken back, so an answer whose tool has been started is neither restarted nor
 * continued. Whoever runs tools puts this into the Reactor context of the stream; without
 * it, a tool call that was emitted counts as started.
 */
@FunctionalInterface
public interface ToolActivity {

	/**
	 * Whether a tool of the current answer has been started.
	 * @return whether one has
	 */
	boolean started();

	/**
	 * Add this to a Reactor context, to be used with {@code contextWrite}.
	 * @param context the context
	 * @return the context with this
	 */
	default Context in(Context context) {
		return StreamScope.from(context).withTools(this).in(context);
	}

	/**
	 * Take whoever says so out of a Reactor context, for a stream of its own that a tool
	 * begins.
	 * @param context the context
	 * @return the context in which nobody says so
	 */
	static Context none(Context context) {
		return StreamScope.from(context).withTools(null).in(context);
	}

	/**
	 * Find it in a Reactor context.
	 * @param context the context
	 * @return what says so, or {@code null} if nobody does
	 */
	static @Nullable ToolActivity from(ContextView context) {
		return StreamScope.from(context).tools();
	}

}
