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

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.KeyManagerFactory;

/**
 * A certificate of this machine's loopback address that nobody trusts, made by the JDK's
 * own tool.
 */
final class TestCertificate {

	static final String PASSWORD = "changeit";

	private final Path directory;

	private final KeyStore keys;

	TestCertificate(Path directory) throws Exception {
		this.directory = directory;
		Path file = directory.resolve("server.p12");
		Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
				"-genkeypair", "-alias", "server", "-keyalg", "RSA", "-dname", "CN=127.0.0.1", "-ext",
				"san=ip:127.0.0.1", "-storetype", "PKCS12", "-keystore", file.toString(), "-storepass", PASSWORD)
			.redirectErrorStream(true)
			.redirectOutput(directory.resolve("keytool.log").toFile())
			.start();
		if (!keytool.waitFor(30, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
			throw new IllegalStateException("keytool: " + Files.readString(directory.resolve("keytool.log")));
		}
		this.keys = KeyStore.getInstance("PKCS12");
		try (InputStream input = Files.newInputStream(file)) {
			this.keys.load(input, PASSWORD.toCharArray());
		}
	}

	KeyManagerFactory keyManagers() throws Exception {
		KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		factory.init(this.keys, PASSWORD.toCharArray());
		return factory;
	}

	/**
	 * A store that trusts the certificate.
	 * @return the store's file, of type PKCS12
	 */
	Path trustStore() throws Exception {
		KeyStore trusted = KeyStore.getInstance("PKCS12");
		trusted.load(null, null);
		trusted.setCertificateEntry("server", this.keys.getCertificate("server"));
		Path file = this.directory.resolve("trust.p12");
		try (OutputStream output = Files.newOutputStream(file)) {
			trusted.store(output, PASSWORD.toCharArray());
		}
		return file;
	}

}
