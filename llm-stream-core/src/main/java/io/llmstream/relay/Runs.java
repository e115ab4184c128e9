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

import io.llmstream.Token;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/**
 * The runs that outlive their connections: started here, found again by their ids until
 * some time after they ended, and only by those whose they are.
 * <p>
 * Safe for use by several threads.
 */
public final class Runs implements AutoCloseable {

	private final RelaySettings relay;

	private final RunSettings settings;

	private final RelayErrorMapper errors;

	private final RunLogs logs;

	private final Scheduler scheduler;

	private final Map<String, Owned> runs = new ConcurrentHashMap<>();

	private final Map<String, Integer> perOwner = new ConcurrentHashMap<>();

	private final AtomicInteger active = new AtomicInteger();

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
	 * @throws ResponseStatusException with status 429 if the owner has too many runs at
	 * work, with 503 if there are too many in all or this was closed
	 */
	public Run start(Flux<? extends Token> tokens, @Nullable String owner, Context context) {
		acquire(owner);
		Run[] self = new Run[1];
		RunWatch watch = new RunWatch(this.settings, this.scheduler, () -> ended(self[0], owner));
		Run run = new Run(tokens, this.relay, this.errors, (id) -> this.logs.create(id, owner), watch);
		self[0] = run;
		this.runs.put(run.id(), new Owned(run, owner));
		run.start(context);
		if (this.closed) {
			run.end(RelayError.SHUTDOWN);
		}
		return run;
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
	 * @throws ResponseStatusException with status 404 if it is unknown, expired or
	 * somebody else's
	 */
	public Run get(String runId, @Nullable String owner) {
		return find(runId, owner)
			.orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no such run"));
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
	 * Start no more runs, and end those that are at work with
	 * {@link RelayError#SHUTDOWN}. Returns at once.
	 */
	@Override
	public void close() {
		this.closed = true;
		this.runs.values().forEach((owned) -> owned.run().end(RelayError.SHUTDOWN));
	}

	private void acquire(@Nullable String owner) {
		if (this.closed) {
			throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE, "The relay was closed");
		}
		if (this.active.incrementAndGet() > this.settings.maxRuns()) {
			this.active.decrementAndGet();
			throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE, "Too many runs are at work");
		}
		if (owner != null && this.perOwner.merge(owner, 1, Integer::sum) > this.settings.maxRunsPerOwner()) {
			release(owner);
			throw new ResponseStatusException(HttpStatus.TOO_MANY_REQUESTS, "You have too many runs at work");
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
			this.runs.remove(run.id());
		}
		else {
			this.scheduler.schedule(() -> this.runs.remove(run.id()), this.settings.timeToLive().toNanos(),
					TimeUnit.NANOSECONDS);
		}
	}

	/**
	 * A run and whose it is.
	 *
	 * @param run the run
	 * @param owner the owner, if any
	 */
	private record Owned(Run run, @Nullable String owner) {
	}

}
