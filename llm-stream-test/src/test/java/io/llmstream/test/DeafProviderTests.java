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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of {@link DeafProvider}.
 */
class DeafProviderTests {

	@Test
	void aConnectionNeitherSucceedsNorFails() throws IOException {
		try (DeafProvider provider = DeafProvider.start(); Socket client = new Socket()) {
			InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), provider.port());
			assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> client.connect(address, 200));
		}
	}

}
