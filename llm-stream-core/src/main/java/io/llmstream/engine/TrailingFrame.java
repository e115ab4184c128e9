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

import io.llmstream.json.JsonReader;
import io.llmstream.json.MalformedJsonException;
import io.llmstream.provider.EndMark;
import io.llmstream.wire.Frame;

/**
 * The frame that the end of the input left unterminated. Some servers leave out the last
 * blank line, so it counts if it is whole.
 */
final class TrailingFrame {

	private TrailingFrame() {
	}

	static boolean isComplete(Frame frame) {
		if ("error".equals(frame.event())) {
			return true;
		}
		int before = EndMark.before(frame);
		JsonReader reader = new JsonReader();
		reader.reset(frame.bytes(), frame.offset(), (before >= 0) ? before : frame.length());
		try {
			boolean any = before >= 0;
			while (reader.hasDocument()) {
				reader.skip();
				any = true;
			}
			return any;
		}
		catch (MalformedJsonException ex) {
			return false;
		}
	}

}
