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
import java.util.Objects;

import io.llmstream.LlmStreamException;
import io.llmstream.StreamAttempt;
import io.llmstream.StreamOutcome;
import io.llmstream.Usage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Completes entries: counts what must be counted, and finds what it costs.
 */
final class EntryMaker {

	private static final Logger logger = LoggerFactory.getLogger(UsageLedger.class);

	private final TokenPrices prices;

	private final TokenEstimator estimator;

	EntryMaker(TokenPrices prices, TokenEstimator estimator) {
		this.prices = prices;
		this.estimator = estimator;
	}

	/**
	 * Complete an entry.
	 * @param rough whether it must be quick, so that nothing is counted exactly
	 */
	UsageEntry complete(PendingEntry pending, boolean rough) {
		return (pending.attempt() != null) ? attempt(pending, pending.attempt(), rough || pending.rough())
				: stream(pending, Objects.requireNonNull(pending.outcome()));
	}

	private UsageEntry attempt(PendingEntry pending, StreamAttempt attempt, boolean rough) {
		StreamAccount account = pending.account();
		Usage usage = usage(pending, attempt, rough);
		boolean used = usage.totalTokens() > 0;
		BigDecimal cost = (used) ? cost(attempt, usage)
				: (usage.source() != Usage.Source.NONE) ? BigDecimal.ZERO : null;
		boolean unpriced = used && cost == null;
		account.add(usage, cost, unpriced);
		return new UsageEntry(account.id() + "-" + pending.number(), account.id(), UsageEntry.Kind.ATTEMPT, 1,
				pending.time(), account.route(), attempt.provider(), attempt.requestedModel(), attempt.model(),
				account.tags(), attempt.end(), attempt.errorKind(), attempt.finishReason(), usage, cost, unpriced,
				pending.number(), UsageTiming.of(attempt.duration(), attempt.timeToFirstToken(), usage.outputTokens()));
	}

	private Usage usage(PendingEntry pending, StreamAttempt attempt, boolean rough) {
		TokenEstimator counting = (rough) ? TokenEstimator.byLength() : this.estimator;
		try {
			return UsageEstimates.usage(attempt, pending.account().request(), pending.written(), counting);
		}
		catch (Throwable ex) {
			UsageThreads.report(() -> logger
				.warn("The tokens of an answer could not be counted, and are estimated by its length", ex));
			return UsageEstimates.usage(attempt, pending.account().request(), pending.written(),
					TokenEstimator.byLength());
		}
	}

	/**
	 * What an attempt costs, {@code null} if that is not known. Prices that fail do not
	 * hide how many tokens there were.
	 */
	private @Nullable BigDecimal cost(StreamAttempt attempt, Usage usage) {
		try {
			TokenPrice price = price(attempt);
			return (price != null) ? price.cost(usage) : null;
		}
		catch (Throwable ex) {
			UsageThreads.report(() -> logger.warn("The price of a model could not be found", ex));
			return null;
		}
	}

	private @Nullable TokenPrice price(StreamAttempt attempt) {
		TokenPrice price = find(attempt.provider(), attempt.model());
		return (price != null || Objects.equals(attempt.model(), attempt.requestedModel())) ? price
				: find(attempt.provider(), attempt.requestedModel());
	}

	private @Nullable TokenPrice find(String provider, @Nullable String model) {
		return (model != null) ? this.prices.find(provider, model) : null;
	}

	private UsageEntry stream(PendingEntry pending, StreamOutcome outcome) {
		StreamAccount account = pending.account();
		StreamAccount.Sum sum = account.end();
		UsageTiming timing = Objects.requireNonNull(pending.timing());
		LlmStreamException error = outcome.error();
		return new UsageEntry(account.id() + "-0", account.id(), UsageEntry.Kind.STREAM, 1, pending.time(),
				account.route(), outcome.provider(), requestedModel(account, outcome), outcome.model(), account.tags(),
				outcome.end(), (error != null) ? error.getKind() : null, outcome.finishReason(), sum.usage(),
				sum.cost(), sum.unpriced(), pending.number(),
				UsageTiming.of(timing.duration(), timing.timeToFirstToken(), sum.usage().outputTokens()));
	}

	private static @Nullable String requestedModel(StreamAccount account, StreamOutcome outcome) {
		for (int i = outcome.attempts().size() - 1; i >= 0; i--) {
			StreamAttempt attempt = outcome.attempts().get(i);
			if (attempt.provider().equals(outcome.provider()) && attempt.end() == outcome.end()) {
				return attempt.requestedModel();
			}
		}
		return account.request().model();
	}

}
