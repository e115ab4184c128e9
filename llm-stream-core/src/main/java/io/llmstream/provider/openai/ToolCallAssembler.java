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

package io.llmstream.provider.openai;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.llmstream.Token;
import io.llmstream.provider.RequestJson;
import io.llmstream.provider.TokenSink;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts tool calls together. Servers disagree on what tells one call from the next: the
 * index may be missing or always 0, the id may be missing, empty or repeated, a call may
 * come in fragments, whole, or both.
 */
final class ToolCallAssembler {

	private final String dialect;

	private final List<Call> calls = new ArrayList<>();

	private final Map<Integer, Call> bySlot = new HashMap<>();

	private final Map<String, Call> byId = new HashMap<>();

	private int announced;

	private int emitted;

	private boolean cut;

	ToolCallAssembler(String dialect) {
		this.dialect = dialect;
	}

	/**
	 * Take a fragment.
	 * @param fragment the fragment
	 * @param sink receives what it makes of it
	 */
	void accept(ToolCallFragment fragment, TokenSink sink) {
		Call call = find(fragment);
		if (call == null || startsAnother(call, fragment)) {
			if (fragment.isEmpty()) {
				return;
			}
			emitReady(sink, false);
			call = new Call(fragment.slot());
			this.calls.add(call);
			this.bySlot.put(fragment.slot(), call);
			sink.silentPhase(true);
		}
		append(call, fragment, sink);
	}

	private @Nullable Call find(ToolCallFragment fragment) {
		Call last = (this.calls.isEmpty()) ? null : this.calls.get(this.calls.size() - 1);
		if (fragment.slot() == ToolCallFragment.NO_SLOT) {
			Call sameId = (fragment.id() != null) ? this.byId.get(fragment.id()) : null;
			if (sameId != null) {
				return sameId;
			}
			return (fragment.id() != null && fragment.name() != null) ? null : last;
		}
		Call call = this.bySlot.get(fragment.slot());
		return (call != null) ? call : moved(fragment);
	}

	/**
	 * A call that was announced under one index and goes on under another.
	 */
	private @Nullable Call moved(ToolCallFragment fragment) {
		Call sameId = (fragment.id() != null) ? this.byId.get(fragment.id()) : null;
		// without arguments it may as well be another call, of a server whose ids are
		// names
		if (sameId == null || sameId.emitted || fragment.arguments().isBlank() || !sameId.arguments.toString().isBlank()
				|| (fragment.name() != null && !fragment.name().equals(sameId.name))) {
			return null;
		}
		this.bySlot.put(fragment.slot(), sameId);
		return sameId;
	}

	private static boolean startsAnother(Call call, ToolCallFragment fragment) {
		if (fragment.id() != null && call.providerId != null) {
			// a new id without a name, while arguments are open, is a server that renames
			// its calls as it goes
			return !fragment.id().equals(call.providerId) && (fragment.name() != null || call.isComplete());
		}
		if (fragment.name() == null || call.name == null) {
			return false;
		}
		boolean sameName = fragment.name().equals(call.name);
		if (call.isComplete()) {
			return !sameName || !call.arguments.toString().equals(fragment.arguments());
		}
		return !sameName && call.arguments.toString().isBlank();
	}

	private void append(Call call, ToolCallFragment fragment, TokenSink sink) {
		if (call.providerId == null && fragment.id() != null) {
			call.providerId = fragment.id();
			this.byId.putIfAbsent(fragment.id(), call);
		}
		if (call.name == null) {
			call.name = fragment.name();
		}
		if (fragment.extra() != null) {
			call.extra = fragment.extra();
			if (call.emitted) {
				emitExtra(call, sink);
			}
		}
		if (call.emitted) {
			return;
		}
		String arguments = fragment.arguments();
		boolean again = call.isComplete() && arguments.stripLeading().startsWith("{");
		if (again) {
			// the whole call is sent once more, after its fragments
			call.arguments.setLength(0);
			call.balance.clear();
		}
		else if (call.isComplete()) {
			// the same as a string within a string, or a bracket too many
			arguments = "";
		}
		call.arguments.append(arguments);
		call.balance.append(arguments);
		if (call.index < 0) {
			if (call.name != null) {
				announce(call);
				sink.next(new Token.ToolCallDelta(call.index, call.id, call.name, call.arguments.toString()));
			}
		}
		else if (!again && !arguments.isEmpty()) {
			sink.next(new Token.ToolCallDelta(call.index, null, null, arguments));
		}
	}

	private void announce(Call call) {
		call.index = this.announced++;
		call.id = (call.providerId != null) ? call.providerId : ToolCallIds.create();
	}

	/**
	 * Say that nothing more comes.
	 * @param cut whether the answer was cut off: a call without arguments is then one
	 * that had not come to them, and is not to be run without
	 * @param sink receives the calls
	 */
	void finish(boolean cut, TokenSink sink) {
		this.cut = cut;
		emitReady(sink, true);
	}

	/**
	 * Whether there was a call.
	 * @return whether a call was announced
	 */
	boolean hasCalls() {
		return this.announced > 0;
	}

	/** In order: what follows an open call waits, because calls may interleave. */
	private void emitReady(TokenSink sink, boolean all) {
		while (this.emitted < this.calls.size()) {
			Call call = this.calls.get(this.emitted);
			if (!all && !(call.isComplete() && call.index >= 0)) {
				return;
			}
			this.emitted++;
			call.emitted = true;
			emit(call, sink);
		}
	}

	private void emit(Call call, TokenSink sink) {
		String arguments = call.arguments.toString();
		if (call.index < 0) {
			if (arguments.isBlank()) {
				return;
			}
			announce(call);
		}
		sink.next(new Token.ToolCall(call.index, call.id, (call.name != null) ? call.name : "",
				(arguments.isBlank() && !this.cut) ? "{}" : arguments));
		if (call.extra != null) {
			emitExtra(call, sink);
		}
	}

	private void emitExtra(Call call, TokenSink sink) {
		ObjectNode state = RequestJson.object().put("id", call.id);
		state.set(ReplayKinds.EXTRA_CONTENT, RequestJson.parse(String.valueOf(call.extra), "extra_content"));
		sink.next(new Token.ReplayState(this.dialect, ReplayKinds.TOOL_CALL_EXTRA, state.toString()));
	}

	private static final class Call {

		private final int slot;

		private final StringBuilder arguments = new StringBuilder();

		private final JsonBalance balance = new JsonBalance();

		private int index = -1;

		private String id = "";

		private @Nullable String providerId;

		private @Nullable String name;

		private @Nullable String extra;

		private boolean emitted;

		Call(int slot) {
			this.slot = slot;
		}

		boolean isComplete() {
			return this.balance.isComplete();
		}

	}

}
