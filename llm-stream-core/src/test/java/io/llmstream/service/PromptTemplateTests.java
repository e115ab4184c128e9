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

package io.llmstream.service;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PromptTemplate}.
 */
class PromptTemplateTests {

	private static final Map<String, String> VALUES = Map.of("name", "{name} {{x}} $1 \\", "n", "", "a1_b", "!");

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			value = { "no variable|no variable", "{name}|{name} {{x}} $1 \\", "a{n}b{n}|ab", "{{name}}|{name}",
					"{ name }|{ name }", "{\"name\": 1}|{\"name\": 1}", "{a1_b}{a1_b}|!!", "{{a}} {|{a} {", "{1a}|{1a}",
					"{}|{}", "{{{a1_b}}}|{!}", "}{|}{", "{a1_b|{a1_b", "{{\"a\":{}}}|{{\"a\":{}}}" })
	void valuesAreTextAndNothingElse(String template, String text) {
		assertThat(PromptTemplate.parse(template).render(VALUES::get)).isEqualTo(text);
	}

	@Test
	void itKnowsWhatItNeeds() {
		assertThat(PromptTemplate.parse("{b} {a} {{c}} {b} { d }").variables()).containsExactly("b", "a");
		assertThat(PromptTemplate.parse("").variables()).isEmpty();
	}

}
