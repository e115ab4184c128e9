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

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;

import io.llmstream.ErrorKind;
import io.llmstream.StreamAttempt;
import io.llmstream.StreamOutcome;
import io.llmstream.Usage;
import org.jspecify.annotations.Nullable;

/**
 * Recent figures of this server, for its own pages and its health: by provider and model,
 * and by minute. Of fixed size: at most 500 models are told apart, and 60 minutes are
 * kept. What is to last or to be added up over servers belongs to a usage store or to
 * meters.
 * <p>
 * Safe for use by several threads.
 */
public final class StreamStatistics implements StreamListener {

	/** Of what a provider can neither help nor be helped by asking another. */
	private static final Set<ErrorKind> NEUTRAL = EnumSet.of(ErrorKind.INVALID_REQUEST, ErrorKind.UNSUPPORTED_OPTION,
			ErrorKind.CONTENT_BLOCKED, ErrorKind.CONTEXT_TOO_LONG, ErrorKind.RATE_LIMITED, ErrorKind.CIRCUIT_OPEN,
			ErrorKind.CONCURRENCY_LIMIT, ErrorKind.BUDGET_EXCEEDED, ErrorKind.STOPPED, ErrorKind.TOTAL_TIMEOUT);

	private static final int MAX_MODELS = 500;

	private static final String OTHERS = "(others)";

	private static final int MINUTES = 60;

	private static final Duration RECENT = Duration.ofMinutes(15);

	private final Clock clock;

	private final Instant since;

	private final Map<Key, Entry> models = new ConcurrentHashMap<>();

	private final Entry all = new Entry();

	private final LongAdder tokens = new LongAdder();

	private final Map<String, ProviderOutcomes> outcomes = new ConcurrentHashMap<>();

	private final AtomicReferenceArray<Minute> minutes = new AtomicReferenceArray<>(MINUTES);

	/**
	 * Create statistics that begin now.
	 */
	public StreamStatistics() {
		this(Clock.systemUTC());
	}

	StreamStatistics(Clock clock) {
		this.clock = clock;
		this.since = clock.instant();
	}

	@Override
	public void attempted(String client, StreamAttempt attempt) {
		Entry entry = entry(attempt);
		synchronized (entry) {
			entry.add(attempt, System.nanoTime());
		}
		synchronized (this.all) {
			this.all.add(attempt, System.nanoTime());
		}
		outcome(attempt);
		Usage usage = attempt.usage();
		Minute minute = minute();
		synchronized (minute) {
			minute.inputTokens += usage.inputTokens();
			minute.outputTokens += usage.outputTokens();
		}
	}

	private void outcome(StreamAttempt attempt) {
		ErrorKind kind = attempt.errorKind();
		Instant now = this.clock.instant();
		boolean answered = attempt.end() == StreamOutcome.End.COMPLETED;
		if (answered || (kind != null && !NEUTRAL.contains(kind))) {
			this.outcomes.compute(attempt.provider(), (name, known) -> {
				ProviderOutcomes before = (known != null) ? known : ProviderOutcomes.NONE;
				return (kind != null) ? before.failed(kind, now) : before.answered(now);
			});
		}
	}

	@Override
	public void ended(EndedStream stream) {
		this.tokens.add(stream.tokens());
		List<StreamAttempt> failovers = stream.failovers();
		for (StreamAttempt failed : failovers) {
			Entry entry = entry(failed);
			synchronized (entry) {
				entry.failovers++;
			}
		}
		Minute minute = minute();
		synchronized (minute) {
			minute.streams++;
			minute.failovers += failovers.size();
			if (stream.outcome() == StreamOutcome.End.CANCELLED || stream.errorKind() == ErrorKind.STOPPED) {
				minute.cancelled++;
			}
			else if (stream.outcome() == StreamOutcome.End.FAILED) {
				minute.failed++;
			}
		}
	}

	private Entry entry(StreamAttempt attempt) {
		String model = attempt.model();
		Key key = new Key(attempt.provider(), (model != null) ? model : "");
		Entry entry = this.models.get(key);
		if (entry == null) {
			// models can be named by requests, of which there is no end
			Key bounded = (this.models.size() < MAX_MODELS) ? key : new Key(attempt.provider(), OTHERS);
			entry = this.models.computeIfAbsent(bounded, (unused) -> new Entry());
		}
		return entry;
	}

	private Minute minute() {
		long number = this.clock.millis() / 60_000;
		int slot = (int) (number % MINUTES);
		while (true) {
			Minute minute = this.minutes.get(slot);
			if (minute != null && minute.number == number) {
				return minute;
			}
			Minute next = new Minute(number);
			if (this.minutes.compareAndSet(slot, minute, next)) {
				return next;
			}
		}
	}

	/**
	 * Since when counts are kept.
	 * @return the moment
	 */
	public Instant since() {
		return this.since;
	}

