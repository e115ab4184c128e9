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

package io.llmstream.sample;

import io.llmstream.autoconfigure.LlmStreamConnectionDetails;
import io.llmstream.test.ScriptedProvider;
import org.jspecify.annotations.Nullable;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * A provider within this application, so that it runs without a key and without a
 * network. It is a real HTTP server that speaks every wire; only its answers are made up.
 */
@Configuration(proxyBeanMethods = false)
class Simulation {

	private static final String PREFIX = "sim-";

	static boolean isSimulated(String provider) {
		return provider.startsWith(PREFIX);
	}

	@Bean(destroyMethod = "close")
	ScriptedProvider simulatedProvider(SimulatedTraffic traffic) {
		return ScriptedProvider.start().withoutRecording().script((exchange) -> {
			traffic.add(exchange);
			return SimulatedAnswers.answer(SimulatedConversation.of(exchange.json()));
		});
	}

	@Bean
	SimulatedTraffic simulatedTraffic() {
		return new SimulatedTraffic();
	}

	/**
	 * Its port is free to choose and so not in {@code application.yml}.
	 */
	@Bean
	LlmStreamConnectionDetails simulatedConnectionDetails(ScriptedProvider simulatedProvider) {
		return new LlmStreamConnectionDetails() {

			@Override
			public @Nullable String getBaseUrl(String provider) {
				return (isSimulated(provider)) ? simulatedProvider.baseUrl() : null;
			}

			@Override
			public @Nullable String getApiKey(String provider) {
				return (isSimulated(provider)) ? "simulated" : null;
			}

		};
	}

}
