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

import java.nio.file.Path;
import java.util.stream.Stream;

import io.llmstream.LlmStreamClient;
import io.llmstream.provider.ProviderDialect;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.support.SpringFactoriesLoader;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what a start that fails says.
 */
class LlmStreamStartupFailureTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(LlmStreamAutoConfiguration.class, LlmStreamHttpAutoConfiguration.class))
		.withBean("dialect", ProviderDialect.class, () -> new TestDialect("testing", "http://127.0.0.1:9", true))
		.withBean("other", ProviderDialect.class, () -> new TestDialect("self-hosted", null, false));

	@Test
	void namesTheMissingKey() {
		FailureAnalysis analysis = analyze("llm-stream.providers.testing.model=m");
		assertThat(analysis.getDescription()).isEqualTo("The property llm-stream.providers.testing.api-key is not set,"
				+ " and Test testing cannot be used without one.");
		assertThat(analysis.getAction()).contains("llm-stream.providers.testing.api-key=${TESTING_API_KEY}");
	}

	@Test
	void anEmptyKeyIsNoKey() {
		FailureAnalysis analysis = analyze("llm-stream.providers.testing.model=m",
				"llm-stream.providers.testing.api-key=");
		assertThat(analysis.getDescription()).contains("llm-stream.providers.testing.api-key is not set");
	}

	@Test
	void namesTheVariableThatTheKeyRefersTo() {
		FailureAnalysis analysis = analyze("llm-stream.providers.testing.model=m",
				"llm-stream.providers.testing.api-key=${NO_SUCH_VARIABLE_HERE}");
		assertThat(analysis.getDescription()).contains("llm-stream.providers.testing.api-key")
			.contains("refers to ${NO_SUCH_VARIABLE_HERE}, which is not set");
		assertThat(analysis.getAction())
			.startsWith("Set NO_SUCH_VARIABLE_HERE, for example as an environment variable");
	}

	@Test
	void aKeyThatIsNoHeaderValueIsNotShown() {
		FailureAnalysis analysis = analyze("llm-stream.providers.testing.model=m",
				"llm-stream.providers.testing.api-key=sk-first sk-second");
		assertThat(analysis.getDescription()).contains("llm-stream.providers.testing.api-key")
			.contains("contains a space")
			.doesNotContain("sk-");
	}

	@Test
	void namesTheMissingModel() {
		FailureAnalysis analysis = analyze("llm-stream.providers.testing.api-key=k");
		assertThat(analysis.getDescription()).contains("llm-stream.providers.testing.model is not set");
		assertThat(analysis.getAction()).contains("llm-stream.providers.testing.model=");
	}

	@Test
	void suggestsTheTypeThatWasMeant() {
		FailureAnalysis analysis = analyze("llm-stream.providers.mine.type=tetsing");
		assertThat(analysis.getDescription()).contains("llm-stream.providers.mine.type is 'tetsing'")
			.contains("Did you mean 'testing'?")
			.contains("self-hosted")
			.contains("testing");
		assertThat(analysis.getAction()).contains("llm-stream.providers.mine.type=testing");
	}

	@Test
	void asksForTheTypeOfAnUnknownName() {
		FailureAnalysis analysis = analyze("llm-stream.providers.mine.api-key=k");
		assertThat(analysis.getDescription()).contains("'mine' does not say what kind of server it is")
			.contains("llm-stream.providers.mine.type is not set")
			.doesNotContain("Did you mean");
	}

	@Test
	void namesTheMissingBaseUrl() {
		FailureAnalysis analysis = analyze("llm-stream.providers.self-hosted.model=m");
		assertThat(analysis.getDescription()).contains("llm-stream.providers.self-hosted.base-url is not set");
		assertThat(analysis.getAction()).contains("llm-stream.providers.self-hosted.base-url=https://");
	}

	@ParameterizedTest
	@CsvSource({ "localhost:8000, does not begin with http", "ftp://host/, does not begin with http",
			"http:///v1, has no valid host", "https://user:sesame@host/, carries a user name",
			"https://host/v1?key=sesame, has a query", "https://ho st/, is not a valid address",
			"https://${NO_SUCH_HOST_HERE}/v1, 'refers to ${NO_SUCH_HOST_HERE}, which is not set'" })
	void saysWhatIsWrongWithABaseUrl(String url, String problem) {
		FailureAnalysis analysis = analyze("llm-stream.providers.self-hosted.model=m",
				"llm-stream.providers.self-hosted.base-url=" + url);
		assertThat(analysis.getDescription()).contains("llm-stream.providers.self-hosted.base-url")
			.contains(problem)
			.doesNotContain("sesame");
	}

	@ParameterizedTest
	@CsvSource({ "timeouts.connect, 0s", "timeouts.first-token, -1s", "timeouts.stall, -1s",
			"timeouts.silent-phase, -1s", "timeouts.total, -1s", "retry.max-retries, -1", "retry.delay, -1ms",
			"retry.multiplier, 0.5", "retry.max-delay, 1ms", "retry.jitter, -1ms", "max-frame-size, 10B",
			"proxy.port, 8080", "proxy.username, me", "ssl.bundle, nowhere" })
	void namesTheProviderPropertyThatCannotBe(String property, String value) {
		FailureAnalysis analysis = analyze("llm-stream.providers.self-hosted.model=m",
				"llm-stream.providers.self-hosted.base-url=http://127.0.0.1:9",
				"llm-stream.providers.self-hosted." + property + "=" + value);
		String named = (property.startsWith("proxy.")) ? "proxy.host" : property;
		assertThat(analysis.getDescription()).contains("llm-stream.providers.self-hosted." + named);
		assertThat(analysis.getAction()).contains("llm-stream.providers.self-hosted." + named + "=");
	}

	@ParameterizedTest
	@CsvSource({ "max-connections, 0", "pending-acquire-timeout, 0s", "max-idle-time, -1s", "max-life-time, 0s" })
	void namesTheHttpPropertyThatCannotBe(String property, String value) {
		FailureAnalysis analysis = analyze("llm-stream.providers.self-hosted.model=m",
				"llm-stream.providers.self-hosted.base-url=http://127.0.0.1:9",
				"llm-stream.http." + property + "=" + value);
		assertThat(analysis.getDescription()).contains("llm-stream.http." + property);
	}

	@Test
	void namesTheSslBundleThatCannotBeRead(@TempDir Path directory) throws Exception {
		TestCertificate certificate = new TestCertificate(directory);
		FailureAnalysis analysis = analyze(
				this.contextRunner.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class))
					.withPropertyValues("llm-stream.providers.self-hosted.model=m",
							"llm-stream.providers.self-hosted.base-url=https://127.0.0.1:9",
							"llm-stream.providers.self-hosted.ssl.bundle=mine",
							"spring.ssl.bundle.jks.mine.truststore.type=PKCS12",
							"spring.ssl.bundle.jks.mine.truststore.password=sesame",
							"spring.ssl.bundle.jks.mine.truststore.location=file:" + certificate.trustStore()));
		assertThat(analysis.getDescription())
			.contains("llm-stream.providers.self-hosted.ssl.bundle is 'mine', an SSL bundle that cannot be read")
			.contains("trust.p12")
			.doesNotContain("sesame");
	}

	@Test
	void namesTheProxyPortThatIsMissing() {
		FailureAnalysis analysis = analyze("llm-stream.providers.self-hosted.model=m",
				"llm-stream.providers.self-hosted.base-url=http://127.0.0.1:9",
				"llm-stream.providers.self-hosted.proxy.host=127.0.0.1");
		assertThat(analysis.getDescription()).contains("llm-stream.providers.self-hosted.proxy.port is not set");
	}

	@Test
	void aHeaderWithALineBreakIsNotShown() {
		FailureAnalysis analysis = analyze("llm-stream.providers.self-hosted.model=m",
				"llm-stream.providers.self-hosted.base-url=http://127.0.0.1:9",
				"llm-stream.providers.self-hosted.headers.x-key=sesame\nx-other: 1");
		assertThat(analysis.getDescription()).contains("headers.x-key").doesNotContain("sesame");
	}

	@Test
	void listsTheProvidersThatTheDefaultMayBe() {
		FailureAnalysis analysis = analyze("llm-stream.default-client=chat", "llm-stream.providers.testing.api-key=k",
				"llm-stream.providers.testing.model=m");
		assertThat(analysis.getDescription()).contains("llm-stream.default-client is 'chat'")
			.contains("The configured providers are: testing");
		assertThat(analysis.getAction()).contains("llm-stream.default-client=testing");
	}

	@Test
	void aDefaultWithoutAnyProviderSaysHowToConfigureOne() {
		FailureAnalysis analysis = analyze("llm-stream.default-client=chat");
		assertThat(analysis.getDescription()).contains("No provider is configured");
		assertThat(analysis.getAction()).contains("llm-stream.providers.chat.api-key=");
	}

	@Test
	void anInjectionWithoutAnyProviderSaysHowToConfigureOne() {
		FailureAnalysis analysis = analyze(this.contextRunner.withUserConfiguration(NeedsClient.class));
		assertThat(analysis.getDescription()).contains("NeedsClient")
			.contains("required an LlmStreamClient, but no provider is configured");
		assertThat(analysis.getAction()).contains("llm-stream.providers.openai.api-key=${OPENAI_API_KEY}");
	}

	@Test
	void anInjectionOfSeveralSaysHowToChoose() {
		FailureAnalysis analysis = analyze(this.contextRunner.withUserConfiguration(NeedsClient.class)
			.withPropertyValues("llm-stream.providers.testing.api-key=k", "llm-stream.providers.testing.model=m",
					"llm-stream.providers.b.type=testing", "llm-stream.providers.b.api-key=k",
					"llm-stream.providers.b.model=m"));
		assertThat(analysis.getDescription()).contains("there are several").contains("testing, b");
		assertThat(analysis.getAction()).contains("llm-stream.default-client=testing")
			.contains("@LlmProvider(\"testing\")");
	}

	@Test
	void anInjectionOfAnUnknownNameListsTheKnown() {
		FailureAnalysis analysis = analyze(this.contextRunner.withUserConfiguration(NeedsNamedClient.class)
			.withPropertyValues("llm-stream.providers.testing.api-key=k", "llm-stream.providers.testing.model=m"));
		assertThat(analysis.getDescription()).contains("none matches").contains("testing");
	}

	@Test
	void otherMissingBeansAreLeftToSpringBoot() {
		this.contextRunner.withUserConfiguration(NeedsSomethingElse.class).run((context) -> {
			Throwable failure = context.getStartupFailure();
			assertThat(failure).isNotNull();
			assertThat(new LlmStreamClientInjectionFailureAnalyzer(new StandardEnvironment()).analyze(failure))
				.isNull();
		});
	}

	private FailureAnalysis analyze(String... properties) {
		return analyze(this.contextRunner.withPropertyValues(properties));
	}

	private static FailureAnalysis analyze(ApplicationContextRunner contextRunner) {
		FailureAnalysis[] analysis = new FailureAnalysis[1];
		ConfigurableEnvironment[] environment = new ConfigurableEnvironment[1];
		contextRunner.withInitializer((context) -> environment[0] = context.getEnvironment()).run((context) -> {
			Throwable failure = context.getStartupFailure();
			assertThat(failure).isNotNull();
			analysis[0] = analyzers(environment[0]).map((analyzer) -> analyzer.analyze(failure))
				.filter((result) -> result != null)
				.findFirst()
				.orElseThrow(() -> new AssertionError("Not analyzed", failure));
		});
		return analysis[0];
	}

	/**
	 * Those analyzers that are registered and ours.
	 */
	private static Stream<FailureAnalyzer> analyzers(ConfigurableEnvironment environment) {
		return SpringFactoriesLoader.forDefaultResourceLocation()
			.load(FailureAnalyzer.class, SpringFactoriesLoader.ArgumentResolver.of(Environment.class, environment),
					SpringFactoriesLoader.FailureHandler.logging(LogFactory.getLog("test")))
			.stream()
			.filter((analyzer) -> analyzer.getClass().getPackageName().equals("io.llmstream.autoconfigure"));
	}

	@Configuration(proxyBeanMethods = false)
	static class NeedsClient {

		NeedsClient(LlmStreamClient client) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class NeedsNamedClient {

		NeedsNamedClient(@LlmProvider("nobody") LlmStreamClient client) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class NeedsSomethingElse {

		NeedsSomethingElse(ProviderSettingsMapper other) {
		}

	}

}
