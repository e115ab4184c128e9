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

import java.util.Locale;

import io.llmstream.Token;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a run's log, in no protocol's words. Immutable.
 */
public sealed interface RunEvent {

	/**
	 * The number of the event, counted from 1 in its run. An event into which later ones
	 * were merged carries the last number.
	 * @return the number
	 */
	long seq();

	/**
	 * Whether nothing comes after this event.
	 * @return whether it is the last one
	 */
	default boolean terminal() {
		return false;
	}

	/**
	 * The run began.
	 *
	 * @param seq the number
	 * @param runId the run's id
	 */
	record Started(long seq, String runId) implements RunEvent {
	}

	/**
	 * A piece of what the model writes, or several that were merged. All pieces of one
	 * kind, and of one tool call, in their order are the whole.
	 *
	 * @param seq the number
	 * @param kind what is written
	 * @param text the piece
	 * @param index which tool call it belongs to, counted from 0; 0 for other kinds
	 * @param id the id of the tool call, only on its first piece
	 * @param name the name of the tool, only on its first piece
	 */
	record Delta(long seq, Kind kind, String text, int index, @Nullable String id,
			@Nullable String name) implements RunEvent {
	}

	/**
	 * A token that is whole: a tool call, a tool's result, the start of a step, a
	 * citation or a reset.
	 *
	 * @param seq the number
	 * @param token the token
	 */
	record Whole(long seq, Token token) implements RunEvent {
	}

	/**
	 * The answer is complete.
	 *
	 * @param seq the number
	 * @param finish how it ended, or {@code null} if the stream completed without saying
	 */
	record Done(long seq, Token.@Nullable Finish finish) implements RunEvent {

		@Override
		public boolean terminal() {
			return true;
		}

	}

	/**
	 * The answer failed.
	 *
	 * @param seq the number
	 * @param error what a browser may know
	 * @param partial whether a part of the answer came before
	 */
	record Failed(long seq, RelayError error, boolean partial) implements RunEvent {

		@Override
		public boolean terminal() {
			return true;
		}

	}

	/**
	 * Somebody stopped the run. What came before stays valid.
	 *
	 * @param seq the number
	 * @param reason who or what stopped it: {@link #STOPPED} or {@link #DISCONNECTED}
	 */
	record Aborted(long seq, String reason) implements RunEvent {

		/** It was asked for. */
		public static final String STOPPED = "stopped";

		/** Nobody watched any more. */
		public static final String DISCONNECTED = "disconnected";

		@Override
		public boolean terminal() {
			return true;
		}

	}

	/**
	 * What a model writes piece by piece.
	 */
	enum Kind {

		/** The answer. */
		TEXT,

		/** Reasoning, or a summary of it. */
		REASONING,

		/** Why the model declines to answer. */
		REFUSAL,

		/** The arguments of a tool call. */
		TOOL_ARGS,

		/** The JSON of an object that grows. */
		OBJECT;

		private final String word = name().toLowerCase(Locale.ROOT);

		/**
		 * The kind in lower case.
		 * @return the word
		 */
		public String word() {
			return this.word;
		}

	}

}
