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

package io.llmstream.engine;

import java.nio.charset.StandardCharsets;

import io.llmstream.wire.Frame;
import io.llmstream.wire.SseDecoder;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.IllegalReferenceCountException;
import org.junit.jupiter.api.Test;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.core.io.buffer.NettyDataBufferFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of {@link Scratch}.
 */
class ScratchTests {

	private final SseDecoder frames = new SseDecoder(64 * 1024);

	private static DataBuffer buffer(String text) {
		return DefaultDataBufferFactory.sharedInstance.wrap(text.getBytes(StandardCharsets.UTF_8));
	}

	private String next() {
		Frame frame = this.frames.next();
		assertThat(frame).isNotNull();
		return frame.text();
	}

	@Test
	void whatIsLeftWhenItIsTakenBackIsKept() {
		Scratch lent = Scratch.feed(buffer("data: one\n\ndata: tw"), this.frames);
		assertThat(lent).isNotNull();
		assertThat(next()).isEqualTo("one");
		lent.takeBack(this.frames);
		Scratch other = Scratch.feed(buffer("data: another stream\n\n"), new SseDecoder(1024));
		assertThat(other).as("the array of the thread").isSameAs(lent);
		other.takeBack(new SseDecoder(1024));
		Scratch again = Scratch.feed(buffer("o\n\n"), this.frames);
		assertThat(next()).isEqualTo("two");
		if (again != null) {
			again.takeBack(this.frames);
		}
	}

	@Test
	void aBufferThatIsTooLongForItIsCopied() {
		String text = "x".repeat(40_000);
		assertThat(Scratch.feed(buffer("data: " + text + "\n\n"), this.frames)).isNull();
		assertThat(next()).isEqualTo(text);
	}

	@Test
	void aBufferThatCannotBeReadLeavesItToTheNext() {
		DataBuffer released = new NettyDataBufferFactory(PooledByteBufAllocator.DEFAULT).allocateBuffer(16)
			.write((byte) 1);
		DataBufferUtils.release(released);
		assertThatExceptionOfType(IllegalReferenceCountException.class)
			.isThrownBy(() -> Scratch.feed(released, this.frames));
		Scratch lent = Scratch.feed(buffer("data: one\n\n"), this.frames);
		assertThat(lent).isNotNull();
		assertThat(next()).isEqualTo("one");
		lent.takeBack(this.frames);
	}

}
