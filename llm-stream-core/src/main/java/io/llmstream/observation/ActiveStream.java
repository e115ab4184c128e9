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

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A stream that is being answered, as it is now. Never contains a prompt, an answer or a
 * key.
 *
 * @param id by which it can be found and stopped
 * @param client the client that was asked: a provider or a route
 * @param provider the provider that is being asked, or {@code null} if none is
 * @param model the model that is being asked, or {@code null} if it is not known
 * @param tags the tags of the request
 * @param started when it began
 * @param age for how long it has been active
 * @param timeToFirstToken how long the first token took, or {@code null} if none came yet
 * @param tokens how many tokens with content came so far
 * @param attempts how many attempts have begun
 */
public record ActiveStream(String id, String client, @Nullable String provider, @Nullable String model,
		Map<String, String> tags, Instant started, Duration age, @Nullable Duration timeToFirstToken, long tokens,
		int attempts) {
}
