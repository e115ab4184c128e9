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
import java.util.function.UnaryOperator;

import io.llmstream.ConversationRunner;
import io.llmstream.LlmStreamClient;
import io.llmstream.StreamContextContributor;
import io.llmstream.StreamFilter;
import io.llmstream.StreamFilterOrder;
import io.llmstream.StreamingModel;
import io.llmstream.StructuredOutput;
import io.llmstream.TargetHealth;
import io.llmstream.ToolRunner;
import io.llmstream.engine.ProviderSettings;
import io.llmstream.engine.ProviderStreamingModel;
import io.llmstream.http.HttpExchange;
import io.llmstream.resilience.RetryBeforeContent;
import io.llmstream.resilience.RetryClassifier;
import io.llmstream.resilience.RetrySettings;
import org.jspecify.annotations.Nullable;

import org.springframework.core.retry.RetryPolicy;

/**
 * The client of one provider, before it is built. Not safe for use by several threads.
 */
public final class LlmStreamClientBuilder {

	private final String name;

	private final String type;

	private final ProviderSettings.Builder settings;

	private final List<StreamFilter> filters = new ArrayList<>();

	private final FilterOrders orders;

	private final List<BuiltInFilters> builtIn;

	private @Nullable RetrySettings retry;

	private RetryClassifier retryClassifier = RetryClassifier.defaults();

	private @Nullable RetryPolicy retryPolicy;

	private @Nullable StreamFilter circuitBreaker;

	private @Nullable StreamFilter concurrencyLimit;

	private @Nullable HttpExchange exchange;

	private @Nullable ToolRunner tools;

	private @Nullable ConversationRunner conversations;

	LlmStreamClientBuilder(String name, String type, ProviderSettings.Builder settings, FilterOrders orders,
			List<BuiltInFilters> builtIn) {
		this.name = name;
		this.type = type;
		this.settings = settings;
		this.orders = orders;
		this.builtIn = builtIn;
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
	 * Add a filter for this provider alone, inside of those that are there. On which side
	 * of the built-in filters it stands is said by its order, as
	 * {@link StreamFilterOrder} describes.
	 * @param filter the filter
	 * @return this builder
	 */
	public LlmStreamClientBuilder filter(StreamFilter filter) {
		this.filters.add(filter);
		return this;
	}

	/**
	 * Change the filters. At first they are the {@link StreamFilter} beans. The list does
	 * not contain the built-in filters.
	 * @param filters receives the list, outermost first, which can be changed
	 * @return this builder
	 */
	public LlmStreamClientBuilder filters(Consumer<List<StreamFilter>> filters) {
		filters.accept(this.filters);
		return this;
	}

	/**
	 * Set how failed requests are retried.
	 * @param retry the settings, or {@code null} to retry nothing; where there is a
	 * {@link #retryPolicy(RetryPolicy) policy}, only the longest delay and the jitter
	 * hold
	 * @return this builder
	 */
	public LlmStreamClientBuilder retry(@Nullable RetrySettings retry) {
		this.retry = retry;
		return this;
	}

	/**
	 * Set a policy that says what, how often and how fast to retry, in the place of the
	 * properties.
	 * @param retryPolicy the policy, or {@code null} for the settings alone
	 * @return this builder
	 */
	public LlmStreamClientBuilder retryPolicy(@Nullable RetryPolicy retryPolicy) {
		this.retryPolicy = retryPolicy;
		return this;
	}

	/**
	 * Set which failures are worth another attempt.
	 * @param retryClassifier decides
	 * @return this builder
	 */
	public LlmStreamClientBuilder retryClassifier(RetryClassifier retryClassifier) {
		this.retryClassifier = retryClassifier;
		return this;
	}

	/**
	 * Set the circuit breaker, inside of the retries.
	 * @param circuitBreaker the filter, mostly an
	 * {@code io.llmstream.resilience.CircuitBreakerFilter}, or {@code null} for none
	 * @return this builder
	 */
	public LlmStreamClientBuilder circuitBreaker(@Nullable StreamFilter circuitBreaker) {
		this.circuitBreaker = circuitBreaker;
		return this;
	}

	/**
	 * Set the limit on open streams, inside of the circuit breaker.
	 * @param concurrencyLimit the filter, mostly an
	 * {@code io.llmstream.resilience.ConcurrencyLimitFilter}, or {@code null} for none
	 * @return this builder
	 */
	public LlmStreamClientBuilder concurrencyLimit(@Nullable StreamFilter concurrencyLimit) {
		this.concurrencyLimit = concurrencyLimit;
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

	/**
	 * Set what runs the tools of requests, outside of all filters.
	 * @param tools the runner, mostly an {@code io.llmstream.tool.ToolLoop}, or
	 * {@code null} for none
	 * @return this builder
	 */
	public LlmStreamClientBuilder tools(@Nullable ToolRunner tools) {
		this.tools = tools;
		return this;
	}

	/**
	 * Set what keeps conversations, around what runs tools.
	 * @param conversations the runner, mostly an
	 * {@code io.llmstream.conversation.Conversations}, or {@code null} for none
	 * @return this builder
	 */
	public LlmStreamClientBuilder conversations(@Nullable ConversationRunner conversations) {
		this.conversations = conversations;
		return this;
	}

	boolean hasExchange() {
		return this.exchange != null;
	}

	LlmStreamClient build(DefaultLlmStreamProviders providers, @Nullable StructuredOutput output,
			List<StreamContextContributor> contributors, UnaryOperator<StreamingModel> guard) {
		if (this.exchange == null) {
			throw new IllegalStateException("The client '" + this.name + "' has nothing that does HTTP");
		}
		ProviderSettings settings = this.settings.build();
		ProviderStreamingModel provider = new ProviderStreamingModel(settings, this.exchange);
		List<TargetHealth> health = new ArrayList<>();
		FilterChain chain = new FilterChain();
		for (BuiltInFilters filters : this.builtIn) {
			chain.addAll(filters.aroundClient(this.name));
			chain.addAll(filters.aroundProvider(settings));
		}
		chain.add(StreamFilterOrder.RETRY, healthy(retryFilter(), health));
		chain.add(StreamFilterOrder.CIRCUIT_BREAKER, healthy(this.circuitBreaker, health));
		chain.add(StreamFilterOrder.CONCURRENCY_LIMIT, healthy(this.concurrencyLimit, health));
		providers.add(settings, provider.state(), health);
		StreamingModel model = chain.around(provider, this.filters, this.orders, this.builtIn);
		return LlmStreamClient.builder(this.name, guard.apply(model))
			.tools(this.tools)
			.conversations(this.conversations)
			.output(output)
			.contributors(contributors)
			.build();
	}

	private static @Nullable StreamFilter healthy(@Nullable StreamFilter filter, List<TargetHealth> health) {
		if (filter instanceof TargetHealth known) {
			health.add(known);
		}
		return filter;
	}

	private @Nullable StreamFilter retryFilter() {
		if (this.retry == null) {
			return null;
		}
		if (this.retryPolicy != null) {
			return new RetryBeforeContent(this.retry, this.retryClassifier, this.retryPolicy);
		}
		return (this.retry.maxRetries() > 0) ? new RetryBeforeContent(this.retry, this.retryClassifier) : null;
	}

}
