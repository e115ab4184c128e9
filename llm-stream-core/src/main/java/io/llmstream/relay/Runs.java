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

package io.llmstream.relay;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.llmstream.Partial;
import io.llmstream.Token;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/**
 * The runs that outlive their connections: started here, found again by their ids until
 * some time after they ended, and only by those whose they are.
 * <p>
 * Safe for use by several threads.
 */
public final class Runs implements AutoCloseable {

	/** How long an idempotency key may be. */
	static final int LONGEST_KEY = 255;

	/**
	 * How long an idempotency key must be where nothing but the key keeps strangers
	 * apart.
	 */
	static final int SHORTEST_ANONYMOUS_KEY = 20;

	private final RelaySettings relay;

	private final RunSettings settings;

	private final RelayErrorMapper errors;

	private final RunLogs logs;

	private final Scheduler scheduler;

	private final Map<String, Owned> runs = new ConcurrentHashMap<>();

	private final Map<Key, Run> keys = new ConcurrentHashMap<>();

	private final Map<String, Integer> perOwner = new ConcurrentHashMap<>();

	private final AtomicInteger active = new AtomicInteger();

	private volatile boolean draining;

	private volatile boolean closed;

	/**
	 * Create the runs of a relay.
	 * @param relay how to relay them
	 * @param settings how they outlive connections
	 * @param errors what to tell browsers of failures
	 * @param logs where their logs are kept
	 */
	public Runs(RelaySettings relay, RunSettings settings, RelayErrorMapper errors, RunLogs logs) {
		this(relay, settings, errors, logs, Schedulers.parallel());
	}

	Runs(RelaySettings relay, RunSettings settings, RelayErrorMapper errors, RunLogs logs, Scheduler scheduler) {
		this.relay = relay;
		this.settings = settings;
		this.errors = errors;
		this.logs = logs;
		this.scheduler = scheduler;
	}

	/**
	 * Start a run, whether or not anybody watches it.
	 * @param tokens the tokens, subscribed to once, now
	 * @param owner whose run it is, or {@code null} if it is nobody's
	 * @param context the context of the subscription
	 * @return the run
	 * @throws RunRefusedException with status 429 if the owner has too many runs at work
	 * or a budget has no room for it, with 503 if there are too many in all or this was
	 * closed
	 */
	public Run start(Flux<? extends Token> tokens, @Nullable String owner, Context context) {
		return start(tokens, owner, context, RunOptions.none());
	}

	/**
	 * Start a run, whether or not anybody watches it, unless the owner has started one
	 * with the same idempotency key.
	 * @param tokens the tokens, subscribed to once, now; not at all if there is a run of
	 * the key
	 * @param owner whose run it is, or {@code null} if it is nobody's
	 * @param context the context of the subscription
	 * @param options what the run has otherwise than others
	 * @return the run, or that of the key
	 * @throws RunRefusedException with status 400 if the key is too long or, without an
	 * owner, too short; with 429 if the owner has too many runs at work or a budget has
	 * no room for it, with 503 if there are too many in all or this was closed
	 */
	public Run start(Flux<? extends Token> tokens, @Nullable String owner, Context context, RunOptions options) {
		return startAny(tokens, owner, context, options);
	}

	/**
	 * Start the run of an object that grows, as {@link #start} does that of tokens.
	 * @param partials the object, subscribed to once, now; not at all if there is a run
	 * of the key
	 * @param owner whose run it is, or {@code null} if it is nobody's
	 * @param context the context of the subscription
	 * @param options what the run has otherwise than others
	 * @return the run, or that of the key
	 * @throws RunRefusedException as {@link #start(Flux, String, Context, RunOptions)}
	 */
	public Run startObject(Flux<? extends Partial<?>> partials, @Nullable String owner, Context context,
			RunOptions options) {
		return startAny(partials, owner, context, options);
	}

	private Run startAny(Flux<?> source, @Nullable String owner, Context context, RunOptions options) {
		Key key = key(options.idempotencyKey(), owner);
		if (key == null) {
			Run run = create(source, owner, options, null);
			begin(run, context);
			return run;
		}
		Run[] created = new Run[1];
		Run run = this.keys.computeIfAbsent(key, (absent) -> created[0] = create(source, owner, options, absent));
		if (run == created[0]) {
			begin(run, context);
		}
		return run;
	}

	private Run create(Flux<?> source, @Nullable String owner, RunOptions options, @Nullable Key key) {
		acquire(owner);
		Run[] self = new Run[1];
		RunWatch watch = new RunWatch(this.settings, options, this.scheduler, () -> ended(self[0], owner));
		Run run = new Run(source, this.relay, this.errors, (id) -> this.logs.create(id, owner), watch);
		self[0] = run;
		this.runs.put(run.id(), new Owned(run, owner, key));
		return run;
	}

	private void begin(Run run, Context context) {
		try {
			run.begin(context);
		}
		catch (RunRefusedException ex) {
			forget(run);
			throw ex;
		}
		// the refusal may come later
		run.admitted().subscribe((admitted) -> {
		}, (refused) -> forget(run));
		if (this.closed) {
			run.end(RelayError.SHUTDOWN);
		}
	}