	/**
	 * The figures of each model that was asked.
	 * @return the figures, by provider and model
	 */
	public List<ModelFigures> models() {
		long recent = System.nanoTime() - RECENT.toNanos();
		List<ModelFigures> figures = new ArrayList<>();
		this.models.forEach((key, entry) -> {
			synchronized (entry) {
				figures.add(entry.figures(key, recent));
			}
		});
		figures.sort(Comparator.comparing(ModelFigures::provider).thenComparing(ModelFigures::model));
		return figures;
	}

	/**
	 * The figures of all models together.
	 * @return the figures, without names
	 */
	public ModelFigures overall() {
		synchronized (this.all) {
			return this.all.figures(new Key("", ""), System.nanoTime() - RECENT.toNanos());
		}
	}

	/**
	 * How many tokens with content were passed on by streams that have ended.
	 * @return the number
	 */
	public long tokens() {
		return this.tokens.sum();
	}

	/**
	 * The figures of the last minutes, the current one included.
	 * @return at most 60 minutes, the oldest first; those in which nothing was done are
	 * left out
	 */
	public List<MinuteFigures> minutes() {
		Instant oldest = this.clock.instant().truncatedTo(ChronoUnit.MINUTES).minus(Duration.ofMinutes(MINUTES - 1));
		List<MinuteFigures> figures = new ArrayList<>();
		for (int i = 0; i < MINUTES; i++) {
			Minute minute = this.minutes.get(i);
			if (minute != null && !minute.start().isBefore(oldest)) {
				synchronized (minute) {
					figures.add(minute.figures());
				}
			}
		}
		figures.sort(Comparator.comparing(MinuteFigures::start));
		return figures;
	}

	/**
	 * How the last attempts with a provider ended.
	 * @param provider the provider's name in the configuration
	 * @return the outcomes
	 */
	public ProviderOutcomes outcomes(String provider) {
		return this.outcomes.getOrDefault(provider, ProviderOutcomes.NONE);
	}

	private record Key(String provider, String model) {
	}

	private static final class Entry {

		private final Map<StreamOutcome.End, Long> ends = new EnumMap<>(StreamOutcome.End.class);

		private final Map<String, Long> errors = new TreeMap<>();

		private final Samples firstTokens = new Samples();

		private final Samples rates = new Samples();

		private long failovers;

		private long inputTokens;

		private long outputTokens;

		private void add(StreamAttempt attempt, long now) {
			this.ends.merge(attempt.end(), 1L, Long::sum);
			if (attempt.errorKind() != null) {
				String kind = GenAiInferenceConvention.lower(attempt.errorKind()).replace('_', '-');
				this.errors.merge(kind, 1L, Long::sum);
			}
			this.inputTokens += attempt.usage().inputTokens();
			this.outputTokens += attempt.usage().outputTokens();
			Duration first = attempt.timeToFirstToken();
			if (first != null) {
				this.firstTokens.add(now, first.toNanos() / 1e9);
				Double rate = rate(attempt, first);
				if (rate != null) {
					this.rates.add(now, rate);
				}
			}
		}

		private static @Nullable Double rate(StreamAttempt attempt, Duration first) {
			boolean counted = attempt.usage().outputTokens() > 0;
			long tokens = (counted) ? attempt.usage().outputTokens() : attempt.tokens();
			long nanos = attempt.duration().minus(first).toNanos();
			return (tokens > 1 && nanos > 0) ? (tokens - 1) * 1e9 / nanos : null;
		}

		private ModelFigures figures(Key key, long recent) {
			double[] first = this.firstTokens.since(recent);
			double[] rate = this.rates.since(recent);
			boolean known = first.length > 0;
			long completed = count(StreamOutcome.End.COMPLETED);
			long failed = count(StreamOutcome.End.FAILED);
			long cancelled = count(StreamOutcome.End.CANCELLED);
			return new ModelFigures(key.provider, key.model, completed + failed + cancelled, completed, failed,
					cancelled, this.failovers, new TreeMap<>(this.errors), this.inputTokens, this.outputTokens,
					first.length, (known) ? Samples.percentile(first, 50) : null,
					(known) ? Samples.percentile(first, 95) : null,
					(rate.length > 0) ? Samples.percentile(rate, 50) : null);
		}

		private long count(StreamOutcome.End end) {
			return this.ends.getOrDefault(end, 0L);
		}

	}

	private static final class Minute {

		private final long number;

		private long streams;

		private long failed;

		private long cancelled;

		private long failovers;

		private long inputTokens;

		private long outputTokens;

		private Minute(long number) {
			this.number = number;
		}

		private Instant start() {
			return Instant.ofEpochSecond(this.number * 60);
		}

		private MinuteFigures figures() {
			return new MinuteFigures(start(), this.streams, this.failed, this.cancelled, this.failovers,
					this.inputTokens, this.outputTokens);
		}

	}

}
