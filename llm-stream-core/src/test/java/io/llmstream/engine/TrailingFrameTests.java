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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TrailingFrame}.
 */
class TrailingFrameTests {

	private static boolean isComplete(String data) {
		byte[] bytes = data.getBytes(StandardCharsets.UTF_8);
		return TrailingFrame.isComplete(new Frame().set(null, bytes, 0, bytes.length));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"a\":1}", "{}\n{}", "[DONE]", " [DONE]\n", "{\"a\":1}\n[DONE]", "{}{} [DONE] " })
	void wholeDocumentsAndTheEndMarkCount(String data) {
		assertThat(isComplete(data)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{\"a\":1", "{}\n{", "{\"a\":\n[DONE]", "[DONE", "{}[DO" })
	void whatIsCutOffDoesNot(String data) {
		assertThat(isComplete(data)).isFalse();
	}

}
