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
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.llmstream.BudgetExceededException;
import io.llmstream.ErrorKind;
import io.llmstream.StreamFailure;
import io.llmstream.StreamRequest;
import io.llmstream.StreamingModel;
import io.llmstream.Token;
import io.llmstream.Usage;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * Keeps streams within budgets, in memory. Before a stream begins, what it may come to
 * use is reserved of each budget: the estimated tokens of its prompt, and the most that
 * its answer may have. A stream for which a budget has too little left ends at once with
 * a {@link BudgetExceededException}, and nobody is asked. One that writes more than is
 * reserved reserves more, or ends so where there is no more. At its end, however it
 * comes, it holds what it used, and the rest is free again before its subscriber is told;
 * where nobody reported what was used, the {@link UsageLedger} corrects the estimate soon
 * after.
 * <p>
 * Safe for use by several threads.
 */
public final class Budgets {

	private final UsageLedger ledger;

	private final List<Budget> budgets;

	private final BudgetSettings settings;

	private final BudgetCounters counters = new BudgetCounters();

	/**
	 * Create budgets.
	 * @param ledger knows tags, prices, the time, and what was used. It must contribute
	 * to the context of the clients whose models are guarded
	 * @param budgets the budgets, all of which a stream must be within
	 * @param zone whose calendar the periods follow
	 * @param reservedOutputTokens how many tokens are reserved for an answer whose
	 * request sets no limit, 1 or more
	 */
	public Budgets(UsageLedger ledger, List<Budget> budgets, ZoneId zone, int reservedOutputTokens) {
		if (reservedOutputTokens < 1) {
			throw new IllegalArgumentException(
					"reservedOutputTokens must be 1 or more, but is " + reservedOutputTokens);
		}
		this.ledger = ledger;
		this.budgets = List.copyOf(budgets);
		this.settings = new BudgetSettings(ledger.clock(), zone, reservedOutputTokens);
	}

	/**
	 * Keep a client's streams within the budgets. A client that is asked within the
	 * stream of another one has that one's reservation.
	 * @param client the client's name
	 * @param targets who may answer, for the price; the dearest counts
	 * @param model the client's model
	 * @return the model, to be used in the place of the given one
	 */
	public StreamingModel guard(String client, List<Target> targets, StreamingModel model) {
		if (this.budgets.isEmpty()) {
			return model;
		}
		List<Target> all = List.copyOf(targets);
		return (request) -> {
			Flux<Token> tokens = model.stream(request);
			return Flux.deferContextual((context) -> {
				if (context.hasKey(BudgetReservation.class)) {
					return tokens;
				}
				StreamAccount account = StreamAccount.from(context);
				Flux<Token> guarded = Flux.defer(() -> new BudgetFlux(tokens, client,
						reserve(client, all, request, account), request.maxOutputTokens() != null));
				return (account != null) ? account.tagged().thenMany(guarded) : guarded;
			});
		};
	}

	private BudgetReservation reserve(String client, List<Target> targets, StreamRequest request,
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
		List<BudgetCounters.Key> keys = new ArrayList<>(count);
		long[] limits = new long[count];
		long[] amounts = new long[count];
		for (int i = 0; i < count; i++) {
			Budget budget = this.budgets.get(i);
			String value = (budget.tag() != null) ? tags.getOrDefault(budget.tag(), "") : "";
			keys.add(new BudgetCounters.Key(i, value, budget.period().end(now, this.settings.zone())));
			limits[i] = budget.limit(value);
			amounts[i] = BudgetReservation.amount(budget, usage, cost);
			if (cost == null && budget.unit() == Budget.Unit.COST) {
				throw unpriced(client, request.model(), budget);
			}
			if (amounts[i] > limits[i]) {
				throw BudgetReservation.exceeded(client, budget, this.settings, true).toException();
			}
		}
		BudgetCounters.Counter[] held = new BudgetCounters.Counter[count];
		int refusing = this.counters.reserve(keys, amounts, limits, held, now);
		if (refusing >= 0) {
			throw BudgetReservation.exceeded(client, this.budgets.get(refusing), this.settings, false).toException();
		}
		BudgetReservation reservation = new BudgetReservation(this.counters, this.budgets, held, limits, amounts, price,
				input, output, this.settings);
		if (account != null && account.onSettled(reservation::settle)) {
			reservation.willBeCorrected();
		}
		return reservation;
	}

	/**
	 * What nobody knows the price of must not pass for free.
	 */
	private static RuntimeException unpriced(String client, @Nullable String model, Budget budget) {
		return StreamFailure
			.of(ErrorKind.BUDGET_EXCEEDED, client,
					"The budget '" + budget.name() + "' is in money, and the price of the model is not known. "
							+ "Add it to llm-stream.usage.prices or llm-stream.usage.price-file")
			.model(model)
			.toException();
	}

	private @Nullable TokenPrice price(List<Target> targets, @Nullable String model, Usage usage) {
		TokenPrice dearest = null;
		for (Target target : targets) {
			String asked = (target.fixed() || model == null) ? target.model() : model;
			TokenPrice price = (asked != null) ? this.ledger.prices().find(target.provider(), asked) : null;
			if (price != null && (dearest == null || price.cost(usage).compareTo(dearest.cost(usage)) > 0)) {
				dearest = price;
			}
		}
		return dearest;
	}

	/**
	 * How much of a budget is used or reserved in the period that is now.
	 * @param budget the number of the budget, from 0
	 * @param value the tag's value, empty for streams without the tag and for a budget
	 * without one
	 * @return tokens, or billionths of a dollar
	 */
	public long used(int budget, String value) {
		UsagePeriod period = this.budgets.get(budget).period();
		return this.counters.used(new BudgetCounters.Key(budget, value,
				period.end(this.settings.clock().instant(), this.settings.zone())));
	}

	@Override
	public String toString() {
		return "Budgets" + this.budgets.stream().map(Budget::name).toList();
	}

	/**
	 * Who may answer.
	 *
	 * @param provider the provider's name in the configuration
	 * @param model the model that is asked, {@code null} if it is not known
	 * @param fixed whether that model is asked whatever the request says
	 */
	public record Target(String provider, @Nullable String model, boolean fixed) {
	}

}
