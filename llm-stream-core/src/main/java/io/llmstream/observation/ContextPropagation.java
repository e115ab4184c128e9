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

package io.llmstream.observation;

import java.util.function.Supplier;

import io.llmstream.StreamFilter;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import reactor.core.publisher.Flux;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * Takes what is bound to the thread of who asks, such as the trace, the logging context
 * or the security context, to code of the application that runs for a stream on other
 * threads. It is what has a {@link io.micrometer.context.ThreadLocalAccessor}.
 * <p>
 * Needs {@code context-propagation} on the classpath.
 */
public final class ContextPropagation {

	private static final ContextSnapshotFactory snapshots = ContextSnapshotFactory.builder().build();

	private ContextPropagation() {
	}

	/**
	 * Add what is bound to this thread to the Reactor context of a stream, unless it is
	 * there. Called by the thread that subscribes, with the outermost context.
	 * @param context the subscriber's context
	 * @return the context with what is bound to this thread
	 */
	public static Context capture(Context context) {
		return snapshots.captureAll(context).updateContext(context);
	}

	/**
	 * A filter that is asked with what the context holds bound to its thread, also in a
	 * second attempt, on a timer's thread.
	 * @param filter the filter
	 * @return the filter with its context
	 */
	public static StreamFilter around(StreamFilter filter) {
		return (request, next) -> Flux.deferContextual((context) -> call(context, () -> filter.filter(request, next)));
	}

	/**
	 * Call something with what a context holds bound to this thread, and as it was before
	 * afterwards.
	 * @param <T> the type of the result
	 * @param context the context of a stream
	 * @param action what to call
	 * @return its result
	 */
	public static <T> T call(ContextView context, Supplier<T> action) {
		ContextSnapshot.Scope scope = snapshots.setThreadLocalsFrom(context);
		try {
			return action.get();
		}
		finally {
			scope.close();
		}
	}

}
