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

package io.llmstream.relay.reactive;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

import io.llmstream.relay.AbstractRelayHttpTests;
import io.llmstream.relay.Events;
import io.llmstream.relay.Events.Event;
import io.llmstream.relay.RawClient;
import io.llmstream.relay.RelayErrorMapper;
import io.llmstream.relay.RelaySettings;
import io.llmstream.relay.RunLogs;
import io.llmstream.relay.RunSettings;
import io.llmstream.relay.Runs;
import io.llmstream.relay.protocol.NativeProtocol;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of a browser whose connection is encrypted.
 */
class ReactiveRelayTlsTests {

	private static final char[] PASSWORD = "changeit".toCharArray();

	private static KeyStore certificate(Path directory) throws Exception {
		Path file = directory.resolve("server.p12");
		Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
				"-genkeypair", "-alias", "server", "-keyalg", "RSA", "-dname", "CN=127.0.0.1", "-ext",
				"san=ip:127.0.0.1", "-storetype", "PKCS12", "-keystore", file.toString(), "-storepass",
				new String(PASSWORD))
			.redirectErrorStream(true)
			.redirectOutput(directory.resolve("keytool.log").toFile())
			.start();
		assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
		KeyStore keys = KeyStore.getInstance("PKCS12");
		try (InputStream input = Files.newInputStream(file)) {
			keys.load(input, PASSWORD);
		}
		return keys;
	}

	@Test
	void slowReaderStopsTheDemandAndStillGetsEverything(@TempDir Path directory) throws Exception {
		KeyStore keys = certificate(directory);
		KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		own.init(keys, PASSWORD);
		SslContext server = SslContextBuilder.forServer(own).build();
		AtomicLong emitted = new AtomicLong();
		int lag = 256 * 1024;
		RelaySettings settings = RelaySettings.defaults()
			.withHeartbeat(Duration.ZERO)
			.withMaxLag(lag)
			.withWriteTimeout(Duration.ZERO);
		Runs runs = new Runs(settings, RunSettings.defaults(), RelayErrorMapper.safe(),
				RunLogs.inMemory(settings, RunSettings.defaults()));
		try (NettyRelayServer relay = new NettyRelayServer(settings, () -> AbstractRelayHttpTests.stalling(emitted),
				new NativeProtocol(), runs, (http) -> http.secure((spec) -> spec.sslContext(server)));
				RawClient browser = RawClient.getSecurely(trusting(keys), relay.port(), "/tokens")) {
			long stalled = AbstractRelayHttpTests.awaitStall(emitted);

			// What waits in the log, in one batch, and in the buffers of two sockets.
			assertThat(stalled * 100).isLessThan(lag + 1024 * 1024);
			List<Event> events = Events.parse(browser.rest());
			assertThat(Events.text(events)).hasSize(100 * 100_000);
			assertThat(events.get(events.size() - 1).name()).isEqualTo("done");
			assertThat(events.get(events.size() - 1).id()).isEqualTo(100_002);
		}
	}

	private static SSLSocketFactory trusting(KeyStore keys) throws Exception {
		KeyStore trusted = KeyStore.getInstance("PKCS12");
		trusted.load(null, null);
		trusted.setCertificateEntry("server", keys.getCertificate("server"));
		TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		trust.init(trusted);
		SSLContext client = SSLContext.getInstance("TLS");
		client.init(null, trust.getTrustManagers(), null);
		return client.getSocketFactory();
	}

}
