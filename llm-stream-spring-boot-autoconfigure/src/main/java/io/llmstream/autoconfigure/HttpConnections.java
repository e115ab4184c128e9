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

import org.jspecify.annotations.Nullable;
import reactor.netty.resources.ConnectionProvider;

import org.springframework.boot.context.properties.PropertyMapper;

/**
 * The pool that the HTTP clients of all providers share, made for the first of them, and
 * never after the application has stopped. It is no bean that Spring makes when it is
 * needed: whoever makes that waits for Spring's lock, and it would be destroyed before
 * beans that are there from the start.
 */
final class HttpConnections {

	private final LlmStreamProperties.Http properties;

	private @Nullable ConnectionProvider pool;

	private boolean disposed;

	HttpConnections(LlmStreamProperties.Http properties) {
		PropertyChecks checks = new PropertyChecks("llm-stream.http.");
		checks.check(properties.getMaxConnections() > 0, "max-connections", properties.getMaxConnections(),
				"must be positive", "10000");
		checks.positive("pending-acquire-timeout", properties.getPendingAcquireTimeout(), "10s");
		checks.positive("max-idle-time", properties.getMaxIdleTime(), "30s");
		checks.positive("max-life-time", properties.getMaxLifeTime(), "10m");
		this.properties = properties;
	}

	/**
	 * The pool.
	 * @throws IllegalStateException if the application has stopped
	 */
	synchronized ConnectionProvider pool() {
		if (this.disposed) {
			throw new IllegalStateException("The application has stopped");
		}
		ConnectionProvider made = this.pool;
		if (made == null) {
			made = create();
			this.pool = made;
		}
		return made;
	}

	private ConnectionProvider create() {
		ConnectionProvider.Builder builder = ConnectionProvider.builder("llm-stream")
			.maxConnections(this.properties.getMaxConnections())
			.pendingAcquireTimeout(this.properties.getPendingAcquireTimeout())
			.maxIdleTime(this.properties.getMaxIdleTime())
			.evictInBackground(this.properties.getMaxIdleTime())
			// The connection that was used last is the least likely to be stale.
			.lifo();
		PropertyMapper.get().from(this.properties::getMaxLifeTime).to(builder::maxLifeTime);
		return builder.build();
	}

	synchronized void dispose() {
		this.disposed = true;
		if (this.pool != null) {
			this.pool.dispose();
		}
	}

}
