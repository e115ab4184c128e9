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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

import io.llmstream.ConversationRunner;
import io.llmstream.LlmStreamClient;
import io.llmstream.StreamContextContributor;
import io.llmstream.StreamingModel;
import io.llmstream.StructuredOutput;
import io.llmstream.TargetHealth;
import io.llmstream.ToolRunner;
import io.llmstream.provider.ProviderDialect;
import io.llmstream.route.ContinuationPrompt;
import io.llmstream.route.ContinuationSettings;
import io.llmstream.route.HedgeSettings;
import io.llmstream.route.Route;
import io.llmstream.route.RouteTarget;
import io.llmstream.route.RoutingModel;
import io.llmstream.route.StickySettings;
import io.llmstream.usage.Budgets;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.util.StringUtils;

/**
 * Creates the client of a configured route. Fails on what cannot work, so that it fails
 * at startup and not with the first user.
 */
class RouteFactory {

	private static final Duration LONGEST = Duration.ofDays(365);

	private final LlmStreamProperties properties;

	private final ProviderDialects dialects;

	private final ListableBeanFactory beanFactory;

	private final LlmStreamProviders providers;

	RouteFactory(LlmStreamProperties properties, ListableBeanFactory beanFactory, LlmStreamProviders providers) {
		this.properties = properties;
		this.dialects = new ProviderDialects(
				beanFactory.getBeanProvider(ProviderDialect.class).orderedStream().toList());
		this.beanFactory = beanFactory;
		this.providers = providers;
	}

	LlmStreamClient create(String name) {
		RouteProperties route = this.properties.getRoutes().get(name);
		if (route == null) {
			throw new IllegalArgumentException("There is no route '" + name + "'");
		}
		PropertyChecks checks = new PropertyChecks("llm-stream.routes." + name + ".");
		List<RouteProperties.Target> targets = route.getTargets();
		if (targets.isEmpty()) {
			throw checks.invalid("targets", "is not set, so that there is nobody to ask", example());
		}
		checks.check(route.getMaxRecoveries() >= 0, "max-recoveries", route.getMaxRecoveries(), "must not be negative",
				"3");
		Route.Builder builder = Route.builder(name)
			.order(route.getOrder())
			.midStream(route.getMidStream())
			.maxRecoveries(route.getMaxRecoveries())
			.continuation(continuation(route.getContinuation(), checks))
			.sticky(sticky(route.getSticky(), checks))
			.hedge(hedge(route, checks));
		if (route.getFailoverOn() != null) {
			builder.failoverOn(route.getFailoverOn());
		}
		List<Budgets.Target> priced = new ArrayList<>();
		for (int i = 0; i < targets.size(); i++) {
			builder.targets(target(name, targets.get(i), "targets[" + i + "].", checks));
			priced.add(priced(targets.get(i)));
		}
		FilterChain chain = new FilterChain();
		this.beanFactory.getBeanProvider(BuiltInFilters.class).orderedStream().forEach((filters) -> {
			chain.addAll(filters.aroundClient(name));
			chain.addAll(filters.aroundRoute(name));
		});
		StreamingModel model = chain.around(new RoutingModel(builder.build()), List.of(), new FilterOrders(),
				List.of());
		return LlmStreamClient.builder(name, ClientBudgets.guard(this.beanFactory, name, priced, model))
			.tools(this.beanFactory.getBeanProvider(ToolRunner.class).getIfUnique())
			.conversations(this.beanFactory.getBeanProvider(ConversationRunner.class).getIfUnique())
			.output(this.beanFactory.getBeanProvider(StructuredOutput.class).getIfUnique())
			.contributors(this.beanFactory.getBeanProvider(StreamContextContributor.class).orderedStream().toList())
			.build();
	}

	private Budgets.Target priced(RouteProperties.Target configured) {
		boolean fixed = StringUtils.hasText(configured.getModel());
		String provider = Objects.requireNonNull(configured.getProvider()).strip();
		ProviderProperties properties = this.properties.getProviders().get(provider);
		String usual = (properties != null) ? properties.getModel() : null;
		return new Budgets.Target(provider, (fixed) ? Objects.requireNonNull(configured.getModel()).strip() : usual,
				fixed);
	}

	private String example() {
		Map<String, ProviderProperties> providers = this.properties.getProviders();
		return (providers.isEmpty()) ? "openai,claude" : String.join(",", providers.keySet());
	}

	private RouteTarget target(String route, RouteProperties.Target target, String prefix, PropertyChecks checks) {
		String provider = provider(route, target.getProvider(), prefix, checks);
		checks.check(target.getWeight() >= 1, prefix + "weight", target.getWeight(), "must not be less than 1", "1");
		options(target.getOptions(), prefix + "options.", checks);
		LlmStreamClient client = client(provider, prefix, checks);
		return RouteTarget.builder(provider, client::stream)
			.health(health(provider))
			.model(StringUtils.hasText(target.getModel()) ? target.getModel().strip() : null)
			.weight(target.getWeight())
			.options(new TargetOptions(target.getOptions()))
			.prefill(prefill(provider))
			.build();
	}

