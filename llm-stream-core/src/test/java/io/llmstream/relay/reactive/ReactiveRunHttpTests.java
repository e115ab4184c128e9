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

import java.util.function.Supplier;

import io.llmstream.Token;
import io.llmstream.relay.AbstractRunHttpTests;
import io.llmstream.relay.RelayServer;
import io.llmstream.relay.RelaySettings;
import io.llmstream.relay.RunSettings;
import io.llmstream.relay.Runs;
import io.llmstream.relay.protocol.NativeProtocol;
import reactor.core.publisher.Flux;

class ReactiveRunHttpTests extends AbstractRunHttpTests {

	@Override
	protected RelayServer start(RelaySettings settings, RunSettings runs, Supplier<Flux<Token>> tokens) {
		return new NettyRelayServer(settings, tokens, new NativeProtocol(), runs);
	}

	@Override
	protected RelayServer start(RelaySettings settings, Runs runs, Supplier<Flux<Token>> tokens) {
		return new NettyRelayServer(settings, tokens, new NativeProtocol(), runs);
	}

}
