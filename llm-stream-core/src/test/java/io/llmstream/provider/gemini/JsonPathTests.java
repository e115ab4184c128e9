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

package io.llmstream.provider.gemini;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JsonPath}.
 */
class JsonPathTests {

	@Test
	void splitsMembersAndElements() {
		assertThat(JsonPath.steps("$.a")).containsExactly("a");
		assertThat(JsonPath.steps("$.a.b[0].c[12][3]")).containsExactly("a", "b", 0, "c", 12, 3);
	}

	@Test
	void readsQuotedNames() {
		assertThat(JsonPath.steps("$['a name'][0][\"x.y\"]")).containsExactly("a name", 0, "x.y");
		assertThat(JsonPath.steps("$['it\\'s']")).containsExactly("it's");
		assertThat(JsonPath.steps("$.größe")).containsExactly("größe");
	}

	@Test
	void takesWhatItCannotReadAsOneName() {
		for (String path : new String[] { "", "a.b", "$", "$.", "$.a[", "$.a[x]", "$.a[0", "$['a", "$[0]",
				"$.a[9999999999]" }) {
			assertThat(JsonPath.steps(path)).as(path).containsExactly(path);
		}
	}

}
