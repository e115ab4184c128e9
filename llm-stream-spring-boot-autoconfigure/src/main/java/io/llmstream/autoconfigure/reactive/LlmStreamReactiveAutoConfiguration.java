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

import io.llmstream.autoconfigure.LlmStreamProperties;
import io.llmstream.autoconfigure.LlmStreamRelayAutoConfiguration;
import io.llmstream.autoconfigure.RelayMeters;
import io.llmstream.autoconfigure.RelayShutdown;
import io.llmstream.relay.RelayErrorMapper;
import io.llmstream.relay.RelaySettings;
import io.llmstream.relay.Runs;
import io.llmstream.relay.endpoint.RunEndpoint;
import io.llmstream.relay.protocol.RelayProtocol;
import io.llmstream.relay.reactive.TokenFluxResultHandler;
import io.llmstream.relay.reactive.TokenRelay;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.web.reactive.DispatcherHandler;
import org.springframework.web.reactive.accept.RequestedContentTypeResolver;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * Auto-configuration of the relay for Spring WebFlux: controllers may return
 * {@code Flux<Token>}.
 */
@AutoConfiguration(after = LlmStreamRelayAutoConfiguration.class,
		afterName = "org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration")
@ConditionalOnClass({ TokenRelay.class, DispatcherHandler.class })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@Import(ReactorNettyServerConfiguration.class)
public final class LlmStreamReactiveAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	TokenRelay llmStreamTokenRelay(RelaySettings settings, RelayErrorMapper errors, RelayProtocol protocol, Runs runs) {
		return new TokenRelay(settings, errors, protocol, runs);
	}

	@Bean
	@ConditionalOnMissingBean(name = "llmStreamRelayShutdown")
	RelayShutdown llmStreamRelayShutdown(TokenRelay relay, LlmStreamProperties properties, Environment environment) {
		return new RelayShutdown(relay::reopen, relay::drain, relay::close, relay::pending, properties, environment);
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean({ ServerCodecConfigurer.class, RequestedContentTypeResolver.class })
	TokenFluxResultHandler llmStreamTokenFluxResultHandler(TokenRelay relay, ServerCodecConfigurer codecs,
			@Qualifier("webFluxContentTypeResolver") RequestedContentTypeResolver resolver) {
		return new TokenFluxResultHandler(relay, codecs, resolver);
	}

	@Bean
	RunProblemAdvice llmStreamRunProblemAdvice() {
		return new RunProblemAdvice();
	}

	@Bean
	@ConditionalOnBooleanProperty("llm-stream.relay.endpoints.enabled")
	RouterFunction<ServerResponse> llmStreamRunEndpointRoutes(RunEndpoint endpoint, TokenRelay relay,
			LlmStreamProperties properties) {
		return new RunEndpointHandler(endpoint, relay).routes(properties.getRelay().getEndpoints().getPath());
	}

	/**
	 * What Micrometer needs.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(MeterRegistry.class)
	@ConditionalOnBooleanProperty(name = "llm-stream.observation.enabled", matchIfMissing = true)
	static class MeterConfiguration {

		@Bean
		@ConditionalOnMissingBean(name = "llmStreamRelayMeters")
		RelayMeters llmStreamRelayMeters(TokenRelay relay) {
			return new RelayMeters(relay::connections, () -> relay.runs().active(), relay::longestWrite);
		}

	}

}
