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

package io.llmstream.autoconfigure;

import java.util.Set;

import io.llmstream.TargetHealth;
import io.llmstream.engine.ProviderState;

/**
 * What is known of the configured providers while the application runs. Injectable; safe
 * for use by several threads.
 */
public interface LlmStreamProviders {

	/**
	 * The names of the providers whose clients the auto-configuration made.
	 * @return the names
	 */
	Set<String> names();

	/**
	 * The rate limits and keys of a provider, as its answers told them.
	 * @param name the provider's name in the configuration
	 * @return the state, which changes with each answer
	 * @throws IllegalArgumentException if the auto-configuration made no client of this
	 * name; the message lists the names
	 */
	ProviderState state(String name);

	/**
	 * How a provider is doing: its circuit breaker, its limit on open streams, its keys
	 * and rate limits.
	 * @param name the provider's name in the configuration
	 * @return its health, the worst of all
	 * @throws IllegalArgumentException if the auto-configuration made no client of this
	 * name; the message lists the names
	 */
	TargetHealth health(String name);

}
