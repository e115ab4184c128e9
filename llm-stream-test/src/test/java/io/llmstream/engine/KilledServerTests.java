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

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import io.llmstream.Completion;
import io.llmstream.ErrorKind;
import io.llmstream.LlmStreamClient;
import io.llmstream.StreamRequest;
import io.llmstream.StreamingModel;
import io.llmstream.Token;
import io.llmstream.route.MidStreamPolicy;
import io.llmstream.route.Route;
import io.llmstream.route.RouteTarget;
import io.llmstream.route.RoutingModel;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Two real inference servers as the targets of one route, of which one is killed while it
 * answers. The system property {@code llm-stream.real-server} is the address of one that
 * runs, {@code llm-stream.real-server.command} starts another; without them, nothing is
 * tested here.
 */
class KilledServerTests {

	private static final String SERVER = System.getProperty("llm-stream.real-server", "");

	private static final String COMMAND = System.getProperty("llm-stream.real-server.command", "");

	/** After so many pieces the server is killed. */
	private static final int PIECES_BEFORE = 5;

	private static final StreamRequest QUESTION = StreamRequest.builder()
		.user("Count to 40.")
		.temperature(0.0)
		.maxOutputTokens(400)
		.build();

	@BeforeAll
	static void needsServers() {
		assumeTrue(SERVER.startsWith("http") && !COMMAND.isBlank() && !COMMAND.startsWith("$"),
				"No real server: scripts/real-server-tests starts one and says how to start another");
	}

	/**
	 * This server goes on with a text of its own on these wires; so the whole answer is
	 * the same as without the kill, to the letter.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "llama-cpp", "anthropic" })
	void anAnswerGoesOnWhereAKilledServerBrokeOff(String type) throws IOException {
		Completion undisturbed = LlmStreamClient.create(type, model(type, SERVER))
			.completion(QUESTION)
			.block(Loopback.LIMIT);
		assertThat(undisturbed).isNotNull();
		assertThat(answerOfWhichTheFirstServerIsKilled(type, true)).isEqualTo(undisturbed.text());
	}

	/**
	 * On this wire it has to be asked to go on, which a model this small does not
	 * understand. But it answers, and what was there stays.
	 */
	@Test
	void anAnswerCompletesOnAWireThatNeedsAPrompt() throws IOException {
		String text = answerOfWhichTheFirstServerIsKilled("openai-responses", false);
		assertThat(text).startsWith("1, 2, ").hasSizeGreaterThan("1, 2, ".length());
	}

	private static String answerOfWhichTheFirstServerIsKilled(String type, boolean prefill) throws IOException {
		try (RealServer victim = RealServer.start(COMMAND)) {
			Route route = Route.builder("both")
				.targets(target("victim", type, victim.baseUrl(), prefill), target("other", type, SERVER, prefill))
				.midStream(MidStreamPolicy.CONTINUE)
				.build();
			AtomicInteger pieces = new AtomicInteger();
			List<Token> tokens = LlmStreamClient.create("both", new RoutingModel(route))
				.stream(QUESTION)
				.doOnNext((token) -> {
					if (token instanceof Token.Text && pieces.incrementAndGet() == PIECES_BEFORE) {
						victim.kill();
					}
				})
				.collectList()
				.block(Loopback.LIMIT);
			assertThat(tokens).isNotNull().noneMatch(Token.Reset.class::isInstance);
			Token.Finish finish = (Token.Finish) tokens.get(tokens.size() - 1);
			assertThat(finish.attempts()).hasSize(2).first().satisfies((attempt) -> {
				assertThat(attempt.errorKind()).isEqualTo(ErrorKind.TRUNCATED);
				assertThat(attempt.tokens()).isGreaterThanOrEqualTo(PIECES_BEFORE);
			});
			return tokens.stream()
				.filter(Token.Text.class::isInstance)
				.map((token) -> ((Token.Text) token).text())
				.collect(Collectors.joining());
		}
	}

	private static RouteTarget target(String name, String type, String address, boolean prefill) {
		return RouteTarget.builder(name, model(type, address)).prefill((model) -> prefill).build();
	}

	private static StreamingModel model(String type, String address) {
		return Loopback.model(type, address, 16, StreamTimeouts.defaults(), "tiny-chat");
	}

}
