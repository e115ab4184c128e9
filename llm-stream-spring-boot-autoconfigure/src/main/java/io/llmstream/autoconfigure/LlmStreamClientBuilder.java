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

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.llmstream.LlmStreamClient;
import io.llmstream.StreamFilter;
import io.llmstream.StreamingModel;
import io.llmstream.engine.ProviderSettings;
import io.llmstream.engine.ProviderStreamingModel;
import io.llmstream.http.HttpExchange;
import io.llmstream.resilience.RetryBeforeContent;
import io.llmstream.resilience.RetrySettings;
import org.jspecify.annotations.Nullable;

/**
 * The client of one provider, before it is built. Not safe for use by several threads.
 */
public final class LlmStreamClientBuilder {

	private final String name;

	private final String type;

	private final ProviderSettings.Builder settings;

	private final List<StreamFilter> filters = new ArrayList<>();

	private @Nullable RetrySettings retry;

	private @Nullable HttpExchange exchange;

	LlmStreamClientBuilder(String name, String type, ProviderSettings.Builder settings) {
		this.name = name;
		this.type = type;
		this.settings = settings;
	}

	/**
	 * The provider's name in the configuration.
	 * @return the name
	 */
	public String name() {
		return this.name;
	}

	/**
	 * The kind of server.
	 * @return the type, such as {@code openai}
	 */
	public String type() {
		return this.type;
	}

	/**
	 * Change how the provider is asked.
	 * @param settings receives the settings, as the properties made them
	 * @return this builder
	 */
	public LlmStreamClientBuilder settings(Consumer<ProviderSettings.Builder> settings) {
		settings.accept(this.settings);
		return this;
	}

	/**
	 * Add a filter for this provider alone, inside of those that are there.
	 * @param filter the filter
	 * @return this builder
	 */
	public LlmStreamClientBuilder filter(StreamFilter filter) {
		this.filters.add(filter);
		return this;
	}

	/**
	 * Change the filters. At first they are the {@link StreamFilter} beans.
	 * @param filters receives the list, outermost first, which can be changed
	 * @return this builder
	 */
	public LlmStreamClientBuilder filters(Consumer<List<StreamFilter>> filters) {
		filters.accept(this.filters);
		return this;
	}

	/**
	 * Set how failed requests are retried, inside of all filters.
	 * @param retry the settings, or {@code null} to retry nothing
	 * @return this builder
	 */
	public LlmStreamClientBuilder retry(@Nullable RetrySettings retry) {
		this.retry = retry;
		return this;
	}

	/**
	 * Set what does HTTP for this provider. The connection settings of the properties
	 * then do not apply.
	 * @param exchange what does HTTP
	 * @return this builder
	 */
	public LlmStreamClientBuilder exchange(HttpExchange exchange) {
		this.exchange = exchange;
		return this;
	}

	boolean hasExchange() {
		return this.exchange != null;
	}

	LlmStreamClient build() {
		if (this.exchange == null) {
			throw new IllegalStateException("The client '" + this.name + "' has nothing that does HTTP");
		}
		StreamingModel model = new ProviderStreamingModel(this.settings.build(), this.exchange);
		if (this.retry != null && this.retry.maxRetries() > 0) {
			model = new RetryBeforeContent(this.retry).apply(model);
		}
		for (int i = this.filters.size() - 1; i >= 0; i--) {
			model = this.filters.get(i).apply(model);
		}
		return LlmStreamClient.create(this.name, model);
	}

}
