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
import java.util.LinkedHashMap;
import java.util.Map;

import io.llmstream.relay.DisconnectPolicy;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * Properties of llm-stream.
 */
@ConfigurationProperties("llm-stream")
public class LlmStreamProperties {

	/**
	 * Name of the client to inject where no other is named. May be left out where there
	 * is only one.
	 */
	private @Nullable String defaultClient;

	/**
	 * Providers to stream from, each under a name of your choice. One that is named after
	 * a known kind of server, such as openai, needs no type.
	 */
	private Map<String, ProviderProperties> providers = new LinkedHashMap<>();

	/**
	 * Routes, each a name behind which there are several targets.
	 */
	private Map<String, RouteProperties> routes = new LinkedHashMap<>();

	/**
	 * Connections to the providers.
	 */
	private final Http http = new Http();

	/**
	 * Streams to browsers.
	 */
	private final Relay relay = new Relay();

	public @Nullable String getDefaultClient() {
		return this.defaultClient;
	}

	public void setDefaultClient(@Nullable String defaultClient) {
		this.defaultClient = defaultClient;
	}

	public Map<String, ProviderProperties> getProviders() {
		return this.providers;
	}

	public void setProviders(Map<String, ProviderProperties> providers) {
		this.providers = providers;
	}

	public Map<String, RouteProperties> getRoutes() {
		return this.routes;
	}

	public void setRoutes(Map<String, RouteProperties> routes) {
		this.routes = routes;
	}

	public Http getHttp() {
		return this.http;
	}

	public Relay getRelay() {
		return this.relay;
	}

	/**
	 * Connections to the providers.
	 */
	public static class Http {

		/**
		 * Maximum number of connections to one host. One stream takes one connection.
		 */
		private int maxConnections = 10000;

		/**
		 * Time to wait for a connection where all are in use.
		 */
		private Duration pendingAcquireTimeout = Duration.ofSeconds(10);

		/**
		 * Time after which a connection that is not in use is closed.
		 */
		private Duration maxIdleTime = Duration.ofSeconds(30);

		/**
		 * Time after which a connection is not used again. Not set means no limit.
		 */
		private @Nullable Duration maxLifeTime;

		public int getMaxConnections() {
			return this.maxConnections;
		}

		public void setMaxConnections(int maxConnections) {
			this.maxConnections = maxConnections;
		}

		public Duration getPendingAcquireTimeout() {
			return this.pendingAcquireTimeout;
		}

		public void setPendingAcquireTimeout(Duration pendingAcquireTimeout) {
			this.pendingAcquireTimeout = pendingAcquireTimeout;
		}

		public Duration getMaxIdleTime() {
			return this.maxIdleTime;
		}

		public void setMaxIdleTime(Duration maxIdleTime) {
			this.maxIdleTime = maxIdleTime;
		}

		public @Nullable Duration getMaxLifeTime() {
			return this.maxLifeTime;
		}

		public void setMaxLifeTime(@Nullable Duration maxLifeTime) {
			this.maxLifeTime = maxLifeTime;
		}

	}

	/**
	 * Streams to browsers.
	 */
	public static class Relay {

		/**
		 * Time of silence after which a comment is written, which keeps proxies from
		 * closing the connection and finds browsers that have left. Zero means never.
		 */
		private Duration heartbeat = Duration.ofSeconds(15);

		/**
		 * Time after a write in which further pieces are merged into the next one. Zero
		 * means to merge only while a write is under way.
		 */
		private Duration coalescingWindow = Duration.ofMillis(15);

		/**
		 * Size of one write to a browser, after which further pieces wait for the next.
		 */
		private DataSize maxBatchSize = DataSize.ofKilobytes(32);

		/**
		 * How many bytes of an answer may wait for a slow browser before no more is asked
		 * of the provider.
		 */
		private DataSize maxLag = DataSize.ofKilobytes(256);

		/**
		 * Time that a browser may accept nothing, after its buffers are full, before its
		 * connection is given up. Zero means no limit. Tomcat frees the blocked thread
		 * after server.tomcat.connection-timeout.
		 */
		private Duration writeTimeout = Duration.ofSeconds(30);

		/**
		 * Maximum number of connections that are written to at the same time by platform
		 * threads. Does not apply to virtual threads, nor to WebFlux.
		 */
		private int maxConnections = 256;

		/**
		 * Time that streams may go on when the application shuts down gracefully, before
		 * they end with an event that tells the browser to ask again.
		 */
		private Duration shutdownTimeout = Duration.ofSeconds(10);

		/**
		 * Runs that browsers can leave and come back to.
		 */
		private final Runs runs = new Runs();

		/**
		 * Ready-made endpoints of runs.
		 */
		private final Endpoints endpoints = new Endpoints();

		public Duration getHeartbeat() {
			return this.heartbeat;
		}

		public void setHeartbeat(Duration heartbeat) {
			this.heartbeat = heartbeat;
		}

		public Duration getCoalescingWindow() {
			return this.coalescingWindow;
		}

		public void setCoalescingWindow(Duration coalescingWindow) {
			this.coalescingWindow = coalescingWindow;
		}

