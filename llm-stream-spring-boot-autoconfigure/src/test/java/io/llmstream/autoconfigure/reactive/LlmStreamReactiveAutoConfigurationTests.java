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

package io.llmstream.autoconfigure.reactive;

import io.llmstream.autoconfigure.LlmStreamAutoConfiguration;
import io.llmstream.autoconfigure.LlmStreamHttpAutoConfiguration;
import io.llmstream.autoconfigure.LlmStreamRelayAutoConfiguration;
import io.llmstream.autoconfigure.servlet.LlmStreamServletAutoConfiguration;
import io.llmstream.relay.RelayErrorMapper;
import io.llmstream.relay.RelaySettings;
import io.llmstream.relay.reactive.TokenFluxResultHandler;
import io.llmstream.relay.reactive.TokenRelay;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import org.junit.jupiter.api.Test;
import reactor.netty.http.server.HttpServer;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LlmStreamReactiveAutoConfiguration}.
 */
class LlmStreamReactiveAutoConfigurationTests {

	private static final AutoConfigurations CONFIGURATIONS = AutoConfigurations.of(LlmStreamAutoConfiguration.class,
			LlmStreamHttpAutoConfiguration.class, LlmStreamRelayAutoConfiguration.class,
			LlmStreamServletAutoConfiguration.class, LlmStreamReactiveAutoConfiguration.class,
			WebFluxAutoConfiguration.class);

	private final ReactiveWebApplicationContextRunner contextRunner = new ReactiveWebApplicationContextRunner()
		.withConfiguration(CONFIGURATIONS);

	@Test
	void tokensAreHandled() {
		this.contextRunner.run((context) -> assertThat(context).hasSingleBean(TokenRelay.class)
			.hasSingleBean(TokenFluxResultHandler.class)
			.doesNotHaveBean(io.llmstream.relay.servlet.TokenRelay.class));
	}

	@Test
	void aServerOnReactorNettyAcceptsManyConnectionsAtOnce() {
		this.contextRunner.run((context) -> {
			HttpServer server = context.getBean(NettyServerCustomizer.class).apply(HttpServer.create());
			assertThat(server.configuration().options().get(ChannelOption.RECVBUF_ALLOCATOR)).isInstanceOfSatisfying(
					ServerChannelRecvByteBufAllocator.class, (allocator) -> assertThat(allocator.maxMessagesPerRead())
						.isEqualTo(ReactorNettyServerConfiguration.ACCEPTED_AT_ONCE));
		});
	}

	@Test
	void whenTheServerIsAnotherThenNettyIsLeftAlone() {
		this.contextRunner.withClassLoader(new FilteredClassLoader("org.springframework.boot.reactor.netty"))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(TokenRelay.class)
				.doesNotHaveBean(ReactorNettyServerConfiguration.class));
	}

	@Test
	void anOwnRelayReplacesOurs() {
		TokenRelay relay = new TokenRelay(RelaySettings.defaults(), RelayErrorMapper.safe());
		this.contextRunner.withBean("mine", TokenRelay.class, () -> relay)
			.run((context) -> assertThat(context).getBean(TokenRelay.class).isSameAs(relay));
	}

	@Test
	void whenThereIsNoWebThenThereIsNoRelay() {
		new ApplicationContextRunner().withConfiguration(CONFIGURATIONS)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(TokenRelay.class));
	}

	@Test
	void whenThereIsNoWebFluxServerThenBacksOff() {
		new ReactiveWebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(LlmStreamRelayAutoConfiguration.class,
					LlmStreamReactiveAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader("org.springframework.web.reactive.DispatcherHandler"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(TokenRelay.class));
	}

}
