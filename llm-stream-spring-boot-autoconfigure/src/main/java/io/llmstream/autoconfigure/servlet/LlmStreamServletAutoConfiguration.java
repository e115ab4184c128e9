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

package io.llmstream.autoconfigure.servlet;

import java.util.concurrent.Executor;

import io.llmstream.autoconfigure.LlmStreamProperties;
import io.llmstream.autoconfigure.LlmStreamRelayAutoConfiguration;
import io.llmstream.autoconfigure.RelayMeters;
import io.llmstream.autoconfigure.RelayShutdown;
import io.llmstream.relay.RelayErrorMapper;
import io.llmstream.relay.RelaySettings;
import io.llmstream.relay.Runs;
import io.llmstream.relay.endpoint.RunEndpoint;
import io.llmstream.relay.protocol.RelayProtocol;
import io.llmstream.relay.servlet.TokenRelay;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnThreading;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.thread.Threading;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;
import org.springframework.web.accept.ContentNegotiationManager;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;

/**
 * Auto-configuration of the relay for Spring MVC: controllers may return
 * {@code Flux<Token>}.
 */
@AutoConfiguration(after = LlmStreamRelayAutoConfiguration.class,
		afterName = "org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration")
@ConditionalOnClass({ TokenRelay.class, DispatcherServlet.class, RequestMappingHandlerAdapter.class })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
public final class LlmStreamServletAutoConfiguration {

	private static final String EXECUTOR = "llmStreamRelayExecutor";

	/**
	 * Not the application's task executor: a few slow browsers would take all of its
	 * threads.
	 */
	@Bean(name = EXECUTOR, defaultCandidate = false)
	@ConditionalOnMissingBean(name = EXECUTOR)
	@ConditionalOnThreading(Threading.VIRTUAL)
	SimpleAsyncTaskExecutor llmStreamVirtualRelayExecutor() {
		SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor("llm-stream-relay-");
		executor.setVirtualThreads(true);
		return executor;
	}

	@Bean(name = EXECUTOR, defaultCandidate = false, destroyMethod = "shutdown")
	@ConditionalOnMissingBean(name = EXECUTOR)
	@ConditionalOnThreading(Threading.PLATFORM)
	Executor llmStreamPlatformRelayExecutor(RelaySettings settings) {
		return TokenRelay.pool(settings);
	}

	@Bean
	@ConditionalOnMissingBean
	TokenRelay llmStreamTokenRelay(RelaySettings settings, RelayErrorMapper errors, RelayProtocol protocol,
			@Qualifier(EXECUTOR) Executor executor, Runs runs) {
		return new TokenRelay(settings, errors, protocol, executor, runs);
	}

	@Bean
	@ConditionalOnMissingBean(name = "llmStreamRelayShutdown")
	RelayShutdown llmStreamRelayShutdown(TokenRelay relay, LlmStreamProperties properties, Environment environment) {
		return new RelayShutdown(relay::reopen, relay::drain, relay::close, relay::pending, properties, environment);
	}

	@Bean
	static TokenFluxInstaller llmStreamTokenFluxInstaller(ObjectProvider<TokenRelay> relay,
			@Qualifier("mvcContentNegotiationManager") ObjectProvider<ContentNegotiationManager> negotiation) {
		return new TokenFluxInstaller(relay, negotiation);
	}

	@Bean
	RunProblemAdvice llmStreamRunProblemAdvice() {
		return new RunProblemAdvice();
	}

	@Bean
	WebMvcConfigurer llmStreamCutResponseConfigurer() {
		return new WebMvcConfigurer() {

			@Override
			public void addInterceptors(InterceptorRegistry registry) {
				registry.addInterceptor(new CutResponseInterceptor()).order(Ordered.HIGHEST_PRECEDENCE);
			}

		};
	}

	/**
	 * What Spring Security needs.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(RequestAttributeSecurityContextRepository.class)
	static class SecurityConfiguration {

		@Bean
		WebMvcConfigurer llmStreamSecurityContextKeeper() {
			return new WebMvcConfigurer() {

				@Override
				public void addInterceptors(InterceptorRegistry registry) {
					registry.addInterceptor(new SecurityContextKeeper());
				}

			};
		}

	}

	@Bean
	@ConditionalOnBooleanProperty("llm-stream.relay.endpoints.enabled")
	RunEndpointController llmStreamRunEndpointController(RunEndpoint endpoint, TokenRelay relay) {
		return new RunEndpointController(endpoint, relay);
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
