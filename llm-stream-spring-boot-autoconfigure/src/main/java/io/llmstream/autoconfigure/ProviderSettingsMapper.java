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

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.llmstream.engine.ProviderSettings;
import io.llmstream.engine.StreamTimeouts;
import io.llmstream.provider.ProviderDialect;
import io.llmstream.resilience.CircuitBreakerSettings;
import io.llmstream.resilience.RetrySettings;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/**
 * From the properties of one provider to the settings of the engine. Fails on what cannot
 * work, so that it fails at startup and not with the first user.
 */
final class ProviderSettingsMapper {

	private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{[\\w.\\-]+}");

	private final LlmStreamConnectionDetails details;

	private final LlmStreamConnectionDetails fallback;

	ProviderSettingsMapper(LlmStreamConnectionDetails details, LlmStreamProperties properties) {
		this.details = details;
		this.fallback = new PropertiesLlmStreamConnectionDetails(properties);
	}

	ProviderSettings.Builder settings(String name, ProviderProperties properties, ProviderDialect dialect) {
		PropertyChecks checks = new PropertyChecks("llm-stream.providers." + name + ".");
		return ProviderSettings.builder(name, dialect)
			.baseUrl(baseUrl(name, dialect, checks))
			.apiKeys(apiKeys(name, properties, dialect, checks))
			.keyCoolDown(coolDown(properties, checks))
			.defaultModel(model(properties, checks))
			.headers(headers(properties.getHeaders(), checks))
			.query(properties.getQuery())
			.extra(ExtraMembers.of(properties.getExtra()))
			.timeouts(timeouts(properties.getTimeouts(), checks))
			.maxFrameBytes(maxFrameBytes(properties.getMaxFrameSize(), checks));
	}

	RetrySettings retry(String name, ProviderProperties.Retry retry) {
		PropertyChecks checks = new PropertyChecks("llm-stream.providers." + name + ".retry.");
		checks.check(retry.getMaxRetries() >= 0, "max-retries", retry.getMaxRetries(), "must not be negative", "2");
		checks.notNegative("delay", retry.getDelay(), "500ms");
		checks.check(retry.getMultiplier() >= 1, "multiplier", retry.getMultiplier(), "must not be less than 1", "2");
		checks.notNegative("max-delay", retry.getMaxDelay(), "10s");
		checks.check(retry.getMaxDelay().compareTo(retry.getDelay()) >= 0, "max-delay", retry.getMaxDelay(),
				"must not be less than the delay", "10s");
		checks.notNegative("jitter", retry.getJitter(), "200ms");
		return new RetrySettings(retry.getMaxRetries(), retry.getDelay(), retry.getMultiplier(), retry.getMaxDelay(),
				retry.getJitter());
	}

	static CircuitBreakerSettings circuitBreaker(String name, ProviderProperties.CircuitBreaker breaker) {
		PropertyChecks checks = new PropertyChecks("llm-stream.providers." + name + ".circuit-breaker.");
		percentage("failure-rate-threshold", breaker.getFailureRateThreshold(), "50", checks);
		percentage("slow-rate-threshold", breaker.getSlowRateThreshold(), "80", checks);
		checks.notNegative("slow-first-token", breaker.getSlowFirstToken(), "20s");
		checks.check(breaker.getMinimumCalls() > 0, "minimum-calls", breaker.getMinimumCalls(), "must be positive",
				"10");
		checks.check(breaker.getWindow() > 0, "window", breaker.getWindow(), "must be positive", "50");
		checks.check(breaker.getMinimumCalls() <= breaker.getWindow(), "minimum-calls", breaker.getMinimumCalls(),
				"must not be more than the window", "10");
		checks.positive("wait-in-open-state", breaker.getWaitInOpenState(), "30s");
		checks.check(breaker.getCallsInHalfOpenState() > 0, "calls-in-half-open-state",
				breaker.getCallsInHalfOpenState(), "must be positive", "3");
		return new CircuitBreakerSettings(breaker.getFailureRateThreshold(), limit(breaker.getSlowFirstToken()),
				breaker.getSlowRateThreshold(), breaker.getMinimumCalls(), breaker.getWindow(),
				breaker.getWaitInOpenState(), breaker.getCallsInHalfOpenState());
	}

	private static void percentage(String name, float value, String example, PropertyChecks checks) {
		checks.check(value > 0 && value <= 100, name, value, "must be above 0 and not above 100", example);
	}

	/**
	 * Whether the number of streams is limited.
	 */
	boolean limitsStreams(String name, ProviderProperties properties) {
		PropertyChecks checks = new PropertyChecks("llm-stream.providers." + name + ".");
		Integer most = properties.getMaxConcurrentStreams();
		checks.check(most == null || most > 0, "max-concurrent-streams", most, "must be positive", "100");
		checks.notNegative("max-concurrent-streams-wait", properties.getMaxConcurrentStreamsWait(), "5s");
		return most != null;
	}

