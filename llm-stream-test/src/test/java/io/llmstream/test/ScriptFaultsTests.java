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

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

import io.llmstream.ErrorKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.core.JacksonException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests of the faults, as raw sockets and the JDK's client see them.
 */
@ExtendWith(ScriptedProviderExtension.class)
class ScriptFaultsTests {

	private static final Duration SOON = Duration.ofSeconds(5);

	@ParameterizedTest
	@EnumSource(Wire.class)
	void cutEndsTheBodyCleanlyWithoutTheTerminalSignal(Wire wire, ScriptedProvider provider) {
		provider.enqueue(Script.text("one", "two", "three").cutAfter(2));
		HttpResponse<String> response = Http.post(provider, wire);
		assertThat(response.body()).contains("one", "two")
			.doesNotContain("three", "[DONE]", "message_stop", "response.completed", "STOP", "\"done\":true");
		assertThat(provider.lastRequest().state()).isEqualTo(ProviderExchange.State.COMPLETE);
	}

	@Test
	void cutMidFrameLeavesHalfAFrame(ScriptedProvider provider) {
		provider.enqueue(Script.text("one").cutMidFrame());
		String body = Http.post(provider, Wire.OPENAI_CHAT).body();
		assertThat(body).endsWith("half ");
	}

	@ParameterizedTest
	@EnumSource(Wire.class)
	void resetArrivesAfterTheTokensBeforeIt(Wire wire, ScriptedProvider provider) throws Exception {
		provider.enqueue(Script.text("one", "two").resetAfter(1));
		try (Socket socket = Http.open(provider, wire)) {
			Http.readUntil(socket.getInputStream(), "one");
			assertThatExceptionOfType(SocketException.class).isThrownBy(() -> socket.getInputStream().readAllBytes())
				.withMessageContaining("reset");
		}
		assertThat(provider.lastRequest().state()).isEqualTo(ProviderExchange.State.CLOSED_BY_PROVIDER);
	}

	@Test
	void resetMidFrame(ScriptedProvider provider) throws Exception {
		provider.enqueue(Script.text("one").resetMidFrame());
		try (Socket socket = Http.open(provider, Wire.ANTHROPIC)) {
			Http.readUntil(socket.getInputStream(), "half ");
			assertThatExceptionOfType(SocketException.class).isThrownBy(() -> socket.getInputStream().readAllBytes());
		}
	}

