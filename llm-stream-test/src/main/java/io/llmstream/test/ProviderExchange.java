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

package io.llmstream.test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * A request that a {@linkplain ScriptedProvider scripted provider} received, and what
 * became of its answer. Safe for use by several threads.
 */
public final class ProviderExchange {

	/** Made beforehand: an event loop must not wait for another one to make it. */
	private static final ObjectReader JSON = JsonMapper.builder().build().readerFor(JsonNode.class);

	private final String method;

	private final String uri;

	private final Map<String, List<String>> headers;

	private final byte[] body;

	private final long receivedAt = System.nanoTime();

	private final int connection;

	private volatile int tokensSent;

	private volatile long bytesSent;

	private volatile State state = State.OPEN;

	private volatile long endedAt;

	ProviderExchange(int connection, String method, String uri, Map<String, List<String>> headers, byte[] body) {
		this.connection = connection;
		this.method = method;
		this.uri = uri;
		this.headers = headers;
		this.body = body;
	}

	/**
	 * The HTTP method.
	 * @return the method
	 */
	public String method() {
		return this.method;
	}

	/**
	 * The path and the query.
	 * @return as it was received
	 */
	public String uri() {
		return this.uri;
	}

	/**
	 * The wire that the path belongs to.
	 * @return the wire, or {@code null} if it belongs to none
	 */
	public @Nullable Wire wire() {
		return Wire.ofUri(this.uri);
	}

	/**
	 * The headers.
	 * @return names in lower case, and their values
	 */
	public Map<String, List<String>> headers() {
		return this.headers;
	}

	/**
	 * A header.
	 * @param name its name, in any case
	 * @return its first value, or {@code null} if there is none
	 */
	public @Nullable String header(String name) {
		List<String> values = this.headers.get(name.toLowerCase(Locale.ROOT));
		return (values != null) ? values.get(0) : null;
	}

	/**
	 * The body.
	 * @return the body as text
	 */
	public String body() {
		return new String(this.body, StandardCharsets.UTF_8);
	}

	/**
	 * The body as JSON.
	 * @return the tree
	 * @throws tools.jackson.core.JacksonException if the body is not JSON
	 */
	public JsonNode json() {
		return JSON.readTree(this.body);
	}

	/**
	 * Which connection the request came on, counted from 1 in the order in which they
	 * were made.
	 * @return the number
	 */
	public int connection() {
		return this.connection;
	}

	/**
	 * When the request was complete.
	 * @return a value of {@link System#nanoTime()}
	 */
	public long receivedAt() {
		return this.receivedAt;
	}

	/**
	 * How many tokens were written so far: pieces of text, reasoning, refusals and tool
	 * arguments. Where the client reads slowly this stops when the buffers between are
	 * full.
	 * @return the number
	 */
	public int tokensSent() {
		return this.tokensSent;
	}

	/**
	 * How many bytes of the body were written so far.
	 * @return the number
	 */
	public long bytesSent() {
		return this.bytesSent;
	}

	/**
	 * What became of the answer.
	 * @return the state
	 */
	public State state() {
		return this.state;
	}

	/**
	 * When the answer ended, in whatever way.
	 * @return a value of {@link System#nanoTime()}; meaningless in state
	 * {@link State#OPEN}
	 */
	public long endedAt() {
		return this.endedAt;
	}

	/**
	 * Wait until so many tokens have been written.
	 * @param tokens how many
	 * @param limit how long to wait
	 * @throws AssertionError if it takes longer
	 */
	public void awaitTokens(int tokens, Duration limit) {
		Await.until(() -> this.tokensSent >= tokens, limit,
				() -> "Only " + this.tokensSent + " of " + tokens + " tokens were sent");
	}

	/**
	 * Wait until the client has closed the connection before the answer was complete.
	 * @param limit how long to wait
	 * @throws AssertionError if it takes longer, or the answer ended in another way
	 */
	public void awaitClosedByClient(Duration limit) {
		Await.until(() -> this.state != State.OPEN, limit, () -> "The client did not close the connection");
		if (this.state != State.CLOSED_BY_CLIENT) {
			throw new AssertionError("The client did not close the connection; the answer is " + this.state);
		}
	}

	void sent(int tokens, int bytes) {
		// Written by the event loop of the connection alone.
		this.tokensSent = this.tokensSent + tokens;
		this.bytesSent = this.bytesSent + bytes;
	}

	void end(State how) {
		if (this.state == State.OPEN) {
			this.endedAt = System.nanoTime();
			this.state = how;
		}
	}

	@Override
	public String toString() {
		return "ProviderExchange[" + this.method + " " + this.uri + ", " + this.state + "]";
	}

	/**
	 * What became of an answer.
	 */
	public enum State {

		/** It is not over. */
		OPEN,

		/** The body was sent as the script says, and ended cleanly. */
		COMPLETE,

		/** The client closed the connection before the answer was over. */
		CLOSED_BY_CLIENT,

		/** The script closed the connection, or the provider was closed. */
		CLOSED_BY_PROVIDER

	}

}
