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

package io.llmstream.provider;

import java.util.Set;

import io.llmstream.engine.BuiltInDialects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Capabilities}: which models go on with their own text.
 */
class CapabilitiesTests {

	private static Capabilities capabilities(String type) {
		return BuiltInDialects.all()
			.stream()
			.filter((dialect) -> dialect.type().equals(type))
			.findFirst()
			.orElseThrow()
			.capabilities();
	}

	@ParameterizedTest
	@ValueSource(strings = { "claude-haiku-4-5", "claude-haiku-4-5-20251001", "claude-sonnet-4-20250514",
			"claude-opus-4-1-20250805", "claude-opus-4-1@20250805", "claude-sonnet-4-0", "claude-sonnet-4-5",
			"claude-3-7-sonnet-latest", "claude-3-5-haiku-20241022", "Claude-3-Opus", "claude-2.1",
			"claude-instant-1.2" })
	void modelsOfAnthropicUpToFourFiveTakeAPrefill(String model) {
		assertThat(capabilities("anthropic").prefills(model)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "claude-opus-4-6", "claude-sonnet-4-6", "claude-opus-4-7", "claude-sonnet-4-6-20260101",
			"claude-opus-5", "claude-sonnet-5", "claude-fable-5", "claude-mythos-preview", "claude-opus-4-10",
			"claude-30", "another" })
	void laterAndUnknownModelsDoNot(String model) {
		assertThat(capabilities("anthropic").prefills(model)).isFalse();
	}

	@Test
	void serversThatAreNotKnownToTakeAPrefillDoNot() {
		assertThat(capabilities("openai").prefills("gpt-4o")).isFalse();
		assertThat(capabilities("openai-compatible").prefills("claude-3-opus")).isFalse();
		assertThat(capabilities("vllm").prefills("meta-llama/Llama-3.3-70B-Instruct")).isTrue();
	}

	@Test
	void whatIsTakenAwayDoesNotTakePrefillAway() {
		Capabilities capabilities = new Capabilities(Set.of(Capability.SEED)).withPrefill("^m$");
		assertThat(capabilities.without(Capability.SEED).prefills("M")).isTrue();
		assertThat(capabilities.prefills("mm")).isFalse();
	}

}
