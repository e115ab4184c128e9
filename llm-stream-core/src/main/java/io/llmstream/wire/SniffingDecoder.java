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

import org.jspecify.annotations.Nullable;

/**
 * Finds out by its first bytes how a body is framed, because gateways answer with JSON
 * where an event stream was asked for, and the other way round. What is expected counts
 * unless the bytes contradict it. For one body and one thread at a time.
 * <p>
 * {@link #next()} and {@link #end()} throw {@link NotAStreamException} if the body is a
 * markup page or compressed, and {@link FrameTooLongException} from the first frame on
 * that is longer than the limit.
 */
public final class SniffingDecoder implements FrameDecoder {

	private static final String[] SSE_FIELDS = { "data", "event", "id", "retry", "error" };

	private static final int LONGEST_FIELD = 5;

	private final Framing expected;

	private final int maxFrameBytes;

	private Inbox inbox = new Inbox();

	private int start;

	private int scanned;

	private @Nullable FrameDecoder decoder;

	private @Nullable String refusal;

	/**
	 * Create a decoder.
	 * @param framing the framing that is expected
	 * @param maxFrameBytes the most bytes that one frame may have
	 */
	public SniffingDecoder(Framing framing, int maxFrameBytes) {
		this.expected = framing;
		this.maxFrameBytes = maxFrameBytes;
	}

	@Override
	public void feed(byte[] bytes, int offset, int length) {
		if (this.decoder != null) {
			this.decoder.feed(bytes, offset, length);
			return;
		}
		if (this.refusal != null) {
			return;
		}
		int moved = this.inbox.add(this.start, bytes, offset, length);
		this.start -= moved;
		this.scanned -= moved;
		sniff(false);
	}

	@Override
	public void lend(byte[] bytes, int offset, int length) {
		if (this.decoder != null) {
			this.decoder.lend(bytes, offset, length);
		}
		else {
			feed(bytes, offset, length);
		}
	}

	@Override
	public void keep() {
		if (this.decoder != null) {
			this.decoder.keep();
		}
	}

	@Override
	public @Nullable Frame next() {
		checkRefusal();
		return (this.decoder != null) ? this.decoder.next() : null;
	}

	@Override
	public @Nullable Frame end() {
		if (this.decoder == null && this.refusal == null) {
			sniff(true);
		}
		checkRefusal();
		return (this.decoder != null) ? this.decoder.end() : null;
	}

	private void checkRefusal() {
		if (this.refusal != null) {
			throw new NotAStreamException(this.refusal);
		}
	}

	private void sniff(boolean ended) {
		byte[] in = this.inbox.bytes();
		int end = this.inbox.end();
		if (this.scanned == 0) {
			int mark = ByteOrderMark.length(in, 0, end);
			if (mark == ByteOrderMark.UNDECIDED && !ended) {
				return;
			}
			this.scanned = Math.max(mark, 0);
		}
		while (this.scanned < end && isWhitespace(in[this.scanned])) {
			if (in[this.scanned] == '\n') {
				// the line feed stays, for its decoder must not take what follows for the
				// beginning of the body
				this.start = this.scanned;
			}
			this.scanned++;
		}
		if (this.scanned - this.start > this.maxFrameBytes) {
			this.refusal = "nothing but white space came where a stream was expected";
		}
		else if (this.scanned < end) {
			choose(in, this.scanned, end, ended);
		}
		else if (ended) {
			use(this.expected);
		}
	}

	private static boolean isWhitespace(byte b) {
		return b == ' ' || b == '\t' || b == '\r' || b == '\n';
	}

	private void choose(byte[] in, int first, int end, boolean ended) {
		byte b = in[first];
		if (b == '<') {
			this.refusal = "an HTML or XML page came instead of a stream";
		}
		else if (b == 0x1F) {
			if (first + 1 < end || ended) {
				chooseCompressed(in, first, end);
			}
		}
		else if (this.expected == Framing.SSE) {
			use((b == '{' || b == '[') ? Framing.JSON_ARRAY : Framing.SSE);
		}
		else if (b == '[') {
			use(Framing.JSON_ARRAY);
		}
		else if (b == '{') {
			chooseForObject(in, first, end, ended);
		}
		else {
			chooseForText(in, first, end, ended);
		}
	}

	private void chooseCompressed(byte[] in, int first, int end) {
		if (first + 1 < end && in[first + 1] == (byte) 0x8B) {
			this.refusal = "a compressed body came that does not say so";
		}
		else {
			use(this.expected);
		}
	}

	// a document that goes on in the next line is pretty-printed
	private void chooseForObject(byte[] in, int first, int end, boolean ended) {
		int i = first + 1;
		while (i < end && (in[i] == ' ' || in[i] == '\t' || in[i] == '\r')) {
			i++;
		}
		if (i < end) {
			use((in[i] == '\n') ? Framing.JSON_ARRAY : this.expected);
		}
		else if (ended || end - this.start > this.maxFrameBytes) {
			use(this.expected);
		}
	}

	private void chooseForText(byte[] in, int first, int end, boolean ended) {
		int colon = first;
		while (colon < end && colon <= first + LONGEST_FIELD && in[colon] != ':') {
			colon++;
		}
		if (colon == end && colon <= first + LONGEST_FIELD && !ended) {
			return;
		}
		use((colon < end && in[colon] == ':' && isSseField(in, first, colon)) ? Framing.SSE : this.expected);
	}

	private static boolean isSseField(byte[] in, int from, int to) {
		if (from == to) {
			return true;
		}
		for (String field : SSE_FIELDS) {
			boolean same = field.length() == to - from;
			for (int i = 0; same && i < field.length(); i++) {
				same = in[from + i] == field.charAt(i);
			}
			if (same) {
				return true;
			}
		}
		return false;
	}

	private void use(Framing framing) {
		FrameDecoder chosen = switch (framing) {
			case SSE -> new SseDecoder(this.maxFrameBytes);
			case NDJSON -> new NdjsonDecoder(this.maxFrameBytes);
			case JSON_ARRAY -> new JsonArrayDecoder(this.maxFrameBytes);
		};
		chosen.lend(this.inbox.bytes(), this.start, this.inbox.end() - this.start);
		this.decoder = chosen;
		// what it held is the decoder's now
		this.inbox = new Inbox();
	}

}
