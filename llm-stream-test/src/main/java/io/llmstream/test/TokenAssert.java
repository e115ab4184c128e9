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

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import io.llmstream.ErrorKind;
import io.llmstream.FinishReason;
import io.llmstream.LlmStreamException;
import io.llmstream.Token;
import io.llmstream.Usage;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Assertions for a stream of tokens. The stream is subscribed to once, with unbounded
 * demand, at the first assertion, which blocks until it has ended or the
 * {@linkplain #within(Duration) time limit} is over; then it is cancelled.
 * <p>
 * Every assertion checks the contract first: exactly one terminal signal, a
 * {@link Token.Finish} as the last token before a completion and nowhere else, nothing
 * empty, and errors of type {@link LlmStreamException} only. Where a stream was
 * {@linkplain Token.Reset reset}, what came before in the same
 * {@linkplain Token.StepStart step} is left out of account. Texts are those of all steps
 * together.
 */
public final class TokenAssert extends AbstractAssert<TokenAssert, Publisher<? extends Token>> {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private Duration limit = Duration.ofSeconds(10);

	private @Nullable TokenRecording recording;

	TokenAssert(Publisher<? extends Token> actual) {
		super(actual, TokenAssert.class);
	}

	/**
	 * Limit how long the stream may take; ten seconds if not set.
	 * @param limit the limit
	 * @return this assertion
	 */
	public TokenAssert within(Duration limit) {
		this.limit = limit;
		return this;
	}

	/**
	 * Assert that the stream keeps the contract, whether it succeeds or fails.
	 * @return this assertion
	 */
	public TokenAssert keepsTheContract() {
		recording();
		return this;
	}

	/**
	 * Assert what the text is, all pieces together.
	 * @param expected the text
	 * @return this assertion
	 */
	public TokenAssert hasText(String expected) {
		Assertions.assertThat(recording().text(Token.Text.class)).as("text").isEqualTo(expected);
		return this;
	}

	/**
	 * Assert what the reasoning is, all pieces together.
	 * @param expected the reasoning
	 * @return this assertion
	 */
	public TokenAssert hasReasoning(String expected) {
		Assertions.assertThat(recording().text(Token.Reasoning.class)).as("reasoning").isEqualTo(expected);
		return this;
	}

	/**
	 * Assert what the refusal is, all pieces together.
	 * @param expected the refusal
	 * @return this assertion
	 */
	public TokenAssert hasRefusal(String expected) {
		Assertions.assertThat(recording().text(Token.Refusal.class)).as("refusal").isEqualTo(expected);
		return this;
	}

	/**
	 * Assert that a tool was called, and that the fragments of the call, if there are
	 * any, make up the same arguments.
	 * @param name the tool's name
	 * @param arguments the arguments; compared as JSON
	 * @return this assertion
	 */
	public TokenAssert hasToolCall(String name, String arguments) {
		List<Token.ToolCall> calls = recording().valid(Token.ToolCall.class);
		JsonNode expected = JSON.readTree(arguments);
		Assertions.assertThat(calls).as("tool calls").anySatisfy((call) -> {
			Assertions.assertThat(call.name()).isEqualTo(name);
			Assertions.assertThat(JSON.readTree(call.arguments())).isEqualTo(expected);
			fragmentsMatch(call);
		});
		return this;
	}

	private void fragmentsMatch(Token.ToolCall call) {
		StringBuilder fragments = new StringBuilder();
		for (Token.ToolCallDelta delta : recording().valid(Token.ToolCallDelta.class)) {
			if (delta.index() == call.index()) {
				fragments.append(delta.arguments());
			}
		}
		if (!fragments.isEmpty()) {
			Assertions.assertThat(JSON.readTree(fragments.toString()))
				.as("fragments of the call")
				.isEqualTo(JSON.readTree(call.arguments()));
		}
	}

	/**
	 * Assert how many tools were called.
	 * @param count the number of calls
	 * @return this assertion
	 */
	public TokenAssert hasToolCalls(int count) {
		Assertions.assertThat(recording().valid(Token.ToolCall.class)).as("tool calls").hasSize(count);
		return this;
	}

	/**
	 * Assert what a tool answered, whether it succeeded or failed.
	 * @param name the tool's name
	 * @param content what the model was told
	 * @return this assertion
	 */
	public TokenAssert hasToolResult(String name, String content) {
		Assertions.assertThat(recording().valid(Token.ToolResult.class))
			.as("tool results")
			.anyMatch((result) -> result.name().equals(name) && result.content().equals(content));
		return this;
	}

	/**
	 * Assert how often the model was asked, tools being run in between.
	 * @param count the number of steps, 1 for an answer without tools
	 * @return this assertion
	 */
	public TokenAssert hasSteps(int count) {
		Assertions.assertThat(recording().valid(Token.StepStart.class))
			.as("starts of further steps")
			.hasSize(count - 1);
		return this;
	}

	/**
	 * Assert that the stream succeeds.
	 * @param reason why the model stopped
	 * @return this assertion
	 */
	public TokenAssert finishesWith(FinishReason reason) {
		Assertions.assertThat(finish().reason()).as("finish reason").isEqualTo(reason);
		return this;
	}

	/**
	 * Assert what was used, on success or on failure.
	 * @param inputTokens tokens read
	 * @param outputTokens tokens written
	 * @return this assertion
	 */
	public TokenAssert hasUsage(long inputTokens, long outputTokens) {
		Token.Finish finish = recording().finish();
		Usage usage = (finish != null) ? finish.usage() : failure().getUsage();
		Assertions.assertThat(List.of(usage.inputTokens(), usage.outputTokens()))
			.as("input and output tokens")
			.containsExactly(inputTokens, outputTokens);
		return this;
	}

	/**
	 * Assert that the stream fails.
	 * @param kind the kind of failure
	 * @return this assertion
	 */
	public TokenAssert failsWith(ErrorKind kind) {
		Assertions.assertThat(failure().getKind()).as("kind of failure").isEqualTo(kind);
		return this;
	}

	/**
	 * Assert that the stream fails, and assert more of its failure.
	 * @param requirements what to assert
	 * @return this assertion
	 */
	public TokenAssert failsSatisfying(Consumer<LlmStreamException> requirements) {
		requirements.accept(failure());
		return this;
	}

	/**
	 * Assert that the stream fails, and what came before.
	 * @param expected the text that the failure carries
	 * @return this assertion
	 */
	public TokenAssert hasPartialText(String expected) {
		Assertions.assertThat(failure().getPartialText()).as("partial text").isEqualTo(expected);
		return this;
	}

	/**
	 * Assert which tokens came, resets and {@link Token.Finish} included.
	 * @param expected the tokens
	 * @return this assertion
	 */
	public TokenAssert containsExactly(Token... expected) {
		Assertions.assertThat(recording().tokens()).containsExactly(expected);
		return this;
	}

	/**
	 * Assert anything of the tokens that came.
	 * @param requirements what to assert
	 * @return this assertion
	 */
	public TokenAssert tokensSatisfy(Consumer<? super List<Token>> requirements) {
		requirements.accept(List.copyOf(recording().tokens()));
		return this;
	}

	private Token.Finish finish() {
		Token.Finish finish = recording().finish();
		if (finish == null) {
			throw new AssertionError("The stream failed", recording().failure());
		}
		return finish;
	}

	private LlmStreamException failure() {
		if (recording().failure() instanceof LlmStreamException failure) {
			return failure;
		}
		throw new AssertionError("The stream did not fail, but ended with " + recording().finish());
	}

	private TokenRecording recording() {
		TokenRecording current = this.recording;
		if (current == null) {
			isNotNull();
			current = TokenRecording.of(this.actual, this.limit);
			this.recording = current;
		}
		Throwable failure = current.failure();
		if (failure != null && !(failure instanceof LlmStreamException)) {
			throw new AssertionError("The stream failed with something else than an LlmStreamException", failure);
		}
		Assertions.assertThat(current.offences()).as("offences against the stream contract").isEmpty();
		return current;
	}

}
