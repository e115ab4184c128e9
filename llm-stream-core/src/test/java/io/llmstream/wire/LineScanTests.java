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

import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LineScanTests {

	@Test
	void theFirstEndIsFoundWhereverItStands() {
		for (byte end : new byte[] { '\n', '\r' }) {
			for (int from = 0; from < 9; from++) {
				for (int index = from; index < 40; index++) {
					byte[] bytes = new byte[40];
					Arrays.fill(bytes, 0, from, (byte) '\n');
					bytes[index] = end;
					assertThat(LineScan.firstEnd(bytes, from, 40)).isEqualTo(index);
					assertThat(LineScan.firstEnd(bytes, from, index)).isEqualTo(-1);
				}
			}
		}
	}

	@Test
	void anyBytesGiveWhatALoopWouldFind() {
		Random random = new Random(7);
		for (int round = 0; round < 20_000; round++) {
			byte[] bytes = new byte[32];
			for (int i = 0; i < bytes.length; i++) {
				// neighbours of what is looked for, which a carry could mark
				bytes[i] = (byte) ((random.nextInt(12) == 0) ? random.nextInt(256)
						: "\u000b\t\f\u000e".charAt(random.nextInt(4)));
			}
			int expected = -1;
			for (int i = 0; i < bytes.length && expected < 0; i++) {
				expected = (bytes[i] == '\n' || bytes[i] == '\r') ? i : -1;
			}
			assertThat(LineScan.firstEnd(bytes, 0, bytes.length)).isEqualTo(expected);
		}
	}

}
