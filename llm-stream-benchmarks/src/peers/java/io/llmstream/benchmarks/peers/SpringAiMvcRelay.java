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

package io.llmstream.benchmarks.peers;

import java.io.IOException;
import java.io.UncheckedIOException;

import io.llmstream.benchmarks.relay.BootRelay;
import io.llmstream.benchmarks.relay.Question;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Spring AI on Spring MVC, one {@code SseEmitter.send} for each token.
 */
public final class SpringAiMvcRelay extends BootRelay {

	/**
	 * Create it.
	 */
	public SpringAiMvcRelay() {
		super(WebApplicationType.SERVLET, Application.class);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Controller.class)
	static class Application {

	}

	@RestController
	static class Controller {

		private final SpringAi model;

		Controller(@Value("${benchmark.provider}") String provider) {
			this.model = new SpringAi(provider);
		}

		@PostMapping("/v1/chat/completions")
		SseEmitter chat(@RequestBody Question question) {
			SseEmitter emitter = new SseEmitter(0L);
			this.model.stream(question.prompt())
				.subscribe((text) -> send(emitter, text), emitter::completeWithError, emitter::complete);
			return emitter;
		}

		private static void send(SseEmitter emitter, String text) {
			try {
				emitter.send(text);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
