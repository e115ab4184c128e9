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

import io.llmstream.Token;
import org.jspecify.annotations.Nullable;

/**
 * An entry that no cursor has read: later pieces of the same kind may still be merged
 * into it, which keeps what waits for a slow browser at the size of its text.
 */
final class LogEntry {

	/** What an entry costs beyond its text: about what frames it on its way. */
	private static final int OVERHEAD = 32;

	private final RunEvent first;

	private final int limit;

	private @Nullable StringBuilder merged;

	private long seq;

	private int weight;

	final boolean urgent;

	LogEntry(RunEvent first, boolean urgent, int limit) {
		this.first = first;
		this.urgent = urgent;
		this.limit = limit;
		this.seq = first.seq();
		this.weight = OVERHEAD + payload(first);
	}

	/**
	 * What the entry weighs in the log, in bytes.
	 */
	int weight() {
		return this.weight;
	}

	/**
	 * The number of the last piece in it.
	 */
	long seq() {
		return this.seq;
	}

	/**
	 * Take a later piece in.
	 * @return whether it was taken
	 */
	boolean merge(RunEvent.Delta next) {
		if (!(this.first instanceof RunEvent.Delta delta) || delta.kind() != next.kind()
				|| delta.index() != next.index() || next.id() != null || next.name() != null
				|| this.weight >= this.limit) {
			return false;
		}
		if (this.merged == null) {
			this.merged = new StringBuilder(delta.text());
		}
		this.merged.append(next.text());
		this.weight += bytes(next.text());
		this.seq = next.seq();
		return true;
	}

	RunEvent toEvent() {
		if (this.merged == null) {
			return this.first;
		}
		RunEvent.Delta delta = (RunEvent.Delta) this.first;
		return new RunEvent.Delta(this.seq, delta.kind(), this.merged.toString(), delta.index(), delta.id(),
				delta.name());
	}

	private static int payload(RunEvent event) {
		if (event instanceof RunEvent.Delta delta) {
			return bytes(delta.text()) + bytes(delta.id()) + bytes(delta.name());
		}
		if (event instanceof RunEvent.Whole whole) {
			if (whole.token() instanceof Token.ToolCall call) {
				return bytes(call.id()) + bytes(call.name()) + bytes(call.arguments());
			}
			if (whole.token() instanceof Token.ToolResult result) {
				return bytes(result.id()) + bytes(result.name()) + bytes(result.content());
			}
			if (whole.token() instanceof Token.Citation citation) {
				return bytes(citation.url()) + bytes(citation.title()) + bytes(citation.quote())
						+ bytes(citation.json());
			}
		}
		return 0;
	}

	/**
	 * The bytes of a text in UTF-8. Half a character is two of them, so that a character
	 * that came in two pieces counts as much as one that came whole.
	 */
	private static int bytes(@Nullable String text) {
		if (text == null) {
			return 0;
		}
		int bytes = text.length();
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c >= 0x80) {
				bytes += (c >= 0x800 && !Character.isSurrogate(c)) ? 2 : 1;
			}
		}
		return bytes;
	}

}
