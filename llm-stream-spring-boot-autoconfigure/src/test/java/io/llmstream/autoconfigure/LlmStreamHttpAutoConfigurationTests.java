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
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

import io.llmstream.Completion;
import io.llmstream.ConnectFailedException;
import io.llmstream.InvalidRequestException;
import io.llmstream.LlmStreamClient;
import io.llmstream.LlmStreamException;
import io.llmstream.TlsFailedException;
import io.llmstream.http.HttpAnswer;
import io.llmstream.http.HttpCall;
import io.llmstream.http.HttpExchange;
import io.llmstream.provider.ProviderDialect;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.ConnectionProvider;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.webclient.WebClientCustomizer;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.client.reactive.ClientHttpConnector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link LlmStreamHttpAutoConfiguration}.
 */
@ExtendWith(OutputCaptureExtension.class)
class LlmStreamHttpAutoConfigurationTests {

	private static final Duration WAIT = Duration.ofSeconds(10);

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(LlmStreamAutoConfiguration.class, LlmStreamHttpAutoConfiguration.class,
				SslAutoConfiguration.class, HttpClientAutoConfiguration.class,
				ReactiveHttpClientAutoConfiguration.class, WebClientAutoConfiguration.class))
		.withPropertyValues("llm-stream.providers.test.api-key=k", "llm-stream.providers.test.model=m",
				"llm-stream.providers.test.retry.max-retries=0")
		.withBean("dialect", ProviderDialect.class, () -> new TestDialect("test", "http://127.0.0.1:9", true));

	@Test
	void connectionsArePooledApartFromThoseOfTheApplication() {
		this.contextRunner.withPropertyValues("llm-stream.http.max-connections=7", "llm-stream.http.max-life-time=5m")
			.run((context) -> {
				HttpConnections connections = context.getBean(HttpConnections.class);
				ConnectionProvider pool = connections.pool();
				assertThat(pool).isSameAs(connections.pool());
				assertThat(pool.maxConnections()).isEqualTo(7);
				assertThat(pool.name()).isEqualTo("llm-stream");
				context.close();
				assertThat(pool.isDisposed()).isTrue();
				assertThatIllegalStateException().isThrownBy(connections::pool);
			});
	}

	@Test
	void thousandsOfStreamsFitByDefault() {
		this.contextRunner.run((context) -> assertThat(context.getBean(HttpConnections.class).pool().maxConnections())
			.isEqualTo(10000));
	}

	@Test
	void compressedAnswersAreRead() {
		try (TestProvider provider = TestProvider.answeringCompressed("Hello", " world")) {
			this.contextRunner.withPropertyValues(LlmStreamAutoConfigurationTests.at(provider)).run((context) -> {
				assertThat(call(context.getBean(LlmStreamClient.class)).text()).isEqualTo("Hello world");
				assertThat(provider.calls().get(0).headers().get("accept-encoding")).contains("gzip");
			});
		}
	}

	@Test
	void redirectsAreNotFollowed() {
		try (TestProvider target = TestProvider.answering("Hello");
				TestProvider provider = TestProvider.redirecting(target.baseUrl() + "/generate")) {
			this.contextRunner.withPropertyValues(LlmStreamAutoConfigurationTests.at(provider)).run((context) -> {
				LlmStreamClient client = context.getBean(LlmStreamClient.class);
				InvalidRequestException failure = catchThrowableOfType(InvalidRequestException.class,
						() -> call(client));
				assertThat(failure).hasMessageContaining("llm-stream.providers.test.base-url");
				assertThat(target.calls()).isEmpty();
			});
		}
	}

	@Test
	void webClientCustomizersAreApplied() {
		try (TestProvider provider = TestProvider.answering("Hello")) {
			this.contextRunner.withPropertyValues(LlmStreamAutoConfigurationTests.at(provider))
				.withBean(WebClientCustomizer.class, () -> (builder) -> builder.defaultHeader("x-customized", "yes"))
				.run((context) -> {
					call(context.getBean(LlmStreamClient.class));
					assertThat(provider.calls().get(0).headers().get("x-customized")).isEqualTo("yes");
				});
		}
	}

	@Test
	void theHttpClientIsBuiltAsSoonAsTheApplicationIsReady() {
		List<String> builders = new CopyOnWriteArrayList<>();
		this.contextRunner
			.withBean(WebClientCustomizer.class, () -> (builder) -> builders.add(Thread.currentThread().getName()))
			.run((context) -> {
				context.getBean(LlmStreamClient.class);
				assertThat(builders).isEmpty();
				publishReady(context);
				await().atMost(WAIT).until(() -> !builders.isEmpty());
				assertThat(builders).singleElement().asString().startsWith("llm-stream-http");
			});
	}

	@Test
	void aCallSaysWhyTheHttpClientCouldNotBeBuilt(CapturedOutput output) {
		this.contextRunner.withBean(WebClientCustomizer.class, () -> (builder) -> {
			throw new IllegalArgumentException("no such proxy");
		}).run((context) -> assertTold("no such proxy", context, output));
	}

	@Test
	void aCallSaysWhatTheHttpClientLacks(CapturedOutput output) {
		this.contextRunner.withBean(WebClientCustomizer.class, () -> {
			throw new IllegalArgumentException("no such filter");
		}, (definition) -> definition.setLazyInit(true))
			.run((context) -> assertTold("webClientCustomizer", context, output));
	}

	private static void assertTold(String reason, ConfigurableApplicationContext context, CapturedOutput output) {
		publishReady(context);
		await().atMost(WAIT).until(() -> output.getAll().contains("Calls will fail"));
		LlmStreamClient client = context.getBean(LlmStreamClient.class);
		for (Scheduler caller : new Scheduler[] { Schedulers.immediate(), Schedulers.parallel() }) {
			InvalidRequestException failure = catchThrowableOfType(InvalidRequestException.class,
					() -> client.prompt("Hi").completion().subscribeOn(caller).block(WAIT));
			assertThat(failure).hasMessageContaining("llm-stream.providers.test").hasMessageContaining(reason);
		}
	}

	@Test
	void anApplicationThatIsStoppedAtOnceIsNoNews(CapturedOutput output) {
		this.contextRunner.run((context) -> {
			context.getBean(LlmStreamClient.class);
			ReactorNettyExchanges exchanges = context.getBean(ReactorNettyExchanges.class);
			context.close();
			exchanges.prepare(context::isClosed).block(WAIT);
		});
		assertThat(output.getAll()).doesNotContain(" WARN ");
	}

	private static void publishReady(ConfigurableApplicationContext context) {
		context.publishEvent(
				new ApplicationReadyEvent(new SpringApplication(), new String[0], context, Duration.ofSeconds(1)));
	}

	@Test
	void theConnectorOfTheApplicationIsNotUsed() {
		try (TestProvider provider = TestProvider.answering("Hello")) {
			ClientHttpConnector broken = (method, uri, callback) -> {
				throw new IllegalStateException("Not this one");
			};
			this.contextRunner.withPropertyValues(LlmStreamAutoConfigurationTests.at(provider))
				.withBean(ClientHttpConnector.class, () -> broken)
				.run((context) -> {
					assertThat(context).hasBean("webClientHttpConnectorCustomizer");
					assertThat(call(context.getBean(LlmStreamClient.class)).text()).isEqualTo("Hello");
				});
		}
	}

	@Test
	void anOwnExchangeReplacesTheHttpClient() {
		List<HttpCall> calls = new CopyOnWriteArrayList<>();
		HttpExchange exchange = new HttpExchange() {

			@Override
			public <T> Flux<T> exchange(HttpCall call, Function<HttpAnswer, Publisher<T>> handler) {
				calls.add(call);
				return Flux.error(new IOException("not today"));
			}

		};
		this.contextRunner.withBean(HttpExchange.class, () -> exchange).run((context) -> {
			assertThat(context).doesNotHaveBean(HttpConnections.class);
			LlmStreamClient client = context.getBean(LlmStreamClient.class);
			assertThat(catchThrowableOfType(ConnectFailedException.class, () -> call(client))).isNotNull();
			assertThat(calls).hasSize(1);
		});
	}

	@Test
	void aRefusedConnectionIsAnError() throws IOException {
		int free;
		try (ServerSocket socket = new ServerSocket(0)) {
			free = socket.getLocalPort();
		}
		this.contextRunner.withPropertyValues("llm-stream.providers.test.base-url=http://127.0.0.1:" + free)
			.run((context) -> {
				LlmStreamClient client = context.getBean(LlmStreamClient.class);
				assertThat(catchThrowableOfType(ConnectFailedException.class, () -> call(client))).isNotNull();
			});
	}

	@Test
	void aProxyIsAskedWithItsOwnCredentials() {
		List<String> asked = new CopyOnWriteArrayList<>();
		DisposableServer proxy = HttpServer.create().host("127.0.0.1").port(0).handle((request, response) -> {
			asked.add(request.method() + " " + request.requestHeaders().get("proxy-authorization") + " "
					+ request.requestHeaders().get("x-test-key"));
			return response.status(403).send();
		}).bindNow(WAIT);
		try {
			this.contextRunner.withPropertyValues("llm-stream.providers.test.api-key=k",
					"llm-stream.providers.test.model=m", "llm-stream.providers.test.base-url=http://llm.invalid",
					"llm-stream.providers.test.proxy.host=127.0.0.1",
					"llm-stream.providers.test.proxy.port=" + proxy.port(),
					"llm-stream.providers.test.proxy.username=me", "llm-stream.providers.test.proxy.password=secret")
				.run((context) -> {
					LlmStreamClient client = context.getBean(LlmStreamClient.class);
					LlmStreamException failure = catchThrowableOfType(LlmStreamException.class, () -> call(client));
					assertThat(failure).isNotNull();
					assertThat(failure.getMessage()).doesNotContain("secret");
					assertThat(asked).containsExactly("CONNECT Basic bWU6c2VjcmV0 null");
				});
		}
		finally {
			proxy.disposeNow(WAIT);
		}
	}

	@Test
	void aCertificateIsTrustedByItsSslBundleOnly(@TempDir Path directory) throws Exception {
		TestCertificate certificate = new TestCertificate(directory);
		SslContext ssl = SslContextBuilder.forServer(certificate.keyManagers()).build();
		DisposableServer server = HttpServer.create()
			.host("127.0.0.1")
			.port(0)
			.secure((spec) -> spec.sslContext(ssl))
			.handle((request, response) -> response.sse()
				.sendString(Flux.just("data: [\"Hello\"]\n\n", "data: []\n\n")))
			.bindNow(WAIT);
		try {
			String url = "https://127.0.0.1:" + server.port();
			this.contextRunner.withPropertyValues("llm-stream.providers.test.base-url=" + url,
					"llm-stream.providers.test.ssl.bundle=mine", "llm-stream.providers.plain.type=test",
					"llm-stream.providers.plain.api-key=k", "llm-stream.providers.plain.model=m",
					"llm-stream.providers.plain.base-url=" + url, "spring.ssl.bundle.jks.mine.truststore.type=PKCS12",
					"spring.ssl.bundle.jks.mine.truststore.password=" + TestCertificate.PASSWORD,
					"spring.ssl.bundle.jks.mine.truststore.location=file:" + certificate.trustStore())
				.run((context) -> {
					LlmStreamClients clients = context.getBean(LlmStreamClients.class);
					assertThat(call(clients.get("test")).text()).isEqualTo("Hello");
					assertThat(catchThrowableOfType(TlsFailedException.class, () -> call(clients.get("plain"))))
						.isNotNull();
				});
		}
		finally {
			server.disposeNow(WAIT);
		}
	}

	private static Completion call(LlmStreamClient client) {
		Completion completion = client.prompt("Hi").completion().block(WAIT);
		assertThat(completion).isNotNull();
		return completion;
	}

}
