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

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;

/**
 * When a provider counts as down.
 */
@ConfigurationProperties("llm-stream.health")
public class LlmStreamHealthProperties {

	/**
	 * How many attempts in a row must have failed.
	 */
	private int failures = 3;

	/**
	 * How long ago the last of them may be.
	 */
	private Duration failureWindow = Duration.ofMinutes(5);

	@NestedConfigurationProperty
	private final Probe probe = new Probe();

	public int getFailures() {
		return this.failures;
	}

	public void setFailures(int failures) {
		this.failures = failures;
	}

	public Duration getFailureWindow() {
		return this.failureWindow;
	}

	public void setFailureWindow(Duration failureWindow) {
		this.failureWindow = failureWindow;
	}

	public Probe getProbe() {
		return this.probe;
	}

	/**
	 * A connection that is opened and closed to see whether a provider can be reached. It
	 * sends nothing and costs no tokens.
	 */
	public static class Probe {

		/**
		 * Whether to try to connect to providers.
		 */
		private boolean enabled;

		/**
		 * How long to wait for a connection.
		 */
		private Duration timeout = Duration.ofSeconds(1);

		/**
		 * How long a result is taken for true.
		 */
		private Duration interval = Duration.ofSeconds(30);

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

		public Duration getTimeout() {
			return this.timeout;
		}

		public void setTimeout(Duration timeout) {
			this.timeout = timeout;
		}

		public Duration getInterval() {
			return this.interval;
		}

		public void setInterval(Duration interval) {
			this.interval = interval;
		}

	}

}