	@Test
	void hangUpLeavesTheBodyUnterminated(ScriptedProvider provider) throws Exception {
		provider.enqueue(Script.text("one").hangUp());
		try (Socket socket = Http.open(provider, Wire.OPENAI_CHAT)) {
			String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			assertThat(all).contains("one").doesNotEndWith("0\r\n\r\n");
		}
		provider.enqueue(Script.text("one").hangUpMidFrame());
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> Http.post(provider, Wire.OPENAI_CHAT));
	}

	@Test
	void noAnswerClosesBeforeTheStatus(ScriptedProvider provider) throws Exception {
		provider.enqueue(Script.noAnswer());
		try (Socket socket = Http.open(provider, Wire.OPENAI_CHAT)) {
			assertThat(socket.getInputStream().readAllBytes()).isEmpty();
		}
	}

	@Test
	void noAnswerCanBeAReset(ScriptedProvider provider) throws Exception {
		provider.enqueue(Script.noAnswer().reset());
		try (Socket socket = Http.open(provider, Wire.OPENAI_CHAT)) {
			assertThatExceptionOfType(SocketException.class).isThrownBy(() -> socket.getInputStream().read())
				.withMessageContaining("reset");
		}
	}

	@Test
	void silenceSendsNothingUntilTheClientGivesUp(ScriptedProvider provider) throws Exception {
		provider.enqueue(Script.silence());
		try (Socket socket = Http.open(provider, Wire.OPENAI_CHAT)) {
			provider.awaitRequest(1, SOON);
			socket.setSoTimeout(100);
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> socket.getInputStream().read());
			assertThat(provider.lastRequest().state()).isEqualTo(ProviderExchange.State.OPEN);
		}
		provider.lastRequest().awaitClosedByClient(SOON);
	}

	@Test
	void stallForEverIsSilentUntilTheClientGivesUp(ScriptedProvider provider) throws Exception {
		provider.enqueue(Script.text("one", "two").stallAfter(1));
		try (Socket socket = Http.open(provider, Wire.OLLAMA)) {
			Http.readUntil(socket.getInputStream(), "one");
			socket.setSoTimeout(100);
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> socket.getInputStream().readAllBytes())
				.withMessageContaining("timed out");
		}
		ProviderExchange exchange = provider.lastRequest();
		exchange.awaitClosedByClient(SOON);
		assertThat(exchange.tokensSent()).isEqualTo(1);
		provider.awaitClosed(SOON);
	}

	@Test
	void stallForATimeGoesOn(ScriptedProvider provider) {
		provider.enqueue(Script.text("one").stall(Duration.ofMillis(200)).andText("two"));
		long start = System.nanoTime();
		assertThat(Http.post(provider, Wire.OPENAI_CHAT).body()).contains("one", "two", "[DONE]");
		assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(200_000_000L);
	}

	@Test
	void paceHoldsBackHeadersFirstTokenAndTokens(ScriptedProvider provider) throws Exception {
		provider.enqueue(Script.text("a", "b", "c", "d")
			.headersAfter(Duration.ofMillis(100))
			.firstTokenAfter(Duration.ofMillis(100))
			.everyMillis(50));
		long start = System.nanoTime();
		try (Socket socket = Http.open(provider, Wire.GEMINI)) {
			InputStream in = socket.getInputStream();
			Http.readUntil(in, "\r\n\r\n");
			assertThat(millisSince(start)).isBetween(100L, 2000L);
			Http.readUntil(in, "\"a\"");
			assertThat(millisSince(start)).isGreaterThanOrEqualTo(200L);
			Http.readUntil(in, "\"d\"");
			assertThat(millisSince(start)).isGreaterThanOrEqualTo(345L);
		}
	}

	@Test
	void splitsAtEveryByte(ScriptedProvider provider) throws Exception {
		Script script = Script.text("Hé", "😀").usage(1, 2);
		provider.enqueue(script, script.splitEvery(1));
		String whole = Http.post(provider, Wire.GEMINI).body();
		try (Socket socket = Http.open(provider, Wire.GEMINI)) {
			String chunks = Http.readUntil(socket.getInputStream(), "0\r\n\r\n");
			assertThat(chunks.substring(chunks.indexOf("\r\n\r\n") + 4)).startsWith("1\r\nd\r\n1\r\na\r\n1\r\nt\r\n");
		}
		provider.enqueue(script.splitEvery(1));
		String split = Http.post(provider, Wire.GEMINI).body();
		assertThat(split.replaceAll("gen-\\w+", "")).isEqualTo(whole.replaceAll("gen-\\w+", ""));
	}

	@Test
	void dripsSlowly(ScriptedProvider provider) {
		Script script = Script.text("one").drip(50, Duration.ofMillis(5));
		provider.enqueue(script);
		long start = System.nanoTime();
		String body = Http.post(provider, Wire.OPENAI_CHAT).body();
		assertThat(body).contains("one").endsWith("[DONE]\n\n");
		assertThat(millisSince(start)).isGreaterThanOrEqualTo(body.length() / 50 * 5 - 5);
	}

	@Test
	void rateLimitsSayWhenToReturn(ScriptedProvider provider) {
		provider.enqueue(Script.status(429).retryAfter(Duration.ofSeconds(7)),
				Script.status(429).header("retry-after-ms", "250"),
				Script.status(429).retryAfterDate(Duration.ofSeconds(60)),
				Script.failure(ErrorKind.RATE_LIMITED).retryAfter(Duration.ofMillis(1500)));
		HttpResponse<String> seconds = Http.post(provider, Wire.OPENAI_CHAT);
		assertThat(seconds.statusCode()).isEqualTo(429);
		assertThat(seconds.headers().firstValue("retry-after")).hasValue("7");
		assertThat(seconds.body()).contains("rate_limit_exceeded");
		assertThat(Http.post(provider, Wire.ANTHROPIC).headers().firstValue("retry-after-ms")).hasValue("250");
		String date = Http.post(provider, Wire.OPENAI_CHAT).headers().firstValue("retry-after").orElseThrow();
		assertThat(ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME))
			.isBetween(ZonedDateTime.now().plusSeconds(30), ZonedDateTime.now().plusSeconds(61));
		HttpResponse<String> google = Http.post(provider, Wire.GEMINI);
		assertThat(google.headers().firstValue("retry-after")).isEmpty();
		assertThat(google.body()).contains("\"retryDelay\":\"1.500s\"");
	}

	@Test
	void overloadHasAStatusOfItsOwnAtAnthropic(ScriptedProvider provider) {
		provider.always(Script.failure(ErrorKind.OVERLOADED));
		assertThat(Http.post(provider, Wire.ANTHROPIC).statusCode()).isEqualTo(529);
		assertThat(Http.post(provider, Wire.OPENAI_CHAT).statusCode()).isEqualTo(503);
	}

	@Test
	void bodiesThatAreNoStreams(ScriptedProvider provider) {
		provider.enqueue(Script.html(), Script.empty(), Script.redirect("/elsewhere"),
				Script.text("a").contentType("application/octet-stream"), Script.body("application/json", "{}"));
		HttpResponse<String> html = Http.post(provider, Wire.OPENAI_CHAT);
		assertThat(html.statusCode()).isEqualTo(200);
		assertThat(html.body()).startsWith("<!DOCTYPE html>");
		assertThat(Http.post(provider, Wire.OPENAI_CHAT).body()).isEmpty();
		HttpResponse<String> redirect = Http.post(provider, Wire.OPENAI_CHAT);
		assertThat(redirect.statusCode()).isEqualTo(307);
		assertThat(redirect.headers().firstValue("location")).hasValue("/elsewhere");
		HttpResponse<String> lie = Http.post(provider, Wire.OPENAI_CHAT);
		assertThat(lie.headers().firstValue("content-type")).hasValue("application/octet-stream");
		assertThat(lie.body()).endsWith("[DONE]\n\n");
		assertThat(Http.post(provider, Wire.OPENAI_CHAT).body()).isEqualTo("{}");
	}

	@ParameterizedTest
	@EnumSource(Wire.class)
	void malformedJsonIsBrokenWithinItsFrame(Wire wire) {
		byte[] body = Script.start().malformedJson().cut().bytes(wire);
		String text = new String(body, StandardCharsets.UTF_8);
		String document = text.lines().filter((line) -> line.contains("broken")).findFirst().orElseThrow();
		assertThatExceptionOfType(JacksonException.class)
			.isThrownBy(() -> Http.JSON.readTree(document.substring(document.indexOf('{'))));
		assertThat(text).endsWith("\n");
	}

	@ParameterizedTest
	@EnumSource(Wire.class)
	void invalidUtf8IsInvalid(Wire wire) {
		byte[] body = Script.start().invalidUtf8().bytes(wire);
		assertThatExceptionOfType(CharacterCodingException.class)
			.isThrownBy(() -> StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)));
	}

	@Test
	void oversizedFramesAreAsLongAsAsked(ScriptedProvider provider) {
		provider.enqueue(Script.start().oversizedFrame(3_000_000).cut());
		assertThat(Http.post(provider, Wire.OPENAI_CHAT).body().lines().mapToInt(String::length).max().orElse(0))
			.isGreaterThan(3_000_000);
	}

	@Test
	void closesAfterTheAnswerThoughNothingSaidSo(ScriptedProvider provider) throws Exception {
		provider.enqueue(Script.text("a").closingAfterwards());
		try (Socket socket = Http.open(provider, Wire.OPENAI_CHAT)) {
			String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			assertThat(all.toLowerCase(Locale.ROOT)).doesNotContain("connection: close");
			assertThat(all).endsWith("0\r\n\r\n");
		}
		assertThat(provider.lastRequest().state()).isEqualTo(ProviderExchange.State.COMPLETE);
	}

	@Test
	void whatCannotBeIsRejected() {
		assertThatIllegalArgumentException().isThrownBy(() -> Script.text("a").cutAfter(2));
		assertThatIllegalArgumentException().isThrownBy(() -> Script.text("a").splitEvery(0));
		assertThatIllegalArgumentException().isThrownBy(() -> Script.status(200));
		assertThatIllegalArgumentException().isThrownBy(() -> Script.failure(ErrorKind.STALL_TIMEOUT));
		assertThatIllegalStateException().isThrownBy(() -> Script.text("a").errorMessage("b"));
		assertThatIllegalStateException().isThrownBy(() -> Script.text("a").reset().bytes(Wire.OLLAMA));
	}

	private static long millisSince(long start) {
		return (System.nanoTime() - start) / 1_000_000;
	}

}
