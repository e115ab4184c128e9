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

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;

import io.llmstream.TargetHealth;
import io.llmstream.engine.ProviderSettings;
import io.llmstream.engine.ProviderState;

/**
 * The {@link LlmStreamProviders}, which the clients enter as they are built.
 */
final class DefaultLlmStreamProviders implements LlmStreamProviders {

	private final Map<String, Entry> entries = new ConcurrentSkipListMap<>();

	void add(ProviderSettings settings, ProviderState state, List<TargetHealth> health) {
		this.entries.put(state.name(), new Entry(settings, state, List.copyOf(health)));
	}

	ProviderSettings settings(String name) {
		return get(name).settings();
	}

	/**
	 * What stands around the provider and knows how it is doing, such as its circuit
	 * breaker.
	 */
	List<TargetHealth> parts(String name) {
		return get(name).health();
	}

	@Override
	public Set<String> names() {
		return Set.copyOf(this.entries.keySet());
	}

	@Override
	public ProviderState state(String name) {
		return get(name).provider();
	}

	@Override
	public TargetHealth health(String name) {
		return get(name);
	}

	private Entry get(String name) {
		Entry entry = this.entries.get(name);
		if (entry == null) {
			throw new IllegalArgumentException("There is no provider named '" + name + "'. The providers are: "
					+ String.join(", ", this.entries.keySet()));
		}
		return entry;
	}

	private record Entry(ProviderSettings settings, ProviderState provider,
			List<TargetHealth> health) implements TargetHealth {

		@Override
		public State state() {
			State worst = this.provider.state();
			for (TargetHealth one : this.health) {
				State state = one.state();
				worst = (state.compareTo(worst) > 0) ? state : worst;
			}
			return worst;
		}

	}

}
