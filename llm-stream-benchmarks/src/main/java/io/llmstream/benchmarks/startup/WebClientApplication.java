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
package io.llmstream.benchmarks.startup;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * The empty application with the HTTP client that the starter uses too, and nothing of
 * the starter: what an application pays that asks models by hand.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(EmptyApplication.HelloController.class)
class WebClientApplication {

	@Bean
	WebClient client(WebClient.Builder builder) {
		return builder.baseUrl("http://127.0.0.1").build();
	}

}
