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

package io.llmstream.test;

import java.time.Duration;

import io.llmstream.FinishReason;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a script does.
 */
sealed interface Step {

	/**
	 * Whether this is a token that counts and is paced.
	 * @return whether it is
	 */
	default boolean isToken() {
		return false;
	}

	/**
	 * Whether nothing comes after this.
	 * @return whether it is
	 */
	default boolean isLast() {
		return false;
	}

	/** What the provider sends before the first token. */
	record Open() implements Step {
	}

	record Text(String text) implements Step {

		@Override
		public boolean isToken() {
			return true;
		}

	}

	record Reasoning(String text) implements Step {

		@Override
		public boolean isToken() {
			return true;
		}

	}

	record Refusal(String text) implements Step {

		@Override
		public boolean isToken() {
			return true;
		}

	}

	record Signature(String signature) implements Step {
	}

	record ToolStart(int index, String id, String name) implements Step {
	}

	record ToolArguments(int index, String fragment) implements Step {

		@Override
		public boolean isToken() {
			return true;
		}

	}

	record ToolEnd(int index) implements Step {
	}

	record Finish(FinishReason reason, @Nullable String raw) implements Step {
	}

	record KeepAlive(String text) implements Step {
	}

	record Frame(@Nullable String event, String data) implements Step {
	}

	record Raw(byte[] bytes) implements Step {
	}

	/** A text whose JSON is broken within its frame. */
	record Malformed() implements Step {
	}

	/** A text that holds bytes which are not UTF-8. */
	record InvalidUtf8() implements Step {
	}

	/** A text that is very long. */
	record Oversized(int bytes) implements Step {
	}

	/** Silence for a time, or for ever where there is no time. */
	record Stall(@Nullable Duration duration) implements Step {

		@Override
		public boolean isLast() {
			return this.duration == null;
		}

	}

	/** An error object within the stream; the body ends after it. */
	record InBandError(ErrorWords error) implements Step {

		@Override
		public boolean isLast() {
			return true;
		}

	}

	/** An end that is not what the wire demands. */
	record End(How how, boolean midFrame) implements Step {

		@Override
		public boolean isLast() {
			return true;
		}

	}

	/** How a connection may end. */
	enum How {

		/** The body ends cleanly, and the connection stays open. */
		CUT,

		/** The connection is closed though the body has not ended. */
		HANG_UP,

		/** The connection is reset. */
		RESET

	}

}
