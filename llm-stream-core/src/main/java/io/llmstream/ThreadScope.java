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

package io.llmstream;

import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoOperator;
import reactor.util.context.ContextView;

import org.springframework.util.ClassUtils;

/**
 * What the thread that subscribed to a stream knows, for what the stream does on other
 * threads: its MDC, and, where Micrometer's context propagation is on the class path,
 * what that captures of the thread and of its Reactor context, such as security and
 * trace. Immutable.
 */
public final class ThreadScope {

	private static final boolean PROPAGATION = ClassUtils.isPresent("io.micrometer.context.ContextSnapshotFactory",
			ThreadScope.class.getClassLoader());

	private final @Nullable Map<String, String> mdc;

	private final @Nullable ThreadValues values;

	private ThreadScope(@Nullable Map<String, String> mdc, @Nullable ThreadValues values) {
		this.mdc = mdc;
		this.values = values;
	}

	/**
	 * Capture what the calling thread knows.
	 * @param context what its Reactor context holds, which goes before
	 * @return the scope
	 */
	public static ThreadScope capture(ContextView context) {
		return new ThreadScope(MDC.getCopyOfContextMap(), (PROPAGATION) ? ThreadValues.capture(context) : null);
	}

	/**
	 * Let what happens while something is subscribed to know it, on whatever thread that
	 * is; afterwards the thread is as it was.
	 * @param <T> the type of its value
	 * @param source what is subscribed to
	 * @return the same with this scope
	 */
	public <T> Mono<T> around(Mono<T> source) {
		return new MonoOperator<>(source) {

			@Override
			public void subscribe(CoreSubscriber<? super T> actual) {
				run(() -> this.source.subscribe(actual));
			}

		};
	}

	/**
	 * Let what happens while something is subscribed to know it, on whatever thread that
	 * is; afterwards the thread is as it was.
	 * @param <T> the type of its values
	 * @param source what is subscribed to
	 * @return the same with this scope
	 */
	public <T> Flux<T> around(Flux<T> source) {
		return new FluxOperator<>(source) {

			@Override
			public void subscribe(CoreSubscriber<? super T> actual) {
				run(() -> this.source.subscribe(actual));
			}

		};
	}

	private void run(Runnable action) {
		Map<String, String> before = MDC.getCopyOfContextMap();
		restore(this.mdc);
		try {
			if (this.values != null) {
				this.values.run(action);
			}
			else {
				action.run();
			}
		}
		finally {
			restore(before);
		}
	}

	private static void restore(@Nullable Map<String, String> mdc) {
		if (mdc != null) {
			MDC.setContextMap(mdc);
		}
		else {
			MDC.clear();
		}
	}

}
