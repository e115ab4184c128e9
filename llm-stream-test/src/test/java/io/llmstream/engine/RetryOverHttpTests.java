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
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Stream;

import io.llmstream.ErrorKind;
import io.llmstream.LlmStreamClient;
import io.llmstream.LlmStreamException;
import io.llmstream.StreamAttempt;
import io.llmstream.StreamOutcome;
import io.llmstream.Token;
import io.llmstream.resilience.RetryBeforeContent;
import io.llmstream.resilience.RetrySettings;
import io.llmstream.test.ProviderExchange;
import io.llmstream.test.Script;
import io.llmstream.test.ScriptedProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for retries over real HTTP: what is tried again, and how long each provider asks
 * to wait.
 */
class RetryOverHttpTests {

	private ScriptedProvider provider;

	@BeforeEach
	void start() {
		this.provider = ScriptedProvider.start();
	}

	@AfterEach
	void stop() {
		this.provider.awaitIdle(Loopback.LIMIT);
		this.provider.close();
	}

	private LlmStreamClient client(String type) {
		RetrySettings settings = new RetrySettings(2, Duration.ofMillis(5), 1, Duration.ofSeconds(5), Duration.ZERO);
		return LlmStreamClient.create(type,
				new RetryBeforeContent(settings).apply(Loopback.model(type, this.provider.baseUrl())));
	}

	private List<StreamAttempt> succeeds(String type) {
		List<Token> tokens = client(type).prompt("hi").stream().collectList().block(Loopback.LIMIT);
		assertThat(tokens).isNotNull();
		assertThat(tokens).filteredOn(Token.Text.class::isInstance)
			.extracting((token) -> ((Token.Text) token).text())
			.containsExactly("Hel", "lo");
		List<StreamAttempt> attempts = ((Token.Finish) tokens.get(tokens.size() - 1)).attempts();
		StreamAttempt last = attempts.get(attempts.size() - 1);
		assertThat(last.end()).isEqualTo(StreamOutcome.End.COMPLETED);
		assertThat(last.tokens()).isEqualTo(2);
		return attempts;
	}

	private LlmStreamException fails(String type) {
		LlmStreamException error = catchThrowableOfType(LlmStreamException.class,
				() -> client(type).prompt("hi").stream().blockLast(Loopback.LIMIT));
		assertThat(error).isNotNull();
		return error;
	}

	static Stream<Arguments> earlyFailures() {
		List<Arguments> cases = List.of(Arguments.of(Script.status(408), ErrorKind.SERVER_ERROR),
				Arguments.of(Script.status(409), ErrorKind.SERVER_ERROR),
				Arguments.of(Script.status(500), ErrorKind.SERVER_ERROR),
				Arguments.of(Script.status(503), ErrorKind.OVERLOADED),
				Arguments.of(Script.status(529), ErrorKind.OVERLOADED),
				Arguments.of(Script.start().inBandError(ErrorKind.OVERLOADED), ErrorKind.OVERLOADED),
				Arguments.of(Script.start().opening().cut(), ErrorKind.TRUNCATED),
				Arguments.of(Script.html(), ErrorKind.MALFORMED));
		return Loopback.wires()
			.flatMap((type) -> cases.stream().map((one) -> Arguments.of(type, one.get()[0], one.get()[1])));
	}

	@ParameterizedTest
	@MethodSource("earlyFailures")
	void whatFailsBeforeItsFirstContentIsTriedAgain(String type, Script failing, ErrorKind kind) {
		this.provider.enqueue(failing, Script.text("Hel", "lo"));
		List<StreamAttempt> attempts = succeeds(type);
		assertThat(attempts).hasSize(2);
		assertThat(attempts.get(0).end()).isEqualTo(StreamOutcome.End.FAILED);
		// some wires' errors within a stream are a sentence without a code
		assertThat(attempts.get(0).errorKind()).isIn(kind, ErrorKind.SERVER_ERROR);
		assertThat(attempts.get(1).delay()).isEqualTo(Duration.ofMillis(5));
	}