		public DataSize getMaxBatchSize() {
			return this.maxBatchSize;
		}

		public void setMaxBatchSize(DataSize maxBatchSize) {
			this.maxBatchSize = maxBatchSize;
		}

		public DataSize getMaxLag() {
			return this.maxLag;
		}

		public void setMaxLag(DataSize maxLag) {
			this.maxLag = maxLag;
		}

		public Duration getWriteTimeout() {
			return this.writeTimeout;
		}

		public void setWriteTimeout(Duration writeTimeout) {
			this.writeTimeout = writeTimeout;
		}

		public int getMaxConnections() {
			return this.maxConnections;
		}

		public void setMaxConnections(int maxConnections) {
			this.maxConnections = maxConnections;
		}

		public Duration getShutdownTimeout() {
			return this.shutdownTimeout;
		}

		public void setShutdownTimeout(Duration shutdownTimeout) {
			this.shutdownTimeout = shutdownTimeout;
		}

		public Runs getRuns() {
			return this.runs;
		}

		public Endpoints getEndpoints() {
			return this.endpoints;
		}

	}

	/**
	 * Runs that browsers can leave and come back to.
	 */
	public static class Runs {

		/**
		 * What becomes of a run when the last browser that watches it leaves.
		 */
		private DisconnectPolicy onDisconnect = DisconnectPolicy.GRACE;

		/**
		 * Time that a run may be without a browser where the policy is grace. For its
		 * first one it waits as long, and 30 seconds at least.
		 */
		private Duration grace = Duration.ofSeconds(30);

		/**
		 * Time after its end in which a run can still be read.
		 */
		private Duration timeToLive = Duration.ofMinutes(5);

		/**
		 * Size of a run: the bytes of its texts, and 32 for each event; 1KB at least. A
		 * longer one ends with an error.
		 */
		private DataSize maxRunSize = DataSize.ofMegabytes(4);

		/**
		 * Maximum number of runs at work at the same time. More are answered with status
		 * 503.
		 */
		private int maxRuns = 10000;

		/**
		 * Maximum number of runs at work of one authenticated user. More are answered
		 * with status 429.
		 */
		private int maxRunsPerOwner = 16;

		public DisconnectPolicy getOnDisconnect() {
			return this.onDisconnect;
		}

		public void setOnDisconnect(DisconnectPolicy onDisconnect) {
			this.onDisconnect = onDisconnect;
		}

		public Duration getGrace() {
			return this.grace;
		}

		public void setGrace(Duration grace) {
			this.grace = grace;
		}

		public Duration getTimeToLive() {
			return this.timeToLive;
		}

		public void setTimeToLive(Duration timeToLive) {
			this.timeToLive = timeToLive;
		}

		public DataSize getMaxRunSize() {
			return this.maxRunSize;
		}

		public void setMaxRunSize(DataSize maxRunSize) {
			this.maxRunSize = maxRunSize;
		}

		public int getMaxRuns() {
			return this.maxRuns;
		}

		public void setMaxRuns(int maxRuns) {
			this.maxRuns = maxRuns;
		}

		public int getMaxRunsPerOwner() {
			return this.maxRunsPerOwner;
		}

		public void setMaxRunsPerOwner(int maxRunsPerOwner) {
			this.maxRunsPerOwner = maxRunsPerOwner;
		}

	}

	/**
	 * Ready-made endpoints of runs.
	 */
	public static class Endpoints {

		/**
		 * Whether to offer endpoints with which browsers start, watch and stop runs.
		 */
		private boolean enabled;

		/**
		 * Path of the endpoints.
		 */
		private String path = "/llm-stream/runs";

		/**
		 * Name of the client that answers. The default client if not set.
		 */
		private @Nullable String client;

		/**
		 * Size of the body of a request. Larger ones are answered with status 413.
		 */
		private DataSize maxRequestSize = DataSize.ofKilobytes(256);

		/**
		 * What becomes of a run that was started here when the last browser that watches
		 * it leaves. That of other runs if not set.
		 */
		private @Nullable DisconnectPolicy onDisconnect;

		/**
		 * Time that a run that was started here may be without a browser where the policy
		 * is grace. That of other runs if not set.
		 */
		private @Nullable Duration grace;

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

		public String getPath() {
			return this.path;
		}

		public void setPath(String path) {
			this.path = path;
		}

		public @Nullable String getClient() {
			return this.client;
		}

		public void setClient(@Nullable String client) {
			this.client = client;
		}

		public DataSize getMaxRequestSize() {
			return this.maxRequestSize;
		}

		public void setMaxRequestSize(DataSize maxRequestSize) {
			this.maxRequestSize = maxRequestSize;
		}

		public @Nullable DisconnectPolicy getOnDisconnect() {
			return this.onDisconnect;
		}

		public void setOnDisconnect(@Nullable DisconnectPolicy onDisconnect) {
			this.onDisconnect = onDisconnect;
		}

		public @Nullable Duration getGrace() {
			return this.grace;
		}

		public void setGrace(@Nullable Duration grace) {
			this.grace = grace;
		}

	}

}
