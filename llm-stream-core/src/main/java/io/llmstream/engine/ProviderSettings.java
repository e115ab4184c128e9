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

package io.llmstream.engine;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import io.llmstream.provider.ProviderDialect;
import org.jspecify.annotations.Nullable;

/**
 * How one configured provider is reached. Immutable; its text never contains the API key.
 */
public final class ProviderSettings {

	private final String name;

	private final ProviderDialect dialect;

	private final String baseUrl;

	private final Supplier<List<String>> apiKeys;

	private final Duration keyCoolDown;

	private final @Nullable String defaultModel;

	private final Map<String, String> headers;

	private final Map<String, String> query;

	private final Map<String, Object> extra;

	private final StreamTimeouts timeouts;

	private final int maxFrameBytes;

	private ProviderSettings(Builder builder, String baseUrl) {
		this.name = builder.name;
		this.dialect = builder.dialect;
		this.baseUrl = baseUrl;
		this.apiKeys = builder.apiKeys;
		this.keyCoolDown = builder.keyCoolDown;
		this.defaultModel = builder.defaultModel;
		this.headers = Collections.unmodifiableMap(new LinkedHashMap<>(builder.headers));
		this.query = Collections.unmodifiableMap(new LinkedHashMap<>(builder.query));
		this.extra = Collections.unmodifiableMap(new LinkedHashMap<>(builder.extra));
		this.timeouts = builder.timeouts;
		this.maxFrameBytes = builder.maxFrameBytes;
	}

	/**
	 * Begin settings.
	 * @param name the provider's name in the configuration
	 * @param dialect how it speaks
	 * @return a builder
	 */
	public static Builder builder(String name, ProviderDialect dialect) {
		return new Builder(name, dialect);
	}

	/**
	 * The provider's name in the configuration.
	 * @return the name
	 */
	public String name() {
		return this.name;
	}

	/**
	 * How the provider speaks.
	 * @return the dialect
	 */
	public ProviderDialect dialect() {
		return this.dialect;
	}

	/**
	 * The address to which a dialect's path is appended.
	 * @return the address, without a slash at its end
	 */
	public String baseUrl() {
		return this.baseUrl;
	}

	/**
	 * The model that is asked where a request names none.
	 * @return the model, or {@code null}
	 */
	public @Nullable String defaultModel() {
		return this.defaultModel;
	}

	/**
	 * How long an answer may keep its subscriber waiting.
	 * @return the time-outs
	 */
	public StreamTimeouts timeouts() {
		return this.timeouts;
	}

	Supplier<List<String>> apiKeys() {
		return this.apiKeys;
	}

	Duration keyCoolDown() {
		return this.keyCoolDown;
	}

	Map<String, String> headers() {
		return this.headers;
	}

	Map<String, String> query() {
		return this.query;
	}

	Map<String, Object> extra() {
		return this.extra;
	}

	int maxFrameBytes() {
		return this.maxFrameBytes;
	}

	@Override
	public String toString() {
		return "ProviderSettings[" + this.name + ", " + this.dialect.type() + ", " + this.baseUrl + "]";
	}

	/**
	 * Builds {@link ProviderSettings}.
	 */
	public static final class Builder {

		private final String name;

		private final ProviderDialect dialect;

		private @Nullable String baseUrl;

		private Supplier<List<String>> apiKeys = List::of;

		private Duration keyCoolDown = Duration.ofMinutes(1);

		private @Nullable String defaultModel;

		private Map<String, String> headers = Map.of();

		private Map<String, String> query = Map.of();

		private Map<String, Object> extra = Map.of();

		private StreamTimeouts timeouts = StreamTimeouts.defaults();

		private int maxFrameBytes = 4 * 1024 * 1024;

		private Builder(String name, ProviderDialect dialect) {
			this.name = name;
			this.dialect = dialect;
		}

		/**
		 * Set the address.
		 * @param baseUrl the address, or {@code null} for the dialect's default
		 * @return this builder
		 */
		public Builder baseUrl(@Nullable String baseUrl) {
			this.baseUrl = baseUrl;
			return this;
		}

		/**
		 * Set where the API key comes from; asked for each request.
		 * @param apiKey gives the key, or {@code null} to send none
		 * @return this builder
		 */
		public Builder apiKey(Supplier<@Nullable String> apiKey) {
			return apiKeys(() -> {
				String key = apiKey.get();
				return (key != null) ? List.of(key) : List.of();
			});
		}

		/**
		 * Set where several API keys come from; asked for each request. One is used until
		 * the provider refuses it (too many requests, not accepted, no quota left); then
		 * the next one is, at once if nothing of the answer came.
		 * @param apiKeys gives the keys, none to send none; the answer must come without
		 * waiting
		 * @return this builder
		 */
		public Builder apiKeys(Supplier<List<String>> apiKeys) {
			this.apiKeys = apiKeys;
			return this;
		}

		/**
		 * Set how long a refused API key rests, where the provider does not say when to
		 * return and there is another key.
		 * @param keyCoolDown the time, longer than zero
		 * @return this builder
		 */
		public Builder keyCoolDown(Duration keyCoolDown) {
			if (keyCoolDown.isNegative() || keyCoolDown.isZero()) {
				throw new IllegalArgumentException("keyCoolDown must be positive, but is " + keyCoolDown);
			}
			this.keyCoolDown = keyCoolDown;
			return this;
		}

		/**
		 * Set the model that is asked where a request names none.
		 * @param model the model, or {@code null}
		 * @return this builder
		 */
		public Builder defaultModel(@Nullable String model) {
			this.defaultModel = model;
			return this;
		}

		/**
		 * Set headers that are sent with each request.
		 * @param headers the headers
		 * @return this builder
		 */
		public Builder headers(Map<String, String> headers) {
			this.headers = headers;
			return this;
		}

		/**
		 * Set query parameters that are appended to each address, such as Azure's
		 * {@code api-version}.
		 * @param query the parameters
		 * @return this builder
		 */
		public Builder query(Map<String, String> query) {
			this.query = query;
			return this;
		}

		/**
		 * Set members that are merged into each request body, before those of the request
		 * itself.
		 * @param extra the members
		 * @return this builder
		 */
		public Builder extra(Map<String, Object> extra) {
			this.extra = extra;
			return this;
		}

		/**
		 * Set how long an answer may keep its subscriber waiting.
		 * @param timeouts the time-outs
		 * @return this builder
		 */
		public Builder timeouts(StreamTimeouts timeouts) {
			this.timeouts = timeouts;
			return this;
		}

		/**
		 * Set how long one frame of the answer may be.
		 * @param maxFrameBytes a number of bytes, 1024 or more
		 * @return this builder
		 */
		public Builder maxFrameBytes(int maxFrameBytes) {
			if (maxFrameBytes < 1024) {
				throw new IllegalArgumentException("maxFrameBytes must be 1024 or more, but is " + maxFrameBytes);
			}
			this.maxFrameBytes = maxFrameBytes;
			return this;
		}

		/**
		 * Build the settings.
		 * @return the settings
		 * @throws IllegalArgumentException if there is no address
		 */
		public ProviderSettings build() {
			String address = (this.baseUrl != null) ? this.baseUrl : this.dialect.defaultBaseUrl();
			if (address == null || address.isEmpty()) {
				throw new IllegalArgumentException("The provider " + this.name + " has no base URL");
			}
			while (address.endsWith("/")) {
				address = address.substring(0, address.length() - 1);
			}
			return new ProviderSettings(this, address);
		}

	}

}
