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

package io.llmstream.relay.servlet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

import io.llmstream.relay.RelayBatch;
import io.llmstream.relay.RelayConnection;
import io.llmstream.relay.RelayTicker;
import io.llmstream.relay.Run;
import io.llmstream.relay.protocol.EventEncoder;
import io.llmstream.relay.protocol.WireBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.util.context.Context;

/**
 * Writes to one browser, in a loop that holds a thread of the executor only while there
 * is something to write. Whoever finds the loop at work leaves it a note instead of
 * waiting.
 */
final class ServletConnection extends RelayConnection {

	private static final Logger logger = LoggerFactory.getLogger(ServletConnection.class);

	private final EventEncoder encoder;

	private final WireBuffer buffer = new WireBuffer();

	private final RelayEmitter emitter;

	private final Executor executor;

	private final FinishingResponses.Response response;

	/**
	 * How often the loop was asked to run since it last looked; it is at work above 0.
	 */
	private final AtomicInteger work = new AtomicInteger();

	/** Whether Spring is done preparing the response. */
	private volatile boolean ready;

	/** Whether the loop found no thread to run on. */
	private volatile boolean starved;

	private volatile boolean abandoned;

	ServletConnection(Run run, long after, RelayTicker ticker, EventEncoder encoder, RelayEmitter emitter,
			Executor executor, FinishingResponses finishing) {
		super(run, after, ticker);
		this.encoder = encoder;
		this.emitter = emitter;
		this.executor = executor;
		this.response = finishing.response();
		emitter.onHandling(() -> {
			run.begin(Context.empty());
			TokenRelay.awaitAdmission(run);
			start(Context.empty());
		});
		// The second way to learn that the browser left: containers do not always call,
		// and the loop learns it from its own failed write.
		emitter.onError((failure) -> detach());
		emitter.onTimeout(this::detach);
		emitter.onCompletion(this::finished);
	}

	/**
	 * Leave what a connection begins with for Spring to write, before anything else.
	 * @return whether a thread is free for what comes next
	 */
	boolean open() {
		RelayBatch opening = next();
		byte[] bytes = (opening != null) ? this.encoder.encode(opening, this.buffer) : new byte[0];
		try {
			this.emitter.sendOpening(bytes, this::ready);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return submit(() -> {
		});
	}

	private void ready() {
		this.ready = true;
		wake();
	}

	private void finished() {
		detach();
		this.response.finished();
	}

	@Override
	protected boolean canReset() {
		return this.encoder.canReset();
	}

	@Override
	protected void wake() {
		if (this.ready && this.work.getAndIncrement() == 0 && !submit(this::drain)) {
			// Everything that waits is still in the log.
			this.work.set(0);
			this.starved = true;
		}
	}

	@Override
	protected void ticked() {
		if (this.starved) {
			this.starved = false;
			wake();
		}
	}

	@Override
	protected void abandon() {
		logger.debug("Run {}: given up, because its browser accepted nothing for too long", run().id());
		this.abandoned = true;
		wake();
	}

	private boolean submit(Runnable task) {
		return submit(this.executor, task);
	}

	/**
	 * Run a task if there is a thread for it.
	 * @return whether there is one
	 */
	static boolean submit(Executor executor, Runnable task) {
		try {
			executor.execute(task);
			return true;
		}
		catch (RejectedExecutionException ex) {
			return false;
		}
		catch (RuntimeException | Error ex) {
			// An error too, as if no native thread can be had: it must reach neither the
			// provider's stream nor other connections.
			logger.warn("No thread to write on: {}", ex.toString());
			return false;
		}
	}

	private void drain() {
		int seen;
		do {
			seen = this.work.get();
			if (!writeAll()) {
				// Over: the count stays above 0, so that the loop never runs again.
				return;
			}
		}
		while (this.work.addAndGet(-seen) != 0);
	}

	private boolean writeAll() {
		while (!this.abandoned) {
			RelayBatch batch;
			try {
				batch = next();
			}
			catch (RuntimeException | Error ex) {
				return fail("could not be read", ex);
			}
			if (batch == null) {
				return true;
			}
			if (!write(batch)) {
				return false;
			}
		}
		detach();
		// Not complete(): the browser must not take what it has for the whole answer.
		this.emitter.completeWithError(ResponseCut.because("The browser accepted nothing for too long"));
		return false;
	}

	private boolean write(RelayBatch batch) {
		blocked();
		try {
			byte[] bytes = this.encoder.encode(batch, this.buffer);
			if (bytes.length > 0) {
				this.emitter.sendBytes(bytes);
			}
			if (!batch.last()) {
				return true;
			}
			this.response.finishing();
			this.emitter.complete();
		}
		catch (IOException ex) {
			// The container ends the response itself.
			logger.debug("Run {}: its browser left", run().id());
		}
		catch (RuntimeException | Error ex) {
			return fail("could not be written", ex);
		}
		finally {
			unblocked();
		}
		detach();
		return false;
	}

	/**
	 * End the response after an exception or an error, as nobody else ever would.
	 */
	private boolean fail(String what, Throwable failure) {
		if (detach()) {
			logger.warn("Run {}: {}", run().id(), what, failure);
		}
		this.emitter.completeWithError(ResponseCut.because("The answer " + what));
		return false;
	}

}