	private static @Nullable Key key(@Nullable String idempotencyKey, @Nullable String owner) {
		if (idempotencyKey == null) {
			return null;
		}
		if (idempotencyKey.isBlank() || idempotencyKey.length() > LONGEST_KEY) {
			throw RunRefusedException
				.badRequest("The Idempotency-Key must have from 1 to " + LONGEST_KEY + " characters");
		}
		if (owner == null && idempotencyKey.length() < SHORTEST_ANONYMOUS_KEY) {
			throw RunRefusedException.badRequest("The Idempotency-Key of a request without a user must have "
					+ SHORTEST_ANONYMOUS_KEY + " random characters at least");
		}
		return new Key(owner, idempotencyKey);
	}

	/**
	 * Find the run that was started with an idempotency key.
	 * @param idempotencyKey the key, or {@code null} for none
	 * @param owner who asks, or {@code null} for nobody in particular
	 * @return the run, unless the owner has started none with the key, or it is expired
	 * @throws RunRefusedException with status 400 if the key is one that cannot be
	 */
	public Optional<Run> started(@Nullable String idempotencyKey, @Nullable String owner) {
		Key key = key(idempotencyKey, owner);
		return (key != null) ? Optional.ofNullable(this.keys.get(key)) : Optional.empty();
	}

	/**
	 * Take the start of a run back that no browser has watched: its stream is cancelled,
	 * and it is forgotten at once, as is its idempotency key. Does nothing if a browser
	 * has watched it.
	 * @param run the run
	 */
	public void discard(Run run) {
		if (!run.wasWatched()) {
			forget(run);
			run.stop();
		}
	}

	/**
	 * Find a run.
	 * @param runId the run's id
	 * @param owner who asks, or {@code null} for nobody in particular
	 * @return the run, unless it is unknown, expired or somebody else's
	 */
	public Optional<Run> find(String runId, @Nullable String owner) {
		Owned found = this.runs.get(runId);
		return (found != null && Objects.equals(found.owner(), owner)) ? Optional.of(found.run()) : Optional.empty();
	}

	/**
	 * Find a run that there should be.
	 * @param runId the run's id
	 * @param owner who asks, or {@code null} for nobody in particular
	 * @return the run
	 * @throws RunRefusedException with status 404 if it is unknown, expired or somebody
	 * else's
	 */
	public Run get(String runId, @Nullable String owner) {
		return find(runId, owner).orElseThrow(RunRefusedException::notFound);
	}

	/**
	 * How runs outlive their connections.
	 * @return the settings
	 */
	public RunSettings settings() {
		return this.settings;
	}

	/**
	 * How many runs are at work.
	 * @return the number of runs that have not ended
	 */
	public int active() {
		return this.active.get();
	}

	/**
	 * How many runs are at work that go on although nobody here may be watching them:
	 * those whose policy says so, and all if other servers share their logs.
	 * @return the number of runs to wait for before this is closed
	 */
	public int unattended() {
		return (this.logs.shared()) ? active()
				: (int) this.runs.values().stream().filter((owned) -> owned.run().continues()).count();
	}

	/**
	 * Start no more runs, but let those go on that are at work, and let browsers come
	 * back to them.
	 */
	public void drain() {
		this.draining = true;
	}

	/**
	 * Whether no more runs are started.
	 * @return whether this is drained or closed
	 */
	public boolean isDraining() {
		return this.draining || this.closed;
	}

	/**
	 * Whether other servers share the logs of the runs.
	 * @return whether a browser may go on elsewhere
	 */
	public boolean isShared() {
		return this.logs.shared();
	}

	/**
	 * Start no more runs, and end those that are at work with
	 * {@link RelayError#SHUTDOWN}. Returns at once.
	 */
	@Override
	public void close() {
		this.closed = true;
		this.runs.values().forEach((owned) -> owned.run().end(RelayError.SHUTDOWN));
	}

	/**
	 * Start runs again after {@link #drain()} or {@link #close()}, as when an application
	 * is stopped and started again. Runs that were ended stay so. Does nothing if this is
	 * open.
	 */
	public void reopen() {
		this.closed = false;
		this.draining = false;
	}

	private void acquire(@Nullable String owner) {
		if (isDraining()) {
			throw RunRefusedException.closed();
		}
		if (this.active.incrementAndGet() > this.settings.maxRuns()) {
			this.active.decrementAndGet();
			throw RunRefusedException.tooMany();
		}
		if (owner != null && this.perOwner.merge(owner, 1, Integer::sum) > this.settings.maxRunsPerOwner()) {
			release(owner);
			throw RunRefusedException.tooManyOfOwner();
		}
	}

	private void release(@Nullable String owner) {
		this.active.decrementAndGet();
		if (owner != null) {
			this.perOwner.computeIfPresent(owner, (name, count) -> (count > 1) ? count - 1 : null);
		}
	}

	private void ended(Run run, @Nullable String owner) {
		release(owner);
		if (this.closed) {
			forget(run);
		}
		else {
			this.scheduler.schedule(() -> forget(run), this.settings.timeToLive().toNanos(), TimeUnit.NANOSECONDS);
		}
	}

	private void forget(Run run) {
		Owned owned = this.runs.remove(run.id());
		if (owned != null && owned.key() != null) {
			this.keys.remove(owned.key(), run);
		}
	}

	/**
	 * A run and whose it is.
	 *
	 * @param run the run
	 * @param owner the owner, if any
	 * @param key what finds it beside its id, if anything
	 */
	private record Owned(Run run, @Nullable String owner, @Nullable Key key) {
	}

	/**
	 * An idempotency key, which is the owner's own.
	 *
	 * @param owner the owner, if any
	 * @param text the key
	 */
	private record Key(@Nullable String owner, String text) {
	}

}
