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

import java.time.Duration;
import java.util.function.Supplier;

import io.llmstream.Token;
import io.llmstream.relay.AbstractRelayHttpTests;
import io.llmstream.relay.Events;
import io.llmstream.relay.RawClient;
import io.llmstream.relay.RelayServer;
import io.llmstream.relay.RelaySettings;
import io.llmstream.relay.RunSettings;
import io.llmstream.relay.protocol.RelayProtocol;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;

import static org.assertj.core.api.Assertions.assertThat;

class ReactiveRelayHttpTests extends AbstractRelayHttpTests {

	@Override
	protected RelayServer start(RelaySettings settings, Supplier<Flux<Token>> tokens, RelayProtocol protocol) {
		return new NettyRelayServer(settings, tokens, protocol, RunSettings.defaults());
	}

	@Override
	protected RelaySettings leavingSettings() {
		// No heartbeat: the server itself tells that the client left.
		return RelaySettings.defaults().withHeartbeat(Duration.ZERO);
	}

	@Override
	protected Duration leavingLimit() {
		return Duration.ofMillis(200);
	}

	@ParameterizedTest
	@CsvSource({ "text/event-stream, text/event-stream", "application/json, application/json" })
	void entityThatComesLaterIsHandledAsOneThatIsThere(String accept, String contentType) {
		RelayServer server = serve(RelaySettings.defaults(), () -> Flux.just(text("a"), finish()));
		try (RawClient client = RawClient.get(server.port(), "/later", accept)) {
			assertThat(client.status()).isEqualTo(202);
			assertThat(client.header("x-test")).isEqualTo("kept");
			assertThat(client.header("content-type")).startsWith(contentType);
			String body = client.rest();
			if (contentType.equals("application/json")) {
				assertThat(body).startsWith("[{\"text\":\"a\"},").doesNotContain("attempts", "content");
			}
			else {
				assertThat(Events.text(Events.parse(body))).isEqualTo("a");
			}
		}
	}

}
