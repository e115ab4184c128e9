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
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The cost of a tool call does not grow with the number of those before it. Were each
 * compared with all others, these would take a minute and not a second.
 */
class ManyCallsTests {

	private static final String CHAT_END = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"tool_calls\"}]}\n\n"
			+ "data: [DONE]\n\n";

	private static String repeat(int count, IntFunction<String> piece) {
		return IntStream.range(0, count).mapToObj(piece).collect(Collectors.joining());
	}

	private static RecordedAnswer answer(String type, String body) {
		return RecordedAnswer.of(BuiltInDialects.find(type), body.getBytes(StandardCharsets.UTF_8));
	}

	@Test
	@Timeout(30)
	void chatCallsThatAreToldApartByTheirIds() {
		String body = repeat(150_000, (i) -> "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"id\":\"c" + i
				+ "\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}}]}\n\n");
		assertThat(answer("openai", body + CHAT_END).calls).hasSize(150_000);
	}

	@Test
	@Timeout(30)
	void itemsThatAreToldOnceMoreAtTheEnd() {
		IntFunction<String> item = (i) -> "{\"type\":\"function_call\",\"id\":\"i" + i + "\",\"call_id\":\"c" + i
				+ "\",\"name\":\"f\",\"arguments\":\"{}\"}";
		int count = 15_000;
		String body = repeat(count,
				(i) -> "data: {\"type\":\"response.output_item.added\",\"output_index\":" + i + ",\"item\":"
						+ item.apply(i) + "}\n\n")
				+ "data: {\"type\":\"response.completed\",\"response\":{\"id\":\"r\",\"status\":\"completed\",\"output\":["
				+ item.apply(0) + repeat(count - 1, (i) -> "," + item.apply(i + 1)) + "]}}\n\n";
		assertThat(answer("openai-responses", body).calls).hasSize(count);
	}

}
