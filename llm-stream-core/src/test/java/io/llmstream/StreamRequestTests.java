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

package io.llmstream;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class StreamRequestTests {

	@Test
	void requestsShareTheMembersThatNoneOfThemHas() {
		StreamRequest one = StreamRequest.of("one");
		StreamRequest other = StreamRequest.of("other");
		assertThat((Object) one.extra()).isSameAs(other.extra());
		assertThat((Object) one.headers()).isSameAs(other.headers());
		assertThat((Object) one.tags()).isSameAs(other.tags());
	}

	@Test
	void membersThatAreEmptyCanBeAskedForAnythingAndChangedByNobody() {
		for (Map<String, ?> members : List.of(StreamRequest.of("one").extra(), StreamRequest.of("one").headers(),
				StreamRequest.of("one").tags())) {
			assertThat(members.get(null)).isNull();
			assertThat(members.containsKey(null)).isFalse();
			assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> members.put("a", null));
		}
	}

	@Test
	void membersKeepTheirOrderAndAreOfTheRequestAlone() {
		StreamRequest.Builder builder = StreamRequest.builder().user("a").header("z", "1").header("a", "2");
		builder.tag("y", "1").tag("b", "2").extra("x", 1).extra("c", 2);
		StreamRequest request = builder.build();
		builder.header("m", "3").tag("m", "3").extra("m", 3);
		assertThat(request.headers().keySet()).containsExactly("z", "a");
		assertThat(request.tags().keySet()).containsExactly("y", "b");
		assertThat(request.extra().keySet()).containsExactly("x", "c");
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> request.headers().put("a", "3"));
	}

}
