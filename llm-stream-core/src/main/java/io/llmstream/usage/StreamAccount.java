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

package io.llmstream.usage;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.llmstream.StreamAttempt;
import io.llmstream.StreamObserver;
import io.llmstream.StreamOutcome;
import io.llmstream.StreamRequest;
import io.llmstream.Usage;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * The account of one stream: notes how its attempts and the stream itself end. Safe for
 * use by several threads.
 */
final class StreamAccount implements StreamObserver {

	private static final long NONE = Long.MAX_VALUE;

	private final UsageLedger ledger;

	private final String id;

	private final String route;

	private final StreamRequest request;

	private final long started = now();

	private final AtomicInteger attempts = new AtomicInteger();

	private final AtomicLong firstContent = new AtomicLong(NONE);

	private volatile Map<String, String> tags;

	private volatile Mono<Void> tagged = Mono.empty();

	private @Nullable Usage usage;

	private @Nullable BigDecimal cost;

	private boolean unpriced;

	private boolean ended;

	private @Nullable BudgetReservation reservation;

	StreamAccount(UsageLedger ledger, String id, String route, StreamRequest request) {
		this.ledger = ledger;
		this.id = id;
		this.route = route;
		this.request = request;
		this.tags = TagLimits.apply(request.tags());
	}

	private static long now() {
		return Schedulers.parallel().now(TimeUnit.NANOSECONDS);
	}

	String id() {
		return this.id;
	}

	String route() {
		return this.route;
	}

	StreamRequest request() {
		return this.request;
	}

	Map<String, String> tags() {
		return this.tags;
	}

	/**
	 * Add this account to the context of its stream.
	 */
	Context enter(Context context) {
		return in(context).put(StreamAccount.class, this);
	}

	/**
	 * Find the account of a subscription.
	 */
	static @Nullable StreamAccount from(ContextView context) {
		return context.getOrDefault(StreamAccount.class, null);
	}

	/**
	 * Begin to resolve tags. They may come later than the first token, and mostly come at
	 * once.
	 */
	void resolve(Flux<Map<String, String>> more) {
		Mono<Void> resolution = more.doOnNext(this::addTags).then().cache();
		this.tagged = resolution;
		resolution.subscribe();
	}

	/**
	 * Completes once the tags are known.
	 */
	Mono<Void> tagged() {
		return this.tagged;
	}

	/**
	 * Take note of tags that were resolved; those that are there go first.
	 */
	synchronized void addTags(Map<String, String> more) {
		if (!more.isEmpty()) {
			Map<String, String> all = new TreeMap<>(more);
			all.putAll(this.tags);
			this.tags = TagLimits.apply(all);
		}
	}

	@Override
	public void onAttempt(StreamAttempt attempt) {
		onAttempt(attempt, "");
	}

	@Override
	public void onAttempt(StreamAttempt attempt, CharSequence written) {
		long first = now() - attempt.duration().toNanos();
		if (attempt.timeToFirstToken() != null) {
			this.firstContent.accumulateAndGet(first + attempt.timeToFirstToken().toNanos(), Math::min);
		}
		this.ledger.attempt(this, this.attempts.incrementAndGet(), attempt, written);
	}

	@Override
	public void onEnd(StreamOutcome outcome) {
		if (this.attempts.get() == 0 && hasUsage(outcome)) {
			// a model that keeps no ledger
			onAttempt(new StreamAttempt((outcome.provider().isEmpty()) ? this.route : outcome.provider(),
					this.request.model(), (outcome.model() != null) ? outcome.model() : this.request.model(),
					outcome.end(), null, outcome.finishReason(), null, Duration.ZERO, elapsed(), null, 0,
					outcome.usage(), null, outcome.responseId()));
		}
		long first = this.firstContent.get();
		Duration timeToFirstToken = (first != NONE) ? Duration.ofNanos(Math.max(0, first - this.started)) : null;
		this.ledger.end(this, this.attempts.get(), outcome, UsageTiming.of(elapsed(), timeToFirstToken, 0));
	}

	private static boolean hasUsage(StreamOutcome outcome) {
		return outcome.end() == StreamOutcome.End.COMPLETED || outcome.usage().source() != Usage.Source.NONE;
	}

	private Duration elapsed() {
		return Duration.ofNanos(now() - this.started);
	}

	/**
	 * Take note of what an attempt used.
	 */
	void add(Usage usage, @Nullable BigDecimal cost, boolean unpriced) {
		BudgetReservation late;
		synchronized (this) {
			include(usage, cost, unpriced);
			late = (this.ended) ? this.reservation : null;
		}
		if (late != null) {
			late.settle(sum());
		}
	}

	/**
	 * Set the reservation that is told what the stream used in all, at its end, at once
	 * if that was before, and again if an attempt ends after that. Only the last one is;
	 * those before hold what their parts of the stream used.
	 */
	void reserved(BudgetReservation reservation) {
		boolean late;
		synchronized (this) {
			reservation.follow(this.reservation);
			this.reservation = reservation;
			late = this.ended;
		}
		if (late) {
			reservation.settle(sum());
		}
	}

	/**
	 * The stream has ended.
	 * @return what it used
	 */
	Sum end() {
		BudgetReservation told;
		synchronized (this) {
			this.ended = true;
			told = this.reservation;
		}
		Sum sum = sum();
		if (told != null) {
			told.settle(sum);
		}
		return sum;
	}

	private void include(Usage usage, @Nullable BigDecimal cost, boolean unpriced) {
		this.usage = (this.usage == null) ? usage : sum(this.usage, usage);
		if (cost != null) {
			this.cost = (this.cost == null) ? cost : this.cost.add(cost);
		}
		this.unpriced |= unpriced;
	}

	/**
	 * The sum of what is known, no better known than its parts. An attempt of which
	 * nothing is known does not hide what is known of the others.
	 */
	private static Usage sum(Usage one, Usage other) {
		Usage both = one.plus(other);
		if (both.source() == Usage.Source.NONE && both.totalTokens() > 0) {
			Usage.Source known = List.of(one, other)
				.stream()
				.map(Usage::source)
				.filter((source) -> source != Usage.Source.NONE)
				.findFirst()
				.orElse(Usage.Source.ESTIMATED);
			return new Usage(both.inputTokens(), both.outputTokens(), both.cachedInputTokens(),
					both.cacheWriteInputTokens(), both.reasoningTokens(), known);
		}
		return both;
	}

	synchronized Sum sum() {
		return new Sum((this.usage != null) ? this.usage : Usage.NONE, this.cost, this.unpriced);
	}

	/**
	 * What the attempts used so far.
	 */
	record Sum(Usage usage, @Nullable BigDecimal cost, boolean unpriced) {
	}

}
