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

/**
 * The bytes that a decoder was fed and still needs. Space is reused, and grows by powers
 * of two, so that the cost per byte stays constant however small the pieces are. It
 * begins small: thousands of streams are open at a time, and most get one event at once.
 */
final class Inbox {

	private static final int SMALLEST = 1024;

	private static final int LARGEST = Integer.MAX_VALUE - 8;

	private static final byte[] NONE = {};

	private byte[] own = NONE;

	/** Where the bytes are now: in an array of its own, or in one that was lent. */
	private byte[] bytes = NONE;

	private int end;

	byte[] bytes() {
		return this.bytes;
	}

	int end() {
		return this.end;
	}

	/**
	 * Add bytes behind those that are still needed.
	 * @param keep where the bytes start that are still needed
	 * @return by how much these have moved towards the front
	 */
	int add(int keep, byte[] in, int offset, int length) {
		int moved = keep(keep);
		keep -= moved;
		int kept = this.end - keep;
		if (kept == 0 || length > this.bytes.length - this.end) {
			moveToFront(keep, kept, (long) kept + length);
			moved += keep;
		}
		System.arraycopy(in, offset, this.bytes, this.end, length);
		this.end += length;
		return moved;
	}

	/**
	 * Use bytes where they are, if none of those before are needed; or else add them.
	 * @param keep where the bytes start that are still needed
	 * @return by how much these have moved towards the front
	 */
	int lend(int keep, byte[] in, int offset, int length) {
		if (keep != this.end) {
			return add(keep, in, offset, length);
		}
		this.bytes = in;
		this.end = offset + length;
		return keep - offset;
	}

	/**
	 * Copy what is still needed of bytes that were lent.
	 * @param keep where the bytes start that are still needed
	 * @return by how much these have moved towards the front
	 */
	int keep(int keep) {
		byte[] lent = this.bytes;
		if (lent == this.own) {
			return 0;
		}
		int kept = this.end - keep;
		this.bytes = this.own;
		this.end = 0;
		if (kept > 0) {
			add(0, lent, keep, kept);
		}
		return keep;
	}

	private void moveToFront(int keep, int kept, long needed) {
		if (needed > LARGEST) {
			throw new IllegalArgumentException("too much was fed at once");
		}
		byte[] target = this.bytes;
		// a quarter stays free, or else what is kept would be moved again and again
		long roomy = (kept == 0) ? needed : needed + needed / 3;
		if (roomy > target.length) {
			target = new byte[capacity(roomy)];
		}
		System.arraycopy(this.bytes, keep, target, 0, kept);
		this.own = target;
		this.bytes = target;
		this.end = kept;
	}

	private static int capacity(long roomy) {
		long capacity = SMALLEST;
		while (capacity < roomy) {
			capacity *= 2;
		}
		return (int) Math.min(capacity, LARGEST);
	}

}