	private String provider(String route, @Nullable String provider, String prefix, PropertyChecks checks) {
		if (!StringUtils.hasText(provider)) {
			throw checks.invalid(prefix + "provider", "is not set, so that it is not known whom to ask",
					example().split(",")[0]);
		}
		String name = provider.strip();
		if (name.equals(route)) {
			throw checks.invalid(prefix + "provider", "is '" + name + "', the route itself", example().split(",")[0]);
		}
		if (this.properties.getRoutes().containsKey(name)) {
			throw checks.invalid(prefix + "provider",
					"is '" + name + "', which is a route; the targets of a route are providers",
					example().split(",")[0]);
		}
		return name;
	}

	/**
	 * The client of a provider, or one that the application defines.
	 */
	private LlmStreamClient client(String provider, String prefix, PropertyChecks checks) {
		for (String beanName : new String[] { LlmStreamClientRegistrar.beanName(provider), provider }) {
			if (this.beanFactory.containsBean(beanName)
					&& this.beanFactory.isTypeMatch(beanName, LlmStreamClient.class)) {
				return this.beanFactory.getBean(beanName, LlmStreamClient.class);
			}
		}
		Map<String, ProviderProperties> providers = this.properties.getProviders();
		throw checks.invalid(prefix + "provider",
				"is '" + provider + "', but there is no such provider. "
						+ ((providers.isEmpty()) ? "No provider is configured"
								: "The configured providers are: " + String.join(", ", providers.keySet())),
				example().split(",")[0]);
	}

	/**
	 * A client that the application defines says nothing of its health.
	 */
	private TargetHealth health(String provider) {
		return (this.providers.names().contains(provider)) ? this.providers.health(provider)
				: () -> TargetHealth.State.UP;
	}

	private Predicate<@Nullable String> prefill(String provider) {
		ProviderProperties properties = this.properties.getProviders().get(provider);
		if (properties == null) {
			return (model) -> false;
		}
		ProviderDialect dialect = this.dialects.get(provider, properties.getType());
		String defaultModel = properties.getModel();
		return (model) -> {
			String asked = (model != null) ? model : defaultModel;
			return asked != null && dialect.capabilities().prefills(asked);
		};
	}

	private static void options(RouteProperties.Options options, String prefix, PropertyChecks checks) {
		Double temperature = options.getTemperature();
		checks.check(temperature == null || (temperature >= 0 && Double.isFinite(temperature)), prefix + "temperature",
				temperature, "must not be negative", "0.7");
		Double topP = options.getTopP();
		checks.check(topP == null || (topP >= 0 && topP <= 1), prefix + "top-p", topP, "must be from 0 to 1", "0.9");
		Integer limit = options.getMaxOutputTokens();
		checks.check(limit == null || limit >= 1, prefix + "max-output-tokens", limit, "must not be less than 1",
				"1000");
	}

	private ContinuationSettings continuation(RouteProperties.Continuation continuation, PropertyChecks checks) {
		int min = continuation.getMinOverlap();
		int max = continuation.getMaxOverlap();
		checks.check(min >= 1, "continuation.min-overlap", min, "must not be less than 1", "12");
		checks.check(max >= min, "continuation.max-overlap", max, "must not be less than min-overlap",
				String.valueOf(Math.max(min, 240)));
		String words = continuation.getPrompt();
		checks.check(words == null || StringUtils.hasText(words), "continuation.prompt", "empty",
				"must say what the model is to do", "Go on exactly where you stopped.");
		if (words != null) {
			return new ContinuationSettings(ContinuationPrompt.of(words), min, max);
		}
		return new ContinuationSettings(this.beanFactory.getBeanProvider(ContinuationPrompt.class)
			.getIfAvailable(() -> ContinuationPrompt.of(ContinuationPrompt.DEFAULT_TEXT)), min, max);
	}

	private static @Nullable StickySettings sticky(RouteProperties.Sticky sticky, PropertyChecks checks) {
		checks.positive("sticky.idle", sticky.getIdle(), "30m");
		checks.check(sticky.getIdle().compareTo(LONGEST) <= 0, "sticky.idle", sticky.getIdle(),
				"must not be longer than a year", "30m");
		checks.check(sticky.getMaxConversations() >= 1, "sticky.max-conversations", sticky.getMaxConversations(),
				"must not be less than 1", "10000");
		return (StringUtils.hasText(sticky.getTag()))
				? new StickySettings(sticky.getTag(), sticky.getIdle(), sticky.getMaxConversations()) : null;
	}

	private static @Nullable HedgeSettings hedge(RouteProperties route, PropertyChecks checks) {
		Duration after = route.getHedgeAfter();
		Integer percentile = route.getHedgePercentile();
		checks.positive("hedge-after", after, "2s");
		checks.check(after == null || after.compareTo(LONGEST) <= 0, "hedge-after", after,
				"must not be longer than a year", "2s");
		checks.check(percentile == null || (percentile >= 1 && percentile <= 99), "hedge-percentile", percentile,
				"must be from 1 to 99", "95");
		checks.check(route.getHedgeMinSamples() >= 1 && route.getHedgeMinSamples() <= 128, "hedge-min-samples",
				route.getHedgeMinSamples(), "must be from 1 to 128", "20");
		if (after == null && percentile == null) {
			return null;
		}
		checks.check(route.getTargets().size() > 1, "hedge-" + ((after != null) ? "after" : "percentile"),
				(after != null) ? after : percentile, "needs a second target to ask", "");
		return new HedgeSettings(after, percentile, route.getHedgeMinSamples());
	}

}
