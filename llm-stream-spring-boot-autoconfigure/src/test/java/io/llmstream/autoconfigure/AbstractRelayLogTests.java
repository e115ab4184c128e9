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

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

import io.llmstream.Token;
import io.llmstream.relay.endpoint.RunStarter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Flux;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What happens every day is nothing that an operator should read about: neither an error
 * nor a warning.
 */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
@ExtendWith(OutputCaptureExtension.class)
public abstract class AbstractRelayLogTests {

	/**
	 * More tokens of a thousand characters than the kernel's buffers take from a browser
	 * that reads nothing, and less than the limit of a run: whoever is behind is held up
	 * by the socket, however fast the tokens are made.
	 */
	private static final int MORE_THAN_A_SOCKET_TAKES = 32_000;

	private static final String LIMIT_OF_A_RUN = "64MB";

	private static final CountDownLatch[] CANCELLED = { new CountDownLatch(1) };

	private final WebApplicationType type;

	private ConfigurableApplicationContext context;

	protected AbstractRelayLogTests(WebApplicationType type) {
		this.type = type;
	}

	protected abstract IntSupplier connections(ConfigurableApplicationContext context);

	private void start(String... properties) {
		CANCELLED[0] = new CountDownLatch(1);
		this.context = new SpringApplicationBuilder(Application.class).web(this.type)
			.properties("server.port=0", "server.address=127.0.0.1", "spring.main.banner-mode=off",
					"llm-stream.relay.endpoints.enabled=true", "llm-stream.relay.heartbeat=100ms",
					"llm-stream.relay.runs.on-disconnect=cancel", "server.tomcat.connection-timeout=3s",
					"llm-stream.relay.runs.max-run-size=" + LIMIT_OF_A_RUN, "llm-stream.providers.test.api-key=sesame",
					"llm-stream.providers.test.base-url=http://127.0.0.1:9", "llm-stream.providers.test.model=m")
			.properties(properties)
			.run();
	}

	@AfterEach
	void stop() {
		if (this.context != null) {
			this.context.close();
		}
	}

