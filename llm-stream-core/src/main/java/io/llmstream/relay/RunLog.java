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

import java.util.List;

/**
 * The events of one run: written by the run, read by any number of connections, each at
 * its own place. What is kept and where is the implementation's matter; the run numbers
 * the events.
 * <p>
 * Safe for use by several threads. No method may block, and none but {@link #publish()}
 * calls a reader.
 */
public interface RunLog {

	/**
	 * Append an event. It may be merged into the one before if nobody has read that one.
	 * Called by one thread at a time.
	 * @param event the event, whose number is higher than all before
	 * @param urgent whether it should not wait to be merged with what follows
	 * @return {@code false} if the log is full, in which case nothing was appended and
	 * the run ends with {@link RelayError#LIMIT}; a terminal event is always taken
	 */
	boolean append(RunEvent event, boolean urgent);

	/**
	 * Tell the readers of what was appended. Called after one or more events, by a thread
	 * that holds no lock.
	 */
	void publish();

	/**
	 * Read the log.
	 * @param after the number of the last event that the reader knows; 0 to begin at the
	 * first one
	 * @param onEvent told, on any thread, when there is more to read; must not block
	 * @return a reader, to be closed by the caller
	 */
	Reader reader(long after, Runnable onEvent);

	/**
	 * Whether more should be asked of the provider now. Where not, reading makes it so.
	 * @return whether there is room
	 */
	boolean hasRoom();

	/**
	 * One reader's place. Used by one thread at a time, but for {@link #pending()} and
	 * {@link #close()}.
	 */
	interface Reader extends AutoCloseable {

		/**
		 * Whether anything waits to be read.
		 * @return what waits
		 */
		Pending pending();

		/**
		 * Take what comes next: one event at least, if any waits, and up to about the
		 * given size. Pieces of the same kind may be merged, also while they are read.
		 * @param max the size in bytes
		 * @return the events, in order
		 */
		List<RunEvent> read(int max);

		/**
		 * Read no more.
		 */
		@Override
		void close();

	}

	/**
	 * How soon what waits must be read.
	 */
	enum Pending {

		/** Nothing waits. */
		NOTHING,

		/** More may be merged into what waits. */
		SOON,

		/** Waiting gains nothing. */
		NOW

	}

}