	private String baseUrl(String name, ProviderDialect dialect, PropertyChecks checks) {
		String url = this.details.getBaseUrl(name);
		url = (url != null) ? url : this.fallback.getBaseUrl(name);
		url = (url != null) ? url : dialect.defaultBaseUrl();
		if (url == null) {
			throw checks.invalid("base-url",
					"is not set, and " + dialect.displayName() + " has no address that suits all",
					"https://llm.example.com/v1");
		}
		Matcher placeholder = PLACEHOLDER.matcher(url);
		if (placeholder.find()) {
			throw checks.unresolved("base-url", placeholder.group());
		}
		String problem = problem(url);
		if (problem != null) {
			// Not the value itself: an address can carry a password.
			throw checks.invalid("base-url", problem, "https://llm.example.com/v1");
		}
		return (url.endsWith("/")) ? url.substring(0, url.length() - 1) : url;
	}

	private static @Nullable String problem(String url) {
		try {
			URI uri = new URI(url);
			if (!"http".equalsIgnoreCase(uri.getScheme()) && !"https".equalsIgnoreCase(uri.getScheme())) {
				return "does not begin with http:// or https://";
			}
			if (uri.getHost() == null) {
				return "has no valid host";
			}
			if (uri.getRawUserInfo() != null) {
				return "carries a user name or password, which belongs into api-key or headers";
			}
			if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
				return "has a query or fragment; parameters belong into query";
			}
			return null;
		}
		catch (URISyntaxException ex) {
			return "is not a valid address";
		}
	}

	private Supplier<List<String>> apiKeys(String name, ProviderProperties properties, ProviderDialect dialect,
			PropertyChecks checks) {
		List<String> keys = currentKeys(name);
		if (keys.isEmpty() && dialect.requiresApiKey()) {
			throw checks.invalid("api-key", "is not set, and " + dialect.displayName() + " cannot be used without one",
					"${" + name.toUpperCase(Locale.ROOT).replaceAll("\\W", "_") + "_API_KEY}");
		}
		for (String key : keys) {
			String property = (properties.getApiKeys().stream().anyMatch((more) -> more.strip().equals(key)))
					? "api-keys" : "api-key";
			if (PLACEHOLDER.matcher(key).matches()) {
				throw checks.unresolved(property, key);
			}
			if (key.chars().anyMatch((c) -> c <= ' ' || c == 0x7F)) {
				throw checks.invalid(property, "contains a space or a control character", "${OPENAI_API_KEY}");
			}
		}
		return () -> currentKeys(name);
	}

	private List<String> currentKeys(String name) {
		List<String> keys = this.details.getApiKeys(name);
		return (keys.isEmpty()) ? this.fallback.getApiKeys(name) : keys;
	}

	private static Duration coolDown(ProviderProperties properties, PropertyChecks checks) {
		checks.positive("api-key-cool-down", properties.getApiKeyCoolDown(), "1m");
		return properties.getApiKeyCoolDown();
	}

	private static String model(ProviderProperties properties, PropertyChecks checks) {
		String model = properties.getModel();
		if (!StringUtils.hasText(model)) {
			throw checks.invalid("model", "is not set, so that it is not known which model to ask",
					"<the model to ask>");
		}
		if (PLACEHOLDER.matcher(model).matches()) {
			throw checks.unresolved("model", model);
		}
		return model.strip();
	}

	private static Map<String, String> headers(Map<String, String> headers, PropertyChecks checks) {
		headers.forEach((name, value) -> {
			if (!name.chars().allMatch((c) -> c > ' ' && c < 0x7F && c != ':')) {
				throw checks.invalid("headers", "has a name that cannot be the name of a header", "<value>");
			}
			if (value.chars().anyMatch((c) -> c < ' ' && c != '\t')) {
				throw checks.invalid("headers." + name, "contains a line break or a control character", "<value>");
			}
		});
		return headers;
	}

	private static StreamTimeouts timeouts(ProviderProperties.Timeouts timeouts, PropertyChecks checks) {
		checks.positive("timeouts.connect", timeouts.getConnect(), "10s");
		checks.notNegative("timeouts.first-token", timeouts.getFirstToken(), "2m");
		checks.notNegative("timeouts.stall", timeouts.getStall(), "30s");
		checks.notNegative("timeouts.silent-phase", timeouts.getSilentPhase(), "5m");
		checks.notNegative("timeouts.total", timeouts.getTotal(), "10m");
		return new StreamTimeouts(limit(timeouts.getFirstToken()), limit(timeouts.getStall()),
				limit(timeouts.getSilentPhase()), limit(timeouts.getTotal()));
	}

	private static @Nullable Duration limit(@Nullable Duration timeout) {
		return (timeout == null || timeout.isZero()) ? null : timeout;
	}

	private static int maxFrameBytes(DataSize size, PropertyChecks checks) {
		checks.check(size.toBytes() >= 1024 && size.toBytes() <= Integer.MAX_VALUE, "max-frame-size", size,
				"must be from 1KB to 2047MB", "4MB");
		return (int) size.toBytes();
	}

}
