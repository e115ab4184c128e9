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

import io.llmstream.relay.servlet.TokenFluxReturnValueHandler;
import io.llmstream.relay.servlet.TokenRelay;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.web.accept.ContentNegotiationManager;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;

/**
 * Puts the handler of {@code Flux<Token>} before those of Spring. A handler that is added
 * with a {@code WebMvcConfigurer} comes after them, too late: Spring takes any
 * {@code Flux}.
 */
final class TokenFluxInstaller implements BeanPostProcessor {

	private final ObjectProvider<TokenRelay> relay;

	private final ObjectProvider<ContentNegotiationManager> negotiation;

	TokenFluxInstaller(ObjectProvider<TokenRelay> relay, ObjectProvider<ContentNegotiationManager> negotiation) {
		this.relay = relay;
		this.negotiation = negotiation;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof RequestMappingHandlerAdapter adapter) {
			TokenFluxReturnValueHandler.install(adapter, this.relay.getObject(),
					this.negotiation.getIfAvailable(ContentNegotiationManager::new));
		}
		return bean;
	}

}
