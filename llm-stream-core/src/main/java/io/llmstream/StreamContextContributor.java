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

import java.util.function.UnaryOperator;

import reactor.util.context.Context;

/**
 * Adds to the Reactor context of each stream that begins with a client, and so sees it as
 * a whole, retries, routes and other clients inside: mostly a {@link StreamObserver},
 * with {@link StreamObserver#in(Context)}. Nothing is added for a client that is asked
 * inside of another one's stream.
 */
@FunctionalInterface
public interface StreamContextContributor {

	/**
	 * Prepare for a stream.
	 * <p>
	 * Called on the thread that asks the client, so that what is bound to that thread can
	 * be read, also for a client inside of another one's stream. The result is called
	 * once for each subscription, on the thread that subscribes; neither must block or
	 * throw.
	 * @param client the client's name
	 * @param request what is asked
	 * @return changes the subscriber's context into that of the stream
	 */
	UnaryOperator<Context> contribute(String client, StreamRequest request);

}
