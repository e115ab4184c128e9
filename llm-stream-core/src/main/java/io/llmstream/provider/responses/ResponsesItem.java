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

package io.llmstream.provider.responses;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

import io.llmstream.Token;
import io.llmstream.provider.TokenSink;
import org.jspecify.annotations.Nullable;

/**
 * One item of an answer: how much of it was emitted, so that what comes a second time as
 * a whole is neither repeated nor lost.
 */
final class ResponsesItem {

	private final ResponsesKind kind;

	private final Map<Integer, ResponsesEmitted> emitted = new LinkedHashMap<>();

	private Map<Integer, ResponsesEmitted> summarized = Map.of();

	private Map<Integer, Integer> aliases = Map.of();

	private Map<Integer, int[]> cited = Map.of();

	private @Nullable StringBuilder arguments;

	private @Nullable String id;

	private @Nullable String callId;

	private @Nullable String name;

	private @Nullable String firstArguments;

	private int callIndex = -1;

	private boolean called;

	private boolean done;

	private boolean silent;

	ResponsesItem(ResponsesKind kind) {
		this.kind = kind;
	}

	ResponsesKind kind() {
		return this.kind;
	}

	@Nullable String id() {
		return this.id;
	}

	boolean isDone() {
		return this.done;
	}

	void setDone() {
		this.done = true;
	}

	boolean isSilent() {
		return this.silent;
	}

	void setSilent(boolean silent) {
		this.silent = silent;
	}

	void describe(ResponsesItemJson json) {
		this.id = first(this.id, json.id);
		this.callId = first(this.callId, json.callId);
		this.name = first(this.name, json.name);
		this.firstArguments = first(this.firstArguments, json.arguments);
	}

	private static @Nullable String first(@Nullable String present, @Nullable String value) {
		return (present != null && !present.isEmpty()) ? present : value;
	}

	/**
	 * Note a piece of text that is emitted.
	 * @param index which part of the content it belongs to
	 * @param text the piece
	 */
	void emit(int index, String text) {
		part(this.emitted, index).add(text);
	}

	/**
	 * What was not emitted yet of a part of the content.
	 * @param index which part of the content
	 * @param whole the whole text
	 * @return the rest, which counts as emitted, or an empty string
	 */
	String rest(int index, String whole) {
		return (whole.isEmpty()) ? "" : part(this.emitted, index).rest(whole);
	}

	void emitSummary(int index, String text) {
		summary(index).add(text);
	}

	/**
	 * What was not emitted yet of a part of the summary.
	 * @param index which part of the summary
	 * @param whole the whole text
	 * @return the rest, which counts as emitted, or an empty string
	 */
	String restOfSummary(int index, String whole) {
		return (whole.isEmpty()) ? "" : summary(index).rest(whole);
	}

	private ResponsesEmitted summary(int index) {
		this.summarized = mutable(this.summarized);
		return part(this.summarized, index);
	}

	/** Most items have nothing of what only some kinds have. */
	private static <T> Map<Integer, T> mutable(Map<Integer, T> map) {
		return (map.isEmpty()) ? new HashMap<>() : map;
	}

	private static ResponsesEmitted part(Map<Integer, ResponsesEmitted> parts, int index) {
		return parts.computeIfAbsent(index, (key) -> new ResponsesEmitted());
	}

	/**
	 * The index by which the events name a part of the content. There are servers that
	 * count on from the item before, so that it is not the position in the whole item.
	 * @param position the position in the whole item
	 * @param size how many parts the whole item has
	 * @return the index
	 */
	int contentIndex(int position, int size) {
		if (this.emitted.containsKey(position)) {
			return position;
		}
		this.aliases = mutable(this.aliases);
		return this.aliases.computeIfAbsent(position,
				(key) -> this.emitted.keySet()
					.stream()
					.filter((index) -> index >= size && !this.aliases.containsValue(index))
					.findFirst()
					.orElse(position));
	}

	/**
	 * Whether reasoning was emitted in full, of which a summary would tell once more.
	 * @return whether it was
	 */
	boolean hasContent() {
		return !this.emitted.isEmpty();
	}

	boolean hasSummary() {
		return !this.summarized.isEmpty();
	}

	/**
	 * Count a citation.
	 * @param index which part of the content it belongs to
	 */
	void countCitation(int index) {
		this.cited = mutable(this.cited);
		this.cited.computeIfAbsent(index, (key) -> new int[1])[0]++;
	}

	int citations(int index) {
		int[] count = this.cited.get(index);
		return (count != null) ? count[0] : 0;
	}

	/**
	 * Whether the call can be told: its id and the tool's name are known.
	 * @return whether both are known
	 */
	boolean isNamed() {
		return this.callId != null && !this.callId.isEmpty() && this.name != null && !this.name.isEmpty();
	}

	/**
	 * Begin to emit the call.
	 * @param callIndex which call of the answer it is
	 * @param sink receives the first fragment
	 */
	void beginCall(int callIndex, TokenSink sink) {
		this.callIndex = callIndex;
		sink.next(new Token.ToolCallDelta(callIndex, callId(), name(), ""));
		String written = written();
		if (!written.isEmpty()) {
			sink.next(new Token.ToolCallDelta(callIndex, null, null, written));
		}
	}

	boolean hasBegun() {
		return this.callIndex >= 0;
	}

	boolean isCalled() {
		return this.called;
	}

	void arguments(String fragment, TokenSink sink) {
		if (this.arguments == null) {
			this.arguments = new StringBuilder();
		}
		this.arguments.append(fragment);
		if (hasBegun()) {
			sink.next(new Token.ToolCallDelta(this.callIndex, null, null, fragment));
		}
	}

	/**
	 * Emit the call, of which nothing more comes.
	 * @param whole its arguments, or {@code null} if they came in pieces only
	 * @param cut whether the call was cut off: one without arguments had not come to them
	 * then, and is not to be run without
	 * @param sink receives the call, and what is missing of its fragments
	 */
	void endCall(@Nullable String whole, boolean cut, TokenSink sink) {
		this.called = true;
		String written = written();
		String all = written;
		if (whole != null && !whole.isBlank()) {
			all = whole;
		}
		else if (written.isBlank() && this.firstArguments != null) {
			all = this.firstArguments;
		}
		if (all.length() > written.length() && all.startsWith(written)) {
			sink.next(new Token.ToolCallDelta(this.callIndex, null, null, all.substring(written.length())));
		}
		sink.next(new Token.ToolCall(this.callIndex, callId(), name(), (all.isBlank() && !cut) ? "{}" : all));
	}

	private String written() {
		return (this.arguments != null) ? this.arguments.toString() : "";
	}

	private String callId() {
		if (this.callId == null || this.callId.isEmpty()) {
			this.callId = (this.id != null && !this.id.isEmpty()) ? this.id
					: "call_" + UUID.randomUUID().toString().replace("-", "");
		}
		return this.callId;
	}

	private String name() {
		return (this.name != null) ? this.name : "";
	}

}
