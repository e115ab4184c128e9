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

package io.llmstream.route;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

import io.llmstream.StreamRequest;
import io.llmstream.StreamingModel;
import io.llmstream.Token;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;

/**
 * Answers with the targets of a {@link Route}: asks the first, and on a failure that
 * another may cure the next, until one answers; where an answer breaks off, does what the
 * route's {@link MidStreamPolicy} says. Failures of the request itself are passed on at
 * once. If all targets fail, the stream fails as the last one did.
 * <p>
 * Keeps the contract of {@link StreamingModel}: one way to end, demand is honoured across
 * targets, cancelling cancels whichever target is being asked. The usage of a continued
 * answer is the sum over its attempts; where the usage of one is not known, the sum is
 * what is known of it, and {@linkplain io.llmstream.Usage.Source#ESTIMATED estimated}.
 * Each target is subscribed to as a stream of its own, with its own retries around it.
 * <p>
 * Safe for use by several threads.
 */
public final class RoutingModel implements StreamingModel {

	private static final int MAX_REFUSALS = 1000;

	private final Route route;

	private final TargetSelection selection;

	private final Map<RouteTarget, FirstTokenTimes> firstTokenTimes = new HashMap<>();

	private final Set<Refusal> prefillRefusals = ConcurrentHashMap.newKeySet();

	/**
	 * Create a model.
	 * @param route the targets, and what to do when one fails
	 */
	public RoutingModel(Route route) {
		this(route, () -> ThreadLocalRandom.current().nextDouble(), System::nanoTime);
	}

	RoutingModel(Route route, DoubleSupplier random, LongSupplier clock) {
		this.route = route;
		this.selection = new TargetSelection(route, random, clock);
		route.targets().forEach((target) -> this.firstTokenTimes.put(target, new FirstTokenTimes()));
	}

	@Override
	public Flux<Token> stream(StreamRequest request) {
		return new Flux<>() {

			@Override
			public void subscribe(CoreSubscriber<? super Token> actual) {
				RouteSubscription subscription = new RouteSubscription(RoutingModel.this, request, actual);
				actual.onSubscribe(subscription);
				subscription.start();
			}

		};
	}

	Route route() {
		return this.route;
	}

	TargetSelection selection() {
		return this.selection;
	}

	void firstToken(RouteTarget target, long nanos) {
		if (this.route.hedge() != null) {
			times(target).add(nanos);
		}
	}

	/**
	 * How long to wait for a target's first token before the next one is started, or
	 * {@code null} for ever.
	 */
	@Nullable Duration hedgeDelay(RouteTarget target) {
		HedgeSettings hedge = this.route.hedge();
		return (hedge != null) ? hedge.delay(times(target)) : null;
	}

	private FirstTokenTimes times(RouteTarget target) {
		FirstTokenTimes times = this.firstTokenTimes.get(target);
		if (times == null) {
			throw new IllegalArgumentException("Not a target of this route: " + target);
		}
		return times;
	}

	/**
	 * How to ask a target to go on with a text.
	 */
	Continuation continuation(RouteTarget target, StreamRequest request, String partialText) {
		if (partialText.isBlank()) {
			return Continuation.AGAIN;
		}
		// models that are to reason first do not go on with a text
		boolean prefill = request.reasoning() == null && target.prefills(request.model())
				&& !this.prefillRefusals.contains(new Refusal(target, request.model()));
		return (prefill) ? Continuation.PREFILL : Continuation.PROMPT;
	}

	/**
	 * Take note that a model rejects what it was thought to take.
	 */
	void prefillRefused(RouteTarget target, StreamRequest request) {
		// models can be named by requests, of which there is no end
		if (this.prefillRefusals.size() < MAX_REFUSALS) {
			this.prefillRefusals.add(new Refusal(target, request.model()));
		}
	}

	@Override
	public String toString() {
		return "RoutingModel[" + this.route.name() + "]";
	}

	private record Refusal(RouteTarget target, @Nullable String model) {
	}

}
