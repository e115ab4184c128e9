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
		private Duration coalescingWindow = Duration.ofMillis(20);

		/**
		 * Size of one write to a browser, after which further pieces wait for the next.
		 */
		private DataSize maxBatchSize = DataSize.ofKilobytes(32);

		/**
		 * How much of an answer may wait for a slow browser before no more is asked of
		 * the provider.
		 */
		private DataSize maxLag = DataSize.ofMegabytes(1);

		/**
		 * Time that a browser may accept nothing before its connection is given up. Zero
		 * means no limit.
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

	}

}
