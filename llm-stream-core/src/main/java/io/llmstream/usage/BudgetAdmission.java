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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.llmstream.ErrorKind;
import io.llmstream.LlmStreamException;
import io.llmstream.StreamFailure;
import io.llmstream.StreamRequest;
import io.llmstream.Usage;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Lets streams begin for which all budgets have room, and refuses the others.
 */
final class BudgetAdmission {

	private static final Duration STORE_RETRY = Duration.ofSeconds(5);

	private final TokenPrices prices;

	private final List<Budget> budgets;

	private final BudgetSettings settings;

	private final BudgetStore store;

	private final Refusals refusals;

	BudgetAdmission(TokenPrices prices, List<Budget> budgets, BudgetSettings settings, BudgetStore store,
			Refusals refusals) {
		this.prices = prices;
		this.budgets = budgets;
		this.settings = settings;
		this.store = store;
		this.refusals = refusals;
	}

	/**
	 * Reserve what a stream may come to use.
	 * @return what it holds, to be {@linkplain BudgetReservation#begin begun} or
	 * released; fails if it is refused
	 */
	Mono<BudgetReservation> reserve(String client, List<Budgets.Target> targets, StreamRequest request,
			@Nullable StreamAccount account) {
		Map<String, String> tags = (account != null) ? account.tags() : TagLimits.apply(request.tags());
		Integer limit = request.maxOutputTokens();
		long input = UsageEstimates.roughInput(request);
		long output = (limit != null) ? limit : this.settings.output();
		Usage usage = BudgetReservation.usage(input, output);
		TokenPrice price = price(targets, request.model(), usage);
		BigDecimal cost = (price != null) ? price.cost(usage) : null;
		Instant now = this.settings.clock().instant();
		int count = this.budgets.size();
		List<BudgetCounter> counters = new ArrayList<>(count);
		long[] limits = new long[count];
		for (int i = 0; i < count; i++) {
			Budget budget = this.budgets.get(i);
			String value = (budget.tag() != null) ? tags.getOrDefault(budget.tag(), "") : "";
			counters.add(this.settings.counter(budget, value, now));
			limits[i] = budget.limit(value);
			if (cost == null && budget.unit() == Budget.Unit.COST) {
				return Mono.error(unpriced(client, request.model(), budget));
			}
			if (BudgetReservation.amount(budget, usage, cost) > limits[i]) {
				return Mono.error(refused(client, budget, BudgetListener.Reason.TOO_LARGE));
			}
		}
		BudgetReservation reservation = new BudgetReservation(this.store.hold(counters, limits), this.budgets, price,
				input, output, this.settings);
		return reservation.reserve().onErrorMap((ex) -> {
			reservation.release();
			return unavailable(client, ex);
		}).handle((refusing, sink) -> {
			if (refusing != BudgetStore.GRANTED) {
				sink.error(refused(client, this.budgets.get(refusing), BudgetListener.Reason.USED_UP));
			}
			else {
				sink.next(reservation);
			}
		});
	}

	private LlmStreamException refused(String client, Budget budget, BudgetListener.Reason reason) {
		this.refusals.tell(client, budget, reason);
		return BudgetReservation.exceeded(client, budget, this.settings, reason == BudgetListener.Reason.TOO_LARGE)
			.toException();
	}

	/**
	 * What nobody knows the price of must not pass for free.
	 */
	private LlmStreamException unpriced(String client, @Nullable String model, Budget budget) {
		this.refusals.tell(client, budget, BudgetListener.Reason.UNPRICED);
		return StreamFailure
			.of(ErrorKind.BUDGET_EXCEEDED, client,
					"The budget '" + budget.name() + "' is in money, and the price of the model is not known. "
							+ "Add it to llm-stream.usage.prices or llm-stream.usage.price-file")
			.model(model)
			.toException();
	}

	private LlmStreamException unavailable(String client, Throwable cause) {
		this.refusals.tell(client, this.budgets.get(0), BudgetListener.Reason.STORE_UNAVAILABLE);
		return StreamFailure.of(ErrorKind.BUDGET_EXCEEDED, client, "What is left of the budgets cannot be known now")
			.said(null, null, STORE_RETRY)
			.cause(cause)
			.toException();
	}

	private @Nullable TokenPrice price(List<Budgets.Target> targets, @Nullable String model, Usage usage) {
		TokenPrice dearest = null;
		for (Budgets.Target target : targets) {
			String asked = (target.fixed() || model == null) ? target.model() : model;
			TokenPrice price = (asked != null) ? this.prices.find(target.provider(), asked) : null;
			if (price != null && (dearest == null || price.cost(usage).compareTo(dearest.cost(usage)) > 0)) {
				dearest = price;
			}
		}
		return dearest;
	}

}
