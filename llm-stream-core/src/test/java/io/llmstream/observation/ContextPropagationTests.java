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

package io.llmstream.observation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.llmstream.ErrorKind;
import io.llmstream.StreamFilter;
import io.llmstream.StreamRequest;
import io.llmstream.StreamingModel;
import io.llmstream.Token;
import io.micrometer.context.ContextRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.util.context.Context;
import reactor.util.retry.Retry;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ContextPropagation}.
 */
class ContextPropagationTests {

	private static final ThreadLocal<String> user = new ThreadLocal<>();

	@BeforeEach
	void register() {
		ContextRegistry.getInstance().registerThreadLocalAccessor("test.user", user);
	}

	@AfterEach
	void remove() {
		ContextRegistry.getInstance().removeThreadLocalAccessor("test.user");
		user.remove();
	}

	@Test
	void aFilterSeesWhatWasBoundToTheAskingThreadInEveryAttempt() {
		List<String> seen = new ArrayList<>();
		StreamFilter own = (request, next) -> {
			seen.add(user.get() + " on " + Thread.currentThread().getName().replaceAll("-\\d+$", ""));
			return next.stream(request);
		};
		AtomicInteger tries = new AtomicInteger();
		Sinks.One<String> again = Sinks.one();
		StreamingModel flaky = (request) -> Flux.defer(() -> (tries.getAndIncrement() == 0)
				? Flux.error(Answers.error(ErrorKind.OVERLOADED)) : Answers.text("a"));
		StreamingModel retried = (request) -> ContextPropagation.around(own)
			.apply(flaky)
			.stream(request)
			.retryWhen(Retry.from((failures) -> failures.flatMap((failure) -> again.asMono())));
		Flux<Token> stream = retried.stream(StreamRequest.of("hi")).contextWrite(ContextPropagation::capture);
		user.set("ann");
		StepVerifier.create(stream)
			// the asking thread has left the first attempt by then
			.then(() -> Schedulers.parallel().schedule(() -> again.tryEmitValue("again")))
			.expectNextCount(2)
			.expectComplete()
			.verify(Duration.ofSeconds(10));
		assertThat(seen).containsExactly("ann on main", "ann on parallel");
		assertThat(user.get()).isEqualTo("ann");
	}

	@Test
	void whatTheContextHoldsGoesBeforeWhatIsBoundToTheThread() {
		user.set("ann");
		assertThat(ContextPropagation.capture(Context.empty()).<String>get("test.user")).isEqualTo("ann");
		assertThat(ContextPropagation.capture(Context.of("test.user", "bob")).<String>get("test.user"))
			.isEqualTo("bob");
	}

}
