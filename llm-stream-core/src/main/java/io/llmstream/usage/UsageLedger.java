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

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

import io.llmstream.LlmStreamClient;
import io.llmstream.StreamAttempt;
import io.llmstream.StreamContextContributor;
import io.llmstream.StreamOutcome;
import io.llmstream.StreamRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/**
 * Writes down what each attempt and each stream used, cost and took, however it ended:
 * completed, failed or cancelled. Give it to
 * {@link LlmStreamClient.Builder#contributors(java.util.Collection)}.
 * <p>
 * A stream does nothing but leave a note at its end; a thread of the ledger's own counts
 * tokens that nobody reported, finds the price, and hands entries to the store. Notes
 * that wait are bounded: where more streams end at once than that, entries that are alike
 * are added up and stored as one, so that single entries lose their detail but totals
 * lose nothing.
 * <p>
 * Safe for use by several threads. To be closed at the end, which stores what is left.
 */
public final class UsageLedger implements StreamContextContributor, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(UsageLedger.class);

	private static final Duration TAGS_TIMEOUT = Duration.ofSeconds(5);

	/** How many characters may be kept for counting, of all streams together. */
	private static final long MAX_WEIGHT = 16 * 1024 * 1024;

	private final UsageStore store;

	private final List<UsageTagResolver> tagResolvers;

	private final InstantSource clock;

	private final TokenPrices prices;

	private final UsageWorker worker;

	private final EntryIds ids = new EntryIds();

	private final AtomicLong weight = new AtomicLong();

	private final Duration shutdownTimeout;

	private UsageLedger(Builder builder) {
		this.store = builder.store;
		this.tagResolvers = List.copyOf(builder.tagResolvers);
		this.clock = builder.clock;
		this.prices = builder.prices;
		this.shutdownTimeout = builder.shutdownTimeout;
		this.worker = new UsageWorker(builder, new EntryMaker(builder.prices, builder.estimator), this.ids,
				this.weight);
	}

	/**
	 * Begin a ledger.
	 * @param store where entries are kept
	 * @return a builder
	 */
	public static Builder builder(UsageStore store) {
		return new Builder(store);
	}

	/**
	 * Where the entries are kept.
	 * @return the store
	 */
	public UsageStore store() {
		return this.store;
	}

	InstantSource clock() {
		return this.clock;
	}

	TokenPrices prices() {
		return this.prices;
	}

	@Override
	public UnaryOperator<Context> contribute(String client, StreamRequest request) {
		if (this.tagResolvers.isEmpty()) {
			return (context) -> begin(client, request).enter(context);
		}
		List<Mono<Map<String, String>>> tags = new ArrayList<>(this.tagResolvers.size());
		for (UsageTagResolver resolver : this.tagResolvers) {
			tags.add(resolve(resolver, client, request));
		}
		return (context) -> {
			StreamAccount account = begin(client, request);
			Context changed = account.enter(context);
			account.resolve(Flux.concat(tags).contextWrite(context));
			return changed;
		};
	}

	private StreamAccount begin(String client, StreamRequest request) {
		return new StreamAccount(this, this.ids.next(), client, request);
	}

	private static Mono<Map<String, String>> resolve(UsageTagResolver resolver, String client, StreamRequest request) {
		Mono<Map<String, String>> tags;
		try {
			tags = resolver.resolve(client, request);
		}
		catch (RuntimeException ex) {
			tags = Mono.error(ex);
		}
		return tags.timeout(TAGS_TIMEOUT).onErrorResume((ex) -> {
			logger.warn("The tags of a stream could not be resolved by {}", resolver.getClass().getName(), ex);
			return Mono.empty();
		});
	}

	void attempt(StreamAccount account, int number, StreamAttempt attempt, CharSequence written) {
		String kept = "";
		long weight = 0;
		boolean rough = false;
		if (UsageEstimates.needsText(attempt)) {
			weight = written.length() + UsageEstimates.length(account.request());
			rough = this.weight.addAndGet(weight) > MAX_WEIGHT;
			kept = written.toString();
		}
		PendingEntry entry = new PendingEntry(account, number, this.clock.instant(), attempt, null, kept, weight, rough,
				null);
		this.worker.offer(entry);
	}

	void end(StreamAccount account, int attempts, StreamOutcome outcome, UsageTiming timing) {
		this.worker
			.offer(new PendingEntry(account, attempts, this.clock.instant(), null, outcome, "", 0, false, timing));
	}

	/**
	 * How the ledger keeps up.
	 * @return the state, which changes all the time
	 */
	public UsageLedgerState state() {
		return this.worker.state();
	}

	/**
	 * Wait until all that has ended is stored. Blocks.
	 * @param timeout how long to wait
	 * @return whether it is
	 */
	public boolean flush(Duration timeout) {
		return this.worker.flush(timeout);
	}

	/**
	 * Store what is left, for as long as the shutdown may take, and end. Blocks. What
	 * could not be stored is counted and said. Streams that end later are not written
	 * down.
	 */
	@Override
	public void close() {
		this.worker.close(this.shutdownTimeout);
	}

	@Override
	public String toString() {
		return "UsageLedger[" + this.store + "]";
	}

	/**
	 * Builds a {@link UsageLedger}. Not safe for use by several threads.
	 */
	public static final class Builder {

		final UsageStore store;

		final List<UsageListener> listeners = new ArrayList<>();

		private final List<UsageTagResolver> tagResolvers = new ArrayList<>();

		private TokenPrices prices = TokenPrices.none();

		private TokenEstimator estimator = TokenEstimator.byLength();

		private InstantSource clock = InstantSource.system();

		int bufferSize = 10_000;

		int batchSize = 500;

		Duration flushInterval = Duration.ofSeconds(1);

		private Duration shutdownTimeout = Duration.ofSeconds(5);

		private Builder(UsageStore store) {
			this.store = store;
		}

		/**
		 * Set what models cost.
		 * @param prices the prices
		 * @return this builder
		 */
		public Builder prices(TokenPrices prices) {
			this.prices = prices;
			return this;
		}

		/**
		 * Set what counts tokens that were not reported.
		 * @param estimator the estimator
		 * @return this builder
		 */
		public Builder estimator(TokenEstimator estimator) {
			this.estimator = estimator;
			return this;
		}

		/**
		 * Add what says whom streams are for; of two tags of one name the first one
		 * counts.
		 * @param resolvers the resolvers
		 * @return this builder
		 */
		public Builder tagResolvers(List<UsageTagResolver> resolvers) {
			this.tagResolvers.addAll(resolvers);
			return this;
		}

		/**
		 * Add what is told of entries.
		 * @param listeners the listeners
		 * @return this builder
		 */
		public Builder listeners(List<UsageListener> listeners) {
			this.listeners.addAll(listeners);
			return this;
		}

		/**
		 * Set how many entries may wait before those that are alike are added up.
		 * @param bufferSize how many, 1 or more
		 * @return this builder
		 */
		public Builder bufferSize(int bufferSize) {
			this.bufferSize = positive(bufferSize, "bufferSize");
			return this;
		}

		/**
		 * Set how many entries are handed to the store at once.
		 * @param batchSize how many, 1 or more
		 * @return this builder
		 */
		public Builder batchSize(int batchSize) {
			this.batchSize = positive(batchSize, "batchSize");
			return this;
		}

		/**
		 * Set how long a store other than one in memory waits for a batch to fill.
		 * @param flushInterval how long
		 * @return this builder
		 */
		public Builder flushInterval(Duration flushInterval) {
			this.flushInterval = flushInterval;
			return this;
		}

		/**
		 * Set how long {@link UsageLedger#close()} may take.
		 * @param shutdownTimeout how long
		 * @return this builder
		 */
		public Builder shutdownTimeout(Duration shutdownTimeout) {
			this.shutdownTimeout = shutdownTimeout;
			return this;
		}

		/**
		 * Set the clock of the entries.
		 * @param clock tells the time
		 * @return this builder
		 */
		public Builder clock(InstantSource clock) {
			this.clock = clock;
			return this;
		}

		private static int positive(int value, String name) {
			if (value < 1) {
				throw new IllegalArgumentException(name + " must be 1 or more, but is " + value);
			}
			return value;
		}

		/**
		 * Build the ledger.
		 * @return a new ledger
		 */
		public UsageLedger build() {
			return new UsageLedger(this);
		}

	}

}
