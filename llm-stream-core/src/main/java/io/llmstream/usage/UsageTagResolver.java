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

package io.llmstream.usage;

import java.util.Map;

import io.llmstream.StreamRequest;
import reactor.core.publisher.Mono;

/**
 * Says whom and what a stream is for: a user, a tenant, a feature. Beans of this type are
 * asked for each stream, and their tags are added to those of the request, which go
 * first. Values should be few enough to be worth counting.
 */
@FunctionalInterface
public interface UsageTagResolver {

	/**
	 * Resolve the tags of a stream.
	 * <p>
	 * Called on the thread that asks the client, so that what is bound to that thread can
	 * be read; must not block. The result is subscribed to once for each subscription to
	 * the stream, with the subscriber's context, and has five seconds.
	 * @param route the name of the client that is asked
	 * @param request what is asked
	 * @return the tags by name, or nothing
	 */
	Mono<Map<String, String>> resolve(String route, StreamRequest request);

}
