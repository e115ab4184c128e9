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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Feeds a body to decoders in all ways in which a network may cut it.
 */
final class Feeding {

	private Feeding() {
	}

	static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * What a decoder makes of a body that comes in pieces which end at the given places.
	 */
	static List<Got> decode(FrameDecoder decoder, byte[] body, boolean lenient, int... cuts) {
		return decode(decoder, body, lenient, Hand.COPIED, cuts);
	}

	private static List<Got> decode(FrameDecoder decoder, byte[] body, boolean lenient, Hand hand, int... cuts) {
		List<Got> frames = new ArrayList<>();
		int from = 0;
		for (int cut : cuts) {
			feed(decoder, body, from, cut, hand, frames);
			from = cut;
		}
		feed(decoder, body, from, body.length, hand, frames);
		if (lenient) {
			for (Frame frame = decoder.end(); frame != null; frame = decoder.end()) {
				frames.add(new Got(frame.event(), frame.text()));
			}
		}
		return frames;
	}

	private static void feed(FrameDecoder decoder, byte[] body, int from, int to, Hand hand, List<Got> frames) {
		// a fresh array, overwritten as soon as it may be, shows what the decoder copies
		byte[] piece = new byte[to - from + 2];
		System.arraycopy(body, from, piece, 1, to - from);
		if (hand == Hand.COPIED) {
			decoder.feed(piece, 1, to - from);
			Arrays.fill(piece, (byte) '#');
		}
		else {
			decoder.lend(piece, 1, to - from);
		}
		for (Frame frame = decoder.next(); frame != null; frame = decoder.next()) {
			frames.add(new Got(frame.event(), frame.text()));
			if (hand == Hand.LENT_FOR_A_FRAME) {
				decoder.keep();
				Arrays.fill(piece, (byte) '#');
			}
		}
		decoder.keep();
		Arrays.fill(piece, (byte) '#');
	}

	static void assertFrames(Supplier<FrameDecoder> decoders, byte[] body, boolean lenient, List<Got> expected) {
		int[] every = new int[body.length];
		for (int i = 0; i < body.length; i++) {
			every[i] = i;
		}
		int step = Math.max(1, body.length / 2000);
		for (Hand hand : Hand.values()) {
			assertThat(decode(decoders.get(), body, lenient, hand)).as("whole, %s", hand).isEqualTo(expected);
			assertThat(decode(decoders.get(), body, lenient, hand, every)).as("byte by byte, %s", hand)
				.isEqualTo(expected);
			for (int cut = 0; cut <= body.length; cut += step) {
				assertThat(decode(decoders.get(), body, lenient, hand, cut)).as("cut at %d, %s", cut, hand)
					.isEqualTo(expected);
			}
		}
	}

	/**
	 * How bytes are handed to a decoder.
	 */
	private enum Hand {

		COPIED, LENT, LENT_FOR_A_FRAME

	}

	static Got got(String data) {
		return new Got(null, data);
	}

	static Got got(@Nullable String event, String data) {
		return new Got(event, data);
	}

	record Got(@Nullable String event, String data) {
	}

}
