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
 * When an answer was last read from its provider. Tells tokens that came together from
 * such that came apart without a look at the clock, which can cost as much as all else
 * that is done to watch a token: who reads has looked already.
 * <p>
 * For one subscription: who wants to know puts it into the Reactor context with
 * {@link #in(Context)}, and who reads finds it there. A model that is not ours may never
 * say when it reads. Not synchronized: written before the tokens of what was read are
 * emitted, to be read with one of them.
 */
public final class LastRead {

	/** What {@link #time()} is before anything was read. */
	public static final long NEVER = Long.MIN_VALUE;

	private long time = NEVER;

	/**
	 * Note that something has been read.
	 * @param time when, in milliseconds from any origin that does not change
	 */
	public void at(long time) {
		this.time = time;
	}

	/**
	 * When something was read last.
	 * @return the time in milliseconds, of no use but to be compared with another one of
	 * this subscription, or {@link #NEVER}
	 */
	public long time() {
		return this.time;
	}

	/**
	 * Add this to a Reactor context.
	 * @param context the context
	 * @return the context with this, instead of another one
	 */
	public Context in(Context context) {
		return StreamScope.from(context).withLastRead(this).in(context);
	}

	/**
	 * Find who wants to know when a subscription's answer is read.
	 * @param context the subscriber's context
	 * @return what to tell it, or {@code null} if nobody wants to know
	 */
	public static @Nullable LastRead from(ContextView context) {
		return StreamScope.from(context).lastRead();
	}

}
