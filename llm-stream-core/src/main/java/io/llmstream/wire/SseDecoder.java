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

package io.llmstream.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * Reads an event stream as the HTML standard says ("Server-sent events", parsing), with
 * four tolerances for what model servers do:
 * <ul>
 * <li>A field {@code error:} becomes a frame with the event {@code error} and the value
 * as its data, unless data other than {@code [DONE]} follows it in the same block.</li>
 * <li>A line that begins with a curly or square bracket where no data came before in its
 * block is the beginning of bare JSON, and becomes a frame as soon as its brackets
 * balance.</li>
 * <li>The same after {@code data:} lines without a value.</li>
 * <li>{@link #end()} gives the event that the stream did not terminate.</li>
 * </ul>
 * An event with one {@code data:} line is a view of the buffer; nothing is copied. For
 * one body and one thread at a time. {@link #next()} and {@link #end()} throw
 * {@link FrameTooLongException} from the first frame on that is longer than the limit.
 */
public final class SseDecoder extends InboxDecoder {

	private static final byte[] NONE = new byte[0];

	private static final int LONGEST_PREFIX = "data: ".length();

	private final Brackets brackets = new Brackets();

	private Mode mode = Mode.LINE;

	/** The last line ended with CR: an LF that follows belongs to it. */
	private boolean afterCarriageReturn;

	private boolean hasData;

	private boolean dataIsBlank;

	private int dataStart;

	private int dataEnd;

	private @Nullable String event;

	private byte @Nullable [] error;

	private boolean errorFollowsData;

	private boolean errorIsNext;

	private String lastEventId = "";

	private @Nullable String newEventId;

	private long retryMillis = -1;

	/**
	 * Create a decoder.
	 * @param maxFrameBytes the most bytes that the data of one event may have, over all
	 * its lines
	 */
	public SseDecoder(int maxFrameBytes) {
		super(maxFrameBytes);
	}

	/**
	 * The id of the last event.
	 * @return the id, empty if there is none
	 */
	public String lastEventId() {
		return this.lastEventId;
	}

	/**
	 * How long the server asks to wait before a reconnect.
	 * @return a number of milliseconds, or -1 if it does not say
	 */
	public long retryMillis() {
		return this.retryMillis;
	}

	@Override
	int keepFrom() {
		closeGap();
		return (this.hasData) ? this.dataStart : this.start;
	}

	@Override
	void moved(int by) {
		super.moved(by);
		this.dataStart -= by;
		this.dataEnd -= by;
	}

	// comments between the data lines of one event must not add up in the buffer
	private void closeGap() {
		int length = this.dataEnd - this.dataStart;
		if (this.hasData && this.start - this.dataEnd > Math.max(length, 1024)) {
			byte[] in = this.inbox.bytes();
			System.arraycopy(in, this.dataStart, in, this.start - length, length);
			this.dataStart = this.start - length;
			this.dataEnd = this.start;
		}
	}

	@Override
	@Nullable Frame read() {
		if (this.errorIsNext) {
			return errorFrame();
		}
		while (true) {
			skipLineFeed();
			chooseMode();
			if (this.mode == Mode.JSON) {
				return readJson();
			}
			int lineEnd = findLineEnd();
			if (lineEnd < 0) {
				checkUnfinishedLine();
				return null;
			}
			int start = this.start;
			this.afterCarriageReturn = this.inbox.bytes()[lineEnd] == '\r';
			this.start = lineEnd + 1;
			this.scanned = this.start;
			if (this.mode != Mode.LINE) {
				this.mode = Mode.LINE;
			}
			else if (lineEnd > start) {
				field(start, lineEnd);
			}
			else {
				Frame dispatched = dispatch();
				if (dispatched != null) {
					return dispatched;
				}
			}
		}
	}

	@Override
	@Nullable Frame rest() {
		int start = this.start;
		int end = this.inbox.end();
		this.start = end;
		this.scanned = end;
		if (this.mode == Mode.JSON) {
			this.mode = Mode.LINE;
			return set(start, end);
		}
		if (this.mode == Mode.LINE && start < end) {
			lastField(start, end);
		}
		return dispatch();
	}

	private void skipLineFeed() {
		if (this.afterCarriageReturn && this.start < this.inbox.end()) {
			this.afterCarriageReturn = false;
			if (this.inbox.bytes()[this.start] == '\n') {
				this.start++;
				this.scanned = this.start;
			}
		}
	}

	private void chooseMode() {
		byte[] in = this.inbox.bytes();
		int end = this.inbox.end();
		if (this.mode == Mode.AFTER_JSON) {
			while (this.start < end && (in[this.start] == ' ' || in[this.start] == '\t' || in[this.start] == ',')) {
				this.start++;
			}
			this.scanned = this.start;
			if (this.start < end) {
				this.mode = (isOpen(in[this.start])) ? Mode.JSON : Mode.IGNORE;
			}
		}
		else if (this.mode == Mode.LINE && this.start < end && isOpen(in[this.start])
				&& (!this.hasData || this.dataIsBlank)) {
			this.mode = Mode.JSON;
			this.hasData = false;
			this.scanned = this.start;
		}
		if (this.mode == Mode.JSON && this.scanned == this.start) {
			this.brackets.reset();
		}
	}

	private static boolean isOpen(byte b) {
		return b == '{' || b == '[';
	}

	private @Nullable Frame readJson() {
		int end = this.inbox.end();
		int close = this.brackets.scan(this.inbox.bytes(), this.scanned, end);
		this.scanned = (close < 0) ? end : close;
		checkLength(this.scanned - this.start);
		if (close < 0) {
			return null;
		}
		int start = this.start;
		this.start = close;
		this.mode = Mode.AFTER_JSON;
		return set(start, close);
	}

	private int findLineEnd() {
		int end = this.inbox.end();
		int found = LineScan.firstEnd(this.inbox.bytes(), this.scanned, end);
		if (found < 0) {
			this.scanned = end;
		}
		return found;
	}

	private void checkUnfinishedLine() {
		int end = this.inbox.end();
		if (this.start == end || this.mode == Mode.AFTER_JSON) {
			return;
		}
		byte first = this.inbox.bytes()[this.start];
		if (this.mode == Mode.IGNORE || first == ':') {
			this.mode = Mode.IGNORE;
			this.start = end;
			return;
		}
		int before = (this.hasData && first == 'd') ? this.dataEnd - this.dataStart : 0;
		checkLength(before + (end - this.start) - LONGEST_PREFIX);
	}

	private void field(int start, int end) {
		if (isData(start, end)) {
			data(valueStart(start + 4, end), end);
			return;
		}
		byte[] in = this.inbox.bytes();
		int colon = start;
		while (colon < end && in[colon] != ':') {
			colon++;
		}
		int value = valueStart(colon, end);
		if (is("event", start, colon)) {
			this.event = (value < end) ? EventNames.get(in, value, end - value) : null;
		}
		else if (is("error", start, colon)) {
			error(value, end);
		}
		else if (is("id", start, colon)) {
			id(value, end);
		}
		else if (is("retry", start, colon)) {
			retry(value, end);
		}
	}

	// the rest of any other field might be missing, and must not be taken for the whole
	private void lastField(int start, int end) {
		if (isData(start, end) || is("error", start, Math.min(start + 5, end))) {
			field(start, end);
		}
	}

	private boolean isData(int start, int end) {
		return is("data", start, Math.min(start + 4, end))
				&& (end == start + 4 || this.inbox.bytes()[start + 4] == ':');
	}

	private boolean is(String name, int start, int end) {
		if (end - start != name.length()) {
			return false;
		}
		byte[] in = this.inbox.bytes();
		for (int i = 0; i < name.length(); i++) {
			if (in[start + i] != name.charAt(i)) {
				return false;
			}
		}
		return true;
	}

	private int valueStart(int colon, int end) {
		if (colon == end) {
			return end;
		}
		int value = colon + 1;
		return (value < end && this.inbox.bytes()[value] == ' ') ? value + 1 : value;
	}

	// a further line moves up to the first one, over the field name between them
	private void data(int start, int end) {
		int length = end - start;
		if (this.hasData) {
			byte[] in = this.inbox.bytes();
			in[this.dataEnd++] = '\n';
			System.arraycopy(in, start, in, this.dataEnd, length);
			this.dataEnd += length;
			this.dataIsBlank &= length == 0;
		}
		else {
			this.hasData = true;
			this.dataStart = start;
			this.dataEnd = end;
			this.dataIsBlank = length == 0;
		}
		this.errorFollowsData = false;
		checkLength(this.dataEnd - this.dataStart);
	}

	private void error(int start, int end) {
		checkLength(end - start);
		this.error = Arrays.copyOfRange(this.inbox.bytes(), start, end);
		this.errorFollowsData = this.hasData;
	}

	private void id(int start, int end) {
		byte[] in = this.inbox.bytes();
		for (int i = start; i < end; i++) {
			if (in[i] == 0) {
				return;
			}
		}
		this.newEventId = new String(in, start, end - start, StandardCharsets.UTF_8);
	}

	private void retry(int start, int end) {
		if (start == end || end - start > 18) {
			return;
		}
		long millis = 0;
		for (int i = start; i < end; i++) {
			byte digit = this.inbox.bytes()[i];
			if (digit < '0' || digit > '9') {
				return;
			}
			millis = millis * 10 + (digit - '0');
		}
		this.retryMillis = millis;
	}

	private @Nullable Frame dispatch() {
		if (!this.hasData) {
			this.errorIsNext = this.error != null;
			reset();
			return (this.errorIsNext) ? errorFrame() : null;
		}
		Frame dispatched = set(this.dataStart, this.dataEnd);
		if (this.error != null && dispatched.dataIs("[DONE]")) {
			return errorFrame();
		}
		this.errorIsNext = this.error != null && this.errorFollowsData;
		if (!this.errorIsNext) {
			this.error = null;
		}
		return dispatched;
	}

	private Frame set(int start, int end) {
		this.frame.set(this.event, this.inbox.bytes(), start, end - start);
		reset();
		return this.frame;
	}

	private void reset() {
		this.event = null;
		this.hasData = false;
		if (this.newEventId != null) {
			this.lastEventId = this.newEventId;
			this.newEventId = null;
		}
	}

	private Frame errorFrame() {
		byte[] value = (this.error != null) ? this.error : NONE;
		this.error = null;
		this.errorIsNext = false;
		return this.frame.set("error", value, 0, value.length);
	}

	private enum Mode {

		/** In a line of the stream. */
		LINE,

		/** In bare JSON. */
		JSON,

		/** Behind bare JSON, in the same line. */
		AFTER_JSON,

		/** In a line, or the rest of one, that says nothing. */
		IGNORE

	}

}
