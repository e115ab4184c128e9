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

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.llmstream.BudgetExceededException;
import io.llmstream.StreamAdmission;
import io.llmstream.StreamingModel;
import io.llmstream.Token;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Keeps streams within budgets. Before a stream begins, what it may come to use is
 * reserved of each budget: the estimated tokens of its prompt, and the most that its
 * answer may have. A stream for which a budget has too little left ends with a
 * {@link BudgetExceededException}, and nobody is asked. One that writes more than is
 * reserved reserves more, or ends so where there is no more. At its end, however it
 * comes, it holds what it used, and the rest is free again; where nobody reported what
 * was used, the {@link UsageLedger} corrects the estimate soon after.
 * <p>
 * Counted in memory, all of that happens at once, and what is free is free before the
 * subscriber is told of the end. With a {@link BudgetStore} that nodes share, a stream
 * begins when the store has answered, and an answer goes on while the store is asked for
 * more.
 * <p>
 * Safe for use by several threads.
 */
public final class Budgets {

	private final List<Budget> budgets;

	private final BudgetSettings settings;

	private final BudgetStore store;

	private final Refusals refusals;

	private final BudgetAdmission admission;

	private Budgets(Builder builder) {
		this.budgets = List.copyOf(builder.budgets);
		this.settings = new BudgetSettings(builder.ledger.clock(), builder.zone, builder.reservedOutputTokens);
		InMemoryBudgetStore memory = new InMemoryBudgetStore(builder.ledger.clock());
		this.store = (builder.store != null)
				? new FallibleBudgetStore(builder.store, memory, builder.storeFailurePolicy) : memory;
		this.refusals = new Refusals(builder.listeners);
		this.admission = new BudgetAdmission(builder.ledger.prices(), this.budgets, this.settings, this.store,
				this.refusals);
		Set<String> ids = new HashSet<>();
		for (Budget budget : this.budgets) {
			if (!ids.add(budget.id())) {
				throw new IllegalArgumentException(
						"There are two budgets of the name '" + budget.name() + "' for the same tag, unit and period");
			}
		}
	}

	/**
	 * Begin budgets.
	 * @param ledger knows tags, prices, the time, and what was used. It must contribute
	 * to the context of the clients whose models are guarded
	 * @return a builder
	 */
	public static Builder builder(UsageLedger ledger) {
		return new Builder(ledger);
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
			boolean limited = request.maxOutputTokens() != null;
			return Flux.deferContextual((context) -> {
				if (context.hasKey(BudgetReservation.class)) {
					return tokens;
				}
				StreamAccount account = StreamAccount.from(context);
				Mono<BudgetReservation> reserved = Mono
					.defer(() -> this.admission.reserve(client, all, request, account));
				if (account != null) {
					reserved = account.tagged().then(reserved);
				}
				return StreamAdmission.awaiting(reserved)
					.flatMapMany((reservation) -> reservation.begin(account)
							? new BudgetFlux(tokens, client, reservation, this.refusals, limited) : Flux.empty())
					.doOnDiscard(BudgetReservation.class, BudgetReservation::release);
			});
		};
	}

	/**
	 * The budgets.
	 * @return all of them
	 */
	public List<Budget> all() {
		return this.budgets;
	}

	/**
	 * How much of a budget is used in the period that is now.
	 * @param budget the budget
	 * @param value the tag's value, empty for streams without the tag and for a budget
	 * without one
	 * @return the use, zero if there was none; fails if the store does
	 */
	public Mono<BudgetUse> use(Budget budget, String value) {
		return Mono.defer(() -> {
			BudgetCounter counter = this.settings.counter(budget, value, this.settings.clock().instant());
			return this.store.read(counter).map((amounts) -> budget.use(amounts, counter.end()));
		});
	}

	/**
	 * How much of a budget is used in the period that is now, for all values of its tag.
	 * @param budget the budget
	 * @param limit how many values at most
	 * @return the values of which anything is used or reserved, in no sequence; fails if
	 * the store does
	 */
	public Flux<BudgetUse> uses(Budget budget, int limit) {
		return Flux.defer(() -> {
			BudgetCounter counter = this.settings.counter(budget, "", this.settings.clock().instant());
			return this.store.list(counter.budget(), counter.end(), limit)
				.map((amounts) -> budget.use(amounts, counter.end()));
		});
	}

	/**
	 * How often the store of the budgets failed.
	 * @return the number since the start; zero in memory
	 */
	public long storeFailures() {
		return (this.store instanceof FallibleBudgetStore fallible) ? fallible.failures() : 0;
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

	/**
	 * Builds {@link Budgets}. Not safe for use by several threads.
	 */
	public static final class Builder {

		private final UsageLedger ledger;

		private final List<Budget> budgets = new ArrayList<>();

		private final List<BudgetListener> listeners = new ArrayList<>();

		private ZoneId zone = ZoneOffset.UTC;

		private int reservedOutputTokens = 1_000;

		private @Nullable BudgetStore store;

		private BudgetStoreFailurePolicy storeFailurePolicy = BudgetStoreFailurePolicy.LOCAL;

		private Builder(UsageLedger ledger) {
			this.ledger = ledger;
		}

		/**
		 * Add budgets, all of which a stream must be within.
		 * @param budgets the budgets
		 * @return this builder
		 */
		public Builder budgets(List<Budget> budgets) {
			this.budgets.addAll(budgets);
			return this;
		}

		/**
		 * Set whose calendar the periods follow. UTC unless set.
		 * @param zone the time zone
		 * @return this builder
		 */
		public Builder zone(ZoneId zone) {
			this.zone = zone;
			return this;
		}

		/**
		 * Set how many tokens are reserved for an answer whose request sets no limit.
		 * @param reservedOutputTokens how many, 1 or more; 1000 unless set
		 * @return this builder
		 */
		public Builder reservedOutputTokens(int reservedOutputTokens) {
			if (reservedOutputTokens < 1) {
				throw new IllegalArgumentException(
						"reservedOutputTokens must be 1 or more, but is " + reservedOutputTokens);
			}
			this.reservedOutputTokens = reservedOutputTokens;
			return this;
		}

		/**
		 * Set where is counted. In the memory of this node unless set.
		 * @param store the store
		 * @return this builder
		 */
		public Builder store(BudgetStore store) {
			this.store = store;
			return this;
		}

		/**
		 * Set what becomes of streams while the store does not answer.
		 * @param policy the policy, {@link BudgetStoreFailurePolicy#LOCAL} unless set
		 * @return this builder
		 */
		public Builder storeFailurePolicy(BudgetStoreFailurePolicy policy) {
			this.storeFailurePolicy = policy;
			return this;
		}

		/**
		 * Add what is told of refusals.
		 * @param listeners the listeners
		 * @return this builder
		 */
		public Builder listeners(List<BudgetListener> listeners) {
			this.listeners.addAll(listeners);
			return this;
		}

		/**
		 * Build the budgets.
		 * @return new budgets
		 * @throws IllegalArgumentException if two budgets cannot be told apart
		 */
		public Budgets build() {
			return new Budgets(this);
		}

	}

}
