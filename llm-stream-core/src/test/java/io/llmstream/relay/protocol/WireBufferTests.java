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

package io.llmstream.relay.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.BYTE_ARRAY;

class WireBufferTests {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private final WireBuffer buffer = new WireBuffer();

	@Test
	void everyCharacterSurvives() {
		StringBuilder all = new StringBuilder();
		for (char c = 0; c < Character.MAX_VALUE; c++) {
			all.append(c).append((c % 3 == 0) ? "\ud83d\ude00" : "x");
		}
		byte[] bytes = this.buffer.string(all.toString()).take();
		String json = new String(bytes, StandardCharsets.UTF_8);
		assertThat(json.getBytes(StandardCharsets.UTF_8)).isEqualTo(bytes);
		assertThat(JSON.readValue(json, String.class).contentEquals(all)).isTrue();
		assertThat(json.chars()).noneMatch((c) -> c < 0x20 || c == 0x7f);
	}

	@Test
	void randomTextSurvivesInOneReusedBuffer() {
		Random random = new Random(7);
		for (int i = 0; i < 2_000; i++) {
			StringBuilder text = new StringBuilder();
			for (int length = random.nextInt(600); length > 0; length--) {
				text.append((char) random.nextInt((random.nextBoolean()) ? 0x80 : 0x10000));
			}
			String json = new String(this.buffer.string(text.toString()).take(), StandardCharsets.UTF_8);
			assertThat(JSON.readValue(json, String.class)).isEqualTo(text.toString());
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "\ud83d", "\ude00", "a\ude00\ud83d", "\ud83d\ud83d\ude00" })
	void halfASurrogatePairIsAnEscape(String text) {
		String json = new String(this.buffer.string(text).take(), StandardCharsets.UTF_8);
		assertThat(json).contains("\\ud").doesNotContain("?").doesNotContain("\ufffd");
		assertThat(JSON.readValue(json, String.class)).isEqualTo(text);
	}

	@Test
	void takingEmptiesTheBuffer() {
		assertThat(this.buffer.raw("ab").number(-12).take()).isEqualTo("ab-12".getBytes(StandardCharsets.US_ASCII));
		assertThat(this.buffer.take()).isEmpty();
		byte[] large = "y".repeat(50_000).getBytes(StandardCharsets.US_ASCII);
		assertThat(this.buffer.raw(large).take()).isEqualTo(large);
		assertThat(this.buffer.raw("z").take()).isEqualTo(new byte[] { 'z' });
	}

	@Test
	void aBufferHoldsNothingBetweenTwoWrites() {
		assertThat(this.buffer).extracting("bytes", BYTE_ARRAY).isEmpty();
		this.buffer.string("text").take();
		assertThat(this.buffer).extracting("bytes", BYTE_ARRAY).isEmpty();
		byte[] large = new byte[50_000];
		this.buffer.raw(large).take();
		assertThat(this.buffer).extracting("bytes", BYTE_ARRAY).isEmpty();
	}

	@Test
	void buffersThatAreWrittenAtOnceKeepApart() throws Exception {
		WireBuffer other = new WireBuffer();
		WireBuffer third = new WireBuffer();
		this.buffer.raw("warm").take();
		for (int round = 0; round < 3; round++) {
			this.buffer.raw("a");
			other.raw("b");
			this.buffer.raw("c");
			byte[] mine = this.buffer.take();
			third.raw("d");
			other.raw("e");
			// and is taken by another thread than wrote it
			AtomicReference<byte[]> taken = new AtomicReference<>();
			Thread thread = new Thread(() -> taken.set(other.take()));
			thread.start();
			thread.join();
			assertThat(mine).asString().isEqualTo("ac");
			assertThat(taken.get()).asString().isEqualTo("be");
			assertThat(third.take()).asString().isEqualTo("d");
		}
	}

}
