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

package io.llmstream.test.simulation;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;

import io.llmstream.ErrorKind;
import io.llmstream.Usage;
import io.llmstream.test.ProviderExchange;
import io.llmstream.test.Script;
import io.llmstream.test.ScriptedProvider;

/**
 * Makes a {@link ScriptedProvider} answer as a model would, on every wire: it reads the
 * conversation in the request and writes markdown about it, about 40 tokens a second, the
 * first after 300 to 600 milliseconds. The same conversation gets the same answer.
 * Immutable and safe for use by several threads.
 * <p>
 * Words in the last message ask for something special: {@code think} (reasoning first),
 * {@code error} (an error in mid-stream), {@code cut} (an end in mid-stream),
 * {@code limit} (a rate limit), {@code slow} (five tokens a second), {@code long} (a long
 * answer), and, if the request has tools, {@code tool} or {@code weather} (a call of the
 * first tool; its result is then quoted).
 */
public final class Simulation implements Function<ProviderExchange, Script> {

	private static final int SLOW = 5;

	private static final Duration QUICKEST = Duration.ofMillis(300);

	private static final int SPREAD_MILLIS = 301;

	private final double tokensPerSecond;

	private final boolean waiting;

	private Simulation(double tokensPerSecond, boolean waiting) {
		this.tokensPerSecond = tokensPerSecond;
		this.waiting = waiting;
	}

	/**
	 * Create a simulation.
	 * @return the simulation
	 */
	public static Simulation create() {
		return new Simulation(40, true);
	}

	/**
	 * Start a provider that answers with a simulation.
	 * @param port the port of the loopback interface, or 0 for a free one
	 * @return the provider, which remembers no requests
	 */
	public static ScriptedProvider start(int port) {
		return ScriptedProvider.start(port).withoutRecording().script(create());
	}

	/**
	 * Change the pace.
	 * @param tokens tokens per second, more than 0
	 * @return a changed copy
	 */
	public Simulation tokensPerSecond(double tokens) {
		if (!(tokens > 0)) {
			throw new IllegalArgumentException("tokensPerSecond must be more than 0, but is " + tokens);
		}
		return new Simulation(tokens, this.waiting);
	}

	/**
	 * Begin at once, and do not wait as if for a model.
	 * @return a changed copy
	 */
	public Simulation withoutWaiting() {
		return new Simulation(this.tokensPerSecond, false);
	}

	@Override
	public Script apply(ProviderExchange exchange) {
		Conversation conversation = Conversation.of(exchange.json());
		if (conversation.asksFor("limit")) {
			return Script.failure(ErrorKind.RATE_LIMITED).retryAfter(Duration.ofSeconds(2));
		}
		double pace = (conversation.asksFor("slow")) ? SLOW : this.tokensPerSecond;
		Script script = Script.start().every(Duration.ofNanos((long) (1e9 / pace))).opening();
		if (this.waiting) {
			int spread = Math.floorMod(conversation.last().hashCode(), SPREAD_MILLIS);
			script = script.firstTokenAfter(QUICKEST.plusMillis(spread));
		}
		return answer(conversation, script);
	}

	private static Script answer(Conversation conversation, Script script) {
		String[] thoughts = (conversation.asksFor("think")) ? Pieces.of(SimulatedText.thoughts(conversation))
				: new String[0];
		Script begun = (thoughts.length > 0) ? script.reasoning(thoughts) : script;
		if (conversation.wantsTool()) {
			String[] arguments = Pieces.of(conversation.toolArguments());
			return begun.toolCall(conversation.tool(), arguments)
				.usage(usage(conversation, thoughts.length, arguments.length));
		}
		String[] pieces = Pieces.of(SimulatedText.answer(conversation));
		if (conversation.asksFor("error")) {
			return begun.andText(half(pieces))
				.inBandError(ErrorKind.OVERLOADED,
						String.format(Locale.ROOT, "No capacity left after %d tokens.", pieces.length / 2));
		}
		if (conversation.asksFor("cut")) {
			return begun.andText(half(pieces)).cut();
		}
		return begun.andText(pieces).usage(usage(conversation, thoughts.length, pieces.length));
	}

	private static String[] half(String[] pieces) {
		return Arrays.copyOf(pieces, pieces.length / 2);
	}

	private static Usage usage(Conversation conversation, int thoughts, int written) {
		return new Usage(conversation.tokens(), (long) thoughts + written, 0, 0, thoughts, Usage.Source.REPORTED);
	}

}
