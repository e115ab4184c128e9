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
 * On which thread an attempt emits tokens now. Who wants to end a stream from outside
 * must not do so while a token is being passed on, and to see to that for each token
 * takes a step that all processors agree upon, which is dear amid the writing of tokens.
 * What comes on the thread of an attempt is safe without that step for whoever waits
 * until all attempts have told their {@link StreamObserver} their ends.
 * <p>
 * For one subscription: who wants to know puts it into the Reactor context with
 * {@link #in(Context)}, and who emits finds it there. A model that is not ours may never
 * say that it emits. Not synchronized: that it is a certain thread that thread only can
 * have written, and if attempts overwrite each other's, the answer is no.
 */
public final class EmittingThread {

	private @Nullable Thread thread;

	/**
	 * This thread emits from now on. It must say that it does so no more before it tells
	 * the end of its attempt.
	 */
	public void begin() {
		this.thread = Thread.currentThread();
	}

	/**
	 * This thread emits no more, for now.
	 */
	public void end() {
		this.thread = null;
	}

	/**
	 * Whether this thread is known to be the one that emits.
	 * @return whether what comes now comes from an attempt that has not told its end; if
	 * not, it may be so all the same
	 */
	public boolean isCurrent() {
		return this.thread == Thread.currentThread();
	}

	/**
	 * Add this to a Reactor context.
	 * @param context the context
	 * @return the context with this, instead of another one
	 */
	public Context in(Context context) {
		return StreamScope.from(context).withEmitting(this).in(context);
	}

	/**
	 * Find who wants to know on which thread a subscription's tokens are emitted.
	 * @param context the subscriber's context
	 * @return what to tell it, or {@code null} if nobody wants to know
	 */
	public static @Nullable EmittingThread from(ContextView context) {
		return StreamScope.from(context).emitting();
	}

}
