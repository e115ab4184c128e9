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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * Properties of one provider. Holds secrets, and therefore has no {@code toString} of its
 * own.
 */
public class ProviderProperties {

	/**
	 * Kind of server. Defaults to the provider's own name, where that is a known kind.
	 */
	private @Nullable String type;

	/**
	 * Address of the API, without the path of an operation. Defaults to the address of
	 * the kind of server, where it has one.
	 */
	private @Nullable String baseUrl;

	/**
	 * API key. Required by most kinds of server.
	 */
	private @Nullable String apiKey;

	/**
	 * Further API keys. A key is used until the provider refuses it; then the next one
	 * is.
	 */
	private List<String> apiKeys = new ArrayList<>();

	/**
	 * Time for which a refused API key rests, where the provider does not say for how
	 * long and there is another key.
	 */
	private Duration apiKeyCoolDown = Duration.ofMinutes(1);

	/**
	 * Model to ask where a request does not name one.
	 */
	private @Nullable String model;

	/**
	 * Headers to add to each request.
	 */
	private Map<String, String> headers = new LinkedHashMap<>();

	/**
	 * Query parameters to add to each request.
	 */
	private Map<String, String> query = new LinkedHashMap<>();

	/**
	 * Members to merge into the body of each request. A request's own members win.
	 */
	private Map<String, Object> extra = new LinkedHashMap<>();

	/**
	 * Maximum size of one event of the stream.
	 */
	private DataSize maxFrameSize = DataSize.ofMegabytes(4);

	/**
	 * TLS to the provider.
	 */
	private final Ssl ssl = new Ssl();

	/**
	 * Proxy between the application and the provider.
	 */
	private final Proxy proxy = new Proxy();

	/**
	 * Limits on waiting.
	 */
	private final Timeouts timeouts = new Timeouts();

	/**
	 * Further attempts after a failure that may pass, before any content came.
	 */
	private final Retry retry = new Retry();

	/**
	 * Circuit breaker. Needs io.github.resilience4j:resilience4j-circuitbreaker.
	 */
	private final CircuitBreaker circuitBreaker = new CircuitBreaker();

	/**
	 * Maximum number of streams that are open at a time. Not set means no limit. Needs
	 * io.github.resilience4j:resilience4j-bulkhead.
	 */
	private @Nullable Integer maxConcurrentStreams;

	/**
	 * Time for which a request above the maximum waits for an open stream to end. Zero
	 * turns it away at once.
	 */
	private Duration maxConcurrentStreamsWait = Duration.ZERO;

	public @Nullable String getType() {
		return this.type;
	}

	public void setType(@Nullable String type) {
		this.type = type;
	}

	public @Nullable String getBaseUrl() {
		return this.baseUrl;
	}

	public void setBaseUrl(@Nullable String baseUrl) {
		this.baseUrl = baseUrl;
	}

	public @Nullable String getApiKey() {
		return this.apiKey;
	}

	public void setApiKey(@Nullable String apiKey) {
		this.apiKey = apiKey;
	}

	public List<String> getApiKeys() {
		return this.apiKeys;
	}

	public void setApiKeys(List<String> apiKeys) {
		this.apiKeys = apiKeys;
	}

	public Duration getApiKeyCoolDown() {
		return this.apiKeyCoolDown;
	}

	public void setApiKeyCoolDown(Duration apiKeyCoolDown) {
		this.apiKeyCoolDown = apiKeyCoolDown;
	}

	public @Nullable String getModel() {
		return this.model;
	}

	public void setModel(@Nullable String model) {
		this.model = model;
	}

	public Map<String, String> getHeaders() {
		return this.headers;
	}

	public void setHeaders(Map<String, String> headers) {
		this.headers = headers;
	}

	public Map<String, String> getQuery() {
		return this.query;
	}

	public void setQuery(Map<String, String> query) {
		this.query = query;
	}

	public Map<String, Object> getExtra() {
		return this.extra;
	}

	public void setExtra(Map<String, Object> extra) {
		this.extra = extra;
	}

	public DataSize getMaxFrameSize() {
		return this.maxFrameSize;
	}