	private Socket open(String request) throws IOException {
		Socket socket = new Socket();
		socket.setReceiveBufferSize(16 * 1024);
		socket.setSoTimeout(20_000);
		socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(),
				Integer.parseInt(this.context.getEnvironment().getRequiredProperty("local.server.port"))));
		socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
		return socket;
	}

	private static String post(String prompt) {
		String body = "{\"prompt\":\"" + prompt + "\"}";
		return "POST /llm-stream/runs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
				+ body.length() + "\r\n\r\n" + body;
	}

	private static String get(String path) {
		return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n";
	}

	private static String until(InputStream in, String text) throws IOException {
		StringBuilder read = new StringBuilder();
		while (read.indexOf(text) < 0) {
			int b = in.read();
			assertThat(b).as(() -> "after … " + tail(read)).isNotNegative();
			read.append((char) b);
		}
		return read.toString();
	}

	private static String tail(CharSequence text) {
		return text.subSequence(Math.max(0, text.length() - 500), text.length()).toString();
	}

	private void assertQuiet(CapturedOutput output) {
		IntSupplier open = connections(this.context);
		await().atMost(Duration.ofSeconds(20)).until(() -> open.getAsInt() == 0);
		this.context.close();
		assertThat(output.getAll()).doesNotContain(" ERROR ").doesNotContain(" WARN ");
	}

	@Test
	void aBrowserThatLeavesIsNoNews(CapturedOutput output) throws Exception {
		start();
		for (String request : new String[] { post("never"), get("/tokens?prompt=never") }) {
			try (Socket socket = open(request)) {
				until(socket.getInputStream(), "event: start");
			}
			assertThat(CANCELLED[0].await(10, TimeUnit.SECONDS)).isTrue();
		}
		assertQuiet(output);
	}

	@Test
	void aBrowserThatBreaksOffInTheMiddleOfAWriteIsNoNews(CapturedOutput output) throws Exception {
		start();
		for (String request : new String[] { post("long"), get("/tokens?prompt=long") }) {
			Socket socket = open(request);
			until(socket.getInputStream(), "event: delta");
			// What was not read makes it a reset.
			socket.setSoLinger(true, 0);
			socket.close();
			assertThat(CANCELLED[0].await(10, TimeUnit.SECONDS)).isTrue();
		}
		assertQuiet(output);
	}

	@Test
	void aBrowserThatIsGivenUpIsNoNews(CapturedOutput output) throws Exception {
		start("llm-stream.relay.write-timeout=500ms");
		for (String request : new String[] { post("long"), get("/tokens?prompt=long") }) {
			CANCELLED[0] = new CountDownLatch(1);
			try (Socket socket = open(request)) {
				until(socket.getInputStream(), "event: delta");
				assertThat(CANCELLED[0].await(10, TimeUnit.SECONDS)).isTrue();
				IntSupplier open = connections(this.context);
				await().atMost(Duration.ofSeconds(20)).until(() -> open.getAsInt() == 0);
			}
		}
		assertQuiet(output);
	}

	@Test
	void aBrowserThatReadsOnAfterItWasGivenUpIsNoNews(CapturedOutput output) throws Exception {
		start("llm-stream.relay.write-timeout=500ms", "server.tomcat.connection-timeout=20s");
		try (Socket socket = open(post("long"))) {
			until(socket.getInputStream(), "event: delta");
			assertThat(CANCELLED[0].await(10, TimeUnit.SECONDS)).isTrue();
			String rest = readToTheEnd(socket.getInputStream());
			assertThat(tail(rest)).doesNotEndWith("0\r\n\r\n").doesNotContain("event: run-error");
		}
		assertQuiet(output);
	}

	private static String readToTheEnd(InputStream in) {
		StringBuilder read = new StringBuilder();
		try {
			for (int b = in.read(); b >= 0; b = in.read()) {
				read.append((char) b);
			}
		}
		catch (IOException ex) {
			// reset is an end too
		}
		return read.toString();
	}

	@Test
	void anAnswerThatEndsIsNoNews(CapturedOutput output) throws Exception {
		start();
		for (String request : new String[] { post("end"), get("/tokens?prompt=end") }) {
			try (Socket socket = open(request)) {
				until(socket.getInputStream(), "event: done");
				until(socket.getInputStream(), "0\r\n\r\n");
			}
		}
		assertQuiet(output);
	}

	@Test
	void aRequestThatIsRefusedIsNoNews(CapturedOutput output) throws Exception {
		start("llm-stream.relay.runs.max-runs=1");
		try (Socket socket = open(post("never"))) {
			until(socket.getInputStream(), "event: start");
			for (String request : new String[] { post("end"), get("/llm-stream/runs/unknown"),
					post("end").replace("application/json", "text/plain"), get("/llm-stream/runs") }) {
				try (Socket refused = open(request)) {
					assertThat(until(refused.getInputStream(), "\r\n\r\n"))
						.containsPattern("HTTP/1.1 (503|204|415|405)");
				}
			}
		}
		assertQuiet(output);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(TokensController.class)
	static class Application {

		@Bean
		TestDialect testDialect() {
			return new TestDialect("test", null, true);
		}

		@Bean
		RunStarter runStarter() {
			return (request, principal) -> tokens(request.messages().get(0).text());
		}

	}

	static Flux<Token> tokens(String prompt) {
		Flux<Token> tokens = switch (prompt) {
			case "never" -> Flux.never();
			case "end" -> Flux.just(new Token.Text("Hello"));
			case "long" -> Flux.concat(
					Flux.range(0, MORE_THAN_A_SOCKET_TAKES).map((i) -> new Token.Text("x".repeat(1000))), Flux.never());
			default -> throw new IllegalArgumentException(prompt);
		};
		return tokens.doOnCancel(() -> CANCELLED[0].countDown());
	}

	@RestController
	static class TokensController {

		@GetMapping("/tokens")
		Flux<Token> tokens(String prompt) {
			return AbstractRelayLogTests.tokens(prompt);
		}

	}

}