	@ParameterizedTest
	@CsvSource({ "openai, retry-after-ms, 60", "anthropic, retry-after-ms, 60.0", "gemini, retry-after-ms, 60",
			"openai, x-ratelimit-reset-requests, 60ms", "ollama, retry-after, 0.06" })
	void theProvidersHeaderSaysHowLongToWait(String type, String header, String value) {
		this.provider.enqueue(Script.failure(ErrorKind.RATE_LIMITED).header(header, value), Script.text("Hel", "lo"));
		assertThat(succeeds(type)).extracting(StreamAttempt::delay)
			.containsExactly(Duration.ZERO, Duration.ofMillis(60));
		List<ProviderExchange> requests = this.provider.requests();
		assertThat(requests.get(1).receivedAt() - requests.get(0).receivedAt())
			.isGreaterThanOrEqualTo(Duration.ofMillis(60).toNanos());
	}

	@ParameterizedTest
	@MethodSource("io.llmstream.engine.Loopback#wires")
	void aProviderThatAsksForLongerThanTheLongestWaitIsGivenUpAtOnce(String type) {
		this.provider.enqueue(Script.failure(ErrorKind.RATE_LIMITED).retryAfter(Duration.ofSeconds(48)));
		LlmStreamException error = fails(type);
		assertThat(error.getRetryAfter()).isEqualTo(Duration.ofSeconds(48));
		assertThat(error.getAttempts()).hasSize(1);
		this.provider.enqueue(Script.failure(ErrorKind.RATE_LIMITED).retryAfterDate(Duration.ofSeconds(48)));
		assertThat(fails(type).getRetryAfter()).isBetween(Duration.ofSeconds(40), Duration.ofSeconds(49));
		assertThat(this.provider.requests()).hasSize(2);
	}

	@Test
	void anthropicsResetIsAsLongAsItSays() {
		String reset = DateTimeFormatter.ISO_OFFSET_DATE_TIME
			.format(Instant.now().plusSeconds(50).atOffset(ZoneOffset.UTC));
		this.provider.enqueue(Script.failure(ErrorKind.RATE_LIMITED)
			.header("anthropic-ratelimit-requests-remaining", "0")
			.header("anthropic-ratelimit-requests-reset", reset));
		assertThat(fails("anthropic").getRetryAfter()).isBetween(Duration.ofSeconds(40), Duration.ofSeconds(52));
	}

	@ParameterizedTest
	@MethodSource("io.llmstream.engine.Loopback#wires")
	void anExhaustedQuotaIsNotTriedAgain(String type) {
		this.provider.enqueue(Script.status(402));
		assertThat(fails(type).getKind()).isEqualTo(ErrorKind.QUOTA_EXHAUSTED);
		assertThat(this.provider.requests()).hasSize(1);
	}

	@ParameterizedTest
	@MethodSource("io.llmstream.engine.Loopback#wires")
	void whatBreaksOffAfterItsFirstContentIsNotTriedAgain(String type) {
		this.provider.enqueue(Script.text("Hel", "lo").cutAfter(1));
		LlmStreamException error = fails(type);
		assertThat(error.getKind()).isEqualTo(ErrorKind.TRUNCATED);
		assertThat(error.getAttempts()).singleElement().extracting(StreamAttempt::tokens).isEqualTo(1);
		assertThat(this.provider.requests()).hasSize(1);
	}

	@Test
	void aServerThatIsNotThereIsTriedAgain() {
		LlmStreamClient client = LlmStreamClient.create("openai",
				new RetryBeforeContent(
						new RetrySettings(2, Duration.ofMillis(5), 1, Duration.ofSeconds(5), Duration.ZERO))
					.apply(Loopback.model("openai", "http://127.0.0.1:1")));
		LlmStreamException error = catchThrowableOfType(LlmStreamException.class,
				() -> client.prompt("hi").stream().blockLast(Loopback.LIMIT));
		assertThat(error).isNotNull();
		assertThat(error.getAttempts()).extracting(StreamAttempt::errorKind)
			.containsExactly(ErrorKind.CONNECT, ErrorKind.CONNECT, ErrorKind.CONNECT);
	}

}