	public void setMaxFrameSize(DataSize maxFrameSize) {
		this.maxFrameSize = maxFrameSize;
	}

	public Ssl getSsl() {
		return this.ssl;
	}

	public Proxy getProxy() {
		return this.proxy;
	}

	public Timeouts getTimeouts() {
		return this.timeouts;
	}

	public Retry getRetry() {
		return this.retry;
	}

	public CircuitBreaker getCircuitBreaker() {
		return this.circuitBreaker;
	}

	public @Nullable Integer getMaxConcurrentStreams() {
		return this.maxConcurrentStreams;
	}

	public void setMaxConcurrentStreams(@Nullable Integer maxConcurrentStreams) {
		this.maxConcurrentStreams = maxConcurrentStreams;
	}

	public Duration getMaxConcurrentStreamsWait() {
		return this.maxConcurrentStreamsWait;
	}

	public void setMaxConcurrentStreamsWait(Duration maxConcurrentStreamsWait) {
		this.maxConcurrentStreamsWait = maxConcurrentStreamsWait;
	}

	/**
	 * TLS to the provider.
	 */
	public static class Ssl {

		/**
		 * Name of the SSL bundle to use. Defaults to the trust of the platform.
		 */
		private @Nullable String bundle;

		public @Nullable String getBundle() {
			return this.bundle;
		}

		public void setBundle(@Nullable String bundle) {
			this.bundle = bundle;
		}

	}

	/**
	 * Proxy between the application and the provider.
	 */
	public static class Proxy {

		/**
		 * Host of the HTTP proxy. Where it is not set, the system properties of the JVM
		 * apply.
		 */
		private @Nullable String host;

		/**
		 * Port of the HTTP proxy.
		 */
		private @Nullable Integer port;

		/**
		 * User name for the HTTP proxy.
		 */
		private @Nullable String username;

		/**
		 * Password for the HTTP proxy.
		 */
		private @Nullable String password;

		public @Nullable String getHost() {
			return this.host;
		}

		public void setHost(@Nullable String host) {
			this.host = host;
		}

		public @Nullable Integer getPort() {
			return this.port;
		}

		public void setPort(@Nullable Integer port) {
			this.port = port;
		}

		public @Nullable String getUsername() {
			return this.username;
		}

		public void setUsername(@Nullable String username) {
			this.username = username;
		}

		public @Nullable String getPassword() {
			return this.password;
		}

		public void setPassword(@Nullable String password) {
			this.password = password;
		}

	}

	/**
	 * Limits on waiting. Time in which the reader of the stream asks for nothing does not
	 * count.
	 */
	public static class Timeouts {

		/**
		 * Time to wait for a connection.
		 */
		private Duration connect = Duration.ofSeconds(10);

		/**
		 * Time to wait for the first token. Zero means no limit.
		 */
		private Duration firstToken = Duration.ofMinutes(2);

		/**
		 * Time to wait for the next token. Zero means no limit.
		 */
		private Duration stall = Duration.ofSeconds(30);

		/**
		 * Time to wait for the next token while the provider says that it works without
		 * showing its output, such as for hidden reasoning. Zero means no limit.
		 */
		private Duration silentPhase = Duration.ofMinutes(5);

		/**
		 * Time that a whole answer may take. Not set or zero means no limit.
		 */
		private @Nullable Duration total;

		public Duration getConnect() {
			return this.connect;
		}

		public void setConnect(Duration connect) {
			this.connect = connect;
		}

		public Duration getFirstToken() {
			return this.firstToken;
		}

		public void setFirstToken(Duration firstToken) {
			this.firstToken = firstToken;
		}

		public Duration getStall() {
			return this.stall;
		}

		public void setStall(Duration stall) {
			this.stall = stall;
		}

		public Duration getSilentPhase() {
			return this.silentPhase;
		}

		public void setSilentPhase(Duration silentPhase) {
			this.silentPhase = silentPhase;
		}

		public @Nullable Duration getTotal() {
			return this.total;
		}

		public void setTotal(@Nullable Duration total) {
			this.total = total;
		}

	}

