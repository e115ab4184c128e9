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

package io.llmstream.test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import io.llmstream.wire.Framing;

/**
 * Makes response bodies of frames.
 */
final class DialectBody {

	private final List<DialectSample> frames;

	private final Framing framing;

	private final String lineEnd;

	private final boolean keepAlive;

	private DialectBody(List<DialectSample> frames, Framing framing, String lineEnd, boolean keepAlive) {
		this.frames = List.copyOf(frames);
		this.framing = framing;
		this.lineEnd = lineEnd;
		this.keepAlive = keepAlive;
	}

	static DialectBody of(List<DialectSample> frames, Framing framing) {
		return new DialectBody(frames, framing, "\n", false);
	}

	DialectBody withLineEnd(String end) {
		return new DialectBody(this.frames, this.framing, end, this.keepAlive);
	}

	DialectBody withKeepAlives() {
		return new DialectBody(this.frames, this.framing, this.lineEnd, true);
	}

	DialectBody first(int count) {
		return new DialectBody(this.frames.subList(0, count), this.framing, this.lineEnd, this.keepAlive);
	}

	/**
	 * Put a frame between others.
	 * @param index how many frames come before
	 * @param frame the frame
	 * @return a changed copy
	 */
	DialectBody with(int index, DialectSample frame) {
		List<DialectSample> all = new ArrayList<>(this.frames);
		all.add(index, frame);
		return new DialectBody(all, this.framing, this.lineEnd, this.keepAlive);
	}

	byte[] bytes() {
		BodyFraming text = switch (this.framing) {
			case SSE -> new SseFraming(this.lineEnd);
			case NDJSON -> new LineFraming();
			case JSON_ARRAY -> new ArrayFraming();
		};
		StringBuilder body = new StringBuilder();
		for (DialectSample frame : this.frames) {
			body.append((this.keepAlive) ? text.keepAlive("keep-alive") : "")
				.append(text.frame(frame.event(), frame.data()));
		}
		return body.append(text.end()).toString().getBytes(StandardCharsets.UTF_8);
	}

}
