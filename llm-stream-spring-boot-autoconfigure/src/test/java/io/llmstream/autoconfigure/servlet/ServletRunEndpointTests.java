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

import java.net.http.HttpResponse;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import io.llmstream.autoconfigure.AbstractRunEndpointTests;
import io.llmstream.relay.Run;
import io.llmstream.relay.RunState;
import io.llmstream.relay.Runs;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.util.context.Context;

import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

class ServletRunEndpointTests extends AbstractRunEndpointTests {

	/**
	 * A pool that is always full.
	 */
	@Configuration(proxyBeanMethods = false)
	static class FullApplication extends StartingApplication {

		@Bean
		Executor llmStreamRelayExecutor() {
			return (task) -> {
				throw new RejectedExecutionException();
			};
		}

	}

	ServletRunEndpointTests() {
		super(WebApplicationType.SERVLET);
	}

	@Test
	void aStartForWhichNoThreadIsFreeIsAProblemAndStartsNothing() throws Exception {
		try (ConfigurableApplicationContext context = start(FullApplication.class, ENABLED)) {
			HttpResponse<String> refused = send(post(context, PATH, PROMPT));
			assertProblem(refused, 503);
			assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
			Runs runs = context.getBean(Runs.class);
			assertThat(runs.active()).isZero();
			Run run = runs.start(Flux.never(), null, Context.empty());
			assertProblem(send(request(context, PATH + "/" + run.id()).build()), 503);
			assertThat(run.state()).isEqualTo(RunState.RUNNING);
		}
	}

}