	/**
	 * Further attempts after a failure that may pass.
	 */
	public static class Retry {

		/**
		 * Number of attempts after the first. Zero switches retries off.
		 */
		private int maxRetries = 2;

		/**
		 * Delay before the second attempt. A provider's own wish for a delay goes before
		 * it.
		 */
		private Duration delay = Duration.ofMillis(500);

		/**
		 * Factor by which the delay grows from one attempt to the next.
		 */
		private double multiplier = 2;

		/**
		 * Maximum delay. Where the provider asks for a longer one, there is no further
		 * attempt.
		 */
		private Duration maxDelay = Duration.ofSeconds(10);

		/**
		 * Maximum random time that is added to each delay, so that clients that failed
		 * together do not return together.
		 */
		private Duration jitter = Duration.ofMillis(200);

		public int getMaxRetries() {
			return this.maxRetries;
		}

		public void setMaxRetries(int maxRetries) {
			this.maxRetries = maxRetries;
		}

		public Duration getDelay() {
			return this.delay;
		}

		public void setDelay(Duration delay) {
			this.delay = delay;
		}

		public double getMultiplier() {
			return this.multiplier;
		}

		public void setMultiplier(double multiplier) {
			this.multiplier = multiplier;
		}

		public Duration getMaxDelay() {
			return this.maxDelay;
		}

		public void setMaxDelay(Duration maxDelay) {
			this.maxDelay = maxDelay;
		}

		public Duration getJitter() {
			return this.jitter;
		}

		public void setJitter(Duration jitter) {
			this.jitter = jitter;
		}

	}

	/**
	 * Circuit breaker. Counts how streams end and how long their first token takes.
	 */
	public static class CircuitBreaker {

		/**
		 * Whether requests are turned away while the provider fails too often.
		 */
		private boolean enabled;

		/**
		 * Percentage of failed calls at which the breaker opens.
		 */
		private float failureRateThreshold = 50;

		/**
		 * First token that takes longer makes a call slow. Not set or zero means that
		 * none is slow. The length of an answer does not count.
		 */
		private @Nullable Duration slowFirstToken;

		/**
		 * Percentage of slow calls at which the breaker opens.
		 */
		private float slowRateThreshold = 80;

		/**
		 * Number of calls that must have ended before the breaker opens.
		 */
		private int minimumCalls = 10;

		/**
		 * Number of last calls that count.
		 */
		private int window = 50;

		/**
		 * Time for which an open breaker turns requests away before it lets some through
		 * to try.
		 */
		private Duration waitInOpenState = Duration.ofSeconds(30);

		/**
		 * Number of calls that are let through to try.
		 */
		private int callsInHalfOpenState = 3;

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

		public float getFailureRateThreshold() {
			return this.failureRateThreshold;
		}

		public void setFailureRateThreshold(float failureRateThreshold) {
			this.failureRateThreshold = failureRateThreshold;
		}

		public @Nullable Duration getSlowFirstToken() {
			return this.slowFirstToken;
		}

		public void setSlowFirstToken(@Nullable Duration slowFirstToken) {
			this.slowFirstToken = slowFirstToken;
		}

		public float getSlowRateThreshold() {
			return this.slowRateThreshold;
		}

		public void setSlowRateThreshold(float slowRateThreshold) {
			this.slowRateThreshold = slowRateThreshold;
		}

		public int getMinimumCalls() {
			return this.minimumCalls;
		}

		public void setMinimumCalls(int minimumCalls) {
			this.minimumCalls = minimumCalls;
		}

		public int getWindow() {
			return this.window;
		}

		public void setWindow(int window) {
			this.window = window;
		}

		public Duration getWaitInOpenState() {
			return this.waitInOpenState;
		}

		public void setWaitInOpenState(Duration waitInOpenState) {
			this.waitInOpenState = waitInOpenState;
		}

		public int getCallsInHalfOpenState() {
			return this.callsInHalfOpenState;
		}

		public void setCallsInHalfOpenState(int callsInHalfOpenState) {
			this.callsInHalfOpenState = callsInHalfOpenState;
		}

	}

}
