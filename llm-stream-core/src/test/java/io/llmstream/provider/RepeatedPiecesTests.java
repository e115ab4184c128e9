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

import java.util.Random;
import java.util.stream.Stream;

import io.llmstream.Token;
import io.llmstream.engine.BuiltInDialects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An event that repeats the one before it, but for its text, is not read but compared.
 * What comes out must be the same as where no event is like the one before:
 * {@link DecodedAnswer} decodes each stream both ways.
 */
class RepeatedPiecesTests {

	private static final int STREAMS = 150;

	private static final int EVENTS = 40;

	static Stream<Arguments> wires() {
		return Stream.of(Arguments.of("openai", new String[] {
				"{\"id\":\"c1\",\"created\":%d,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"},\"finish_reason\":null}],\"obfuscation\":\"%s\"}",
				"{\"id\":\"c1\",\"created\":%d,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":null,\"reasoning_content\":\"%s\"},\"finish_reason\":null}],\"obfuscation\":\"%s\"}",
				"{\"id\":\"c1\",\"created\":%d,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\",\"reasoning\":\"%s\"},\"finish_reason\":null}],\"p\":\"%s\"}",
				"{\"id\":\"c1\",\"created\":%d,\"model\":\"m\",\"choices\":[{\"index\":1,\"delta\":{\"content\":\"%s\"}}],\"p\":\"%s\"}",
				"{\"id\":\"c1\",\"n\":%d,\"model\":\"n\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"}}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2},\"p\":\"%s\"}",
				"{\"id\":\"c1\",\"n\":%d,\"choices\":[{\"index\":0,\"delta\":{\"refusal\":\"%s\"}}],\"p\":\"%s\"}",
				"{\"id\":\"c1\",\"n\":%d,\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"t1\",\"function\":{\"name\":\"f\",\"arguments\":\"%s\"}}]}}],\"p\":\"%s\"}",
				"{\"id\":\"c1\",\"n\":%d,\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"},\"logprobs\":{\"content\":[]}}],\"p\":\"%s\"}",
				"{\"id\":\"c1\",\"n\":%d,\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"},\"finish_reason\":\"stop\"}],\"p\":\"%s\"}" }),
				Arguments.of("anthropic", new String[] {
						"{\"type\":\"content_block_delta\",\"index\":0,\"n\":%d,\"delta\":{\"type\":\"text_delta\",\"text\":\"%s\"},\"p\":\"%s\"}",
						"{\"type\":\"content_block_delta\",\"index\":0,\"n\":%d,\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"%s\"},\"p\":\"%s\"}",
						"{\"type\":\"content_block_delta\",\"index\":1,\"n\":%d,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"%s\"},\"p\":\"%s\"}",
						"{\"type\":\"content_block_start\",\"index\":1,\"n\":%d,\"content_block\":{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"%s\",\"input\":{}},\"p\":\"%s\"}",
						"{\"type\":\"content_block_stop\",\"index\":1,\"n\":%d,\"x\":\"%s\",\"p\":\"%s\"}",
						"{\"type\":\"message_delta\",\"n\":%d,\"delta\":{\"text\":\"%s\"},\"usage\":{\"output_tokens\":5},\"p\":\"%s\"}" }),
				Arguments.of("openai-responses", new String[] {
						"{\"type\":\"response.output_text.delta\",\"sequence_number\":%d,\"item_id\":\"i\",\"output_index\":0,\"content_index\":0,\"delta\":\"%s\",\"obfuscation\":\"%s\"}",
						"{\"type\":\"response.output_text.delta\",\"sequence_number\":%d,\"item_id\":\"j\",\"output_index\":1,\"content_index\":0,\"delta\":\"%s\",\"obfuscation\":\"%s\"}",
						"{\"type\":\"response.reasoning_summary_text.delta\",\"sequence_number\":%d,\"output_index\":2,\"summary_index\":0,\"delta\":\"%s\",\"obfuscation\":\"%s\"}",
						"{\"type\":\"response.refusal.delta\",\"sequence_number\":%d,\"output_index\":3,\"delta\":\"%s\",\"p\":\"%s\"}",
						"{\"type\":\"response.output_text.done\",\"sequence_number\":%d,\"output_index\":0,\"content_index\":0,\"text\":\"%s\",\"p\":\"%s\"}" }),
				Arguments.of("ollama", new String[] {
						"{\"model\":\"m\",\"created_at\":\"%d\",\"message\":{\"role\":\"assistant\",\"content\":\"%s\"},\"done\":false,\"remote_model\":\"%s\"}",
						"{\"model\":\"m\",\"created_at\":\"%d\",\"message\":{\"role\":\"assistant\",\"content\":\"\",\"thinking\":\"%s\"},\"done\":false,\"remote_model\":\"%s\"}",
						"{\"model\":\"m\",\"created_at\":\"%d\",\"message\":{\"role\":\"assistant\",\"content\":\"%s\",\"images\":[\"%s\"]},\"done\":false}",
						"{\"model\":\"m\",\"created_at\":\"%d\",\"eval_count\":3,\"message\":{\"role\":\"assistant\",\"content\":\"%s\"},\"done\":false,\"remote_model\":\"%s\"}" }),
				Arguments.of("gemini", new String[] {
						"{\"n\":%d,\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"%s\"}],\"role\":\"model\"},\"index\":0}],\"modelVersion\":\"m\",\"p\":\"%s\"}",
						"{\"n\":%d,\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"%s\",\"thought\":true}],\"role\":\"model\"},\"index\":0}],\"p\":\"%s\"}" }));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("wires")
	void aRepeatedPieceIsWhatItWouldBeHadItBeenRead(String type, String[] shapes) {
		ProviderDialect dialect = BuiltInDialects.find(type);
		int texts = 0;
		for (int seed = 0; seed < STREAMS; seed++) {
			Random random = new Random(seed);
			String[] events = new String[EVENTS];
			int shape = 0;
			for (int i = 0; i < EVENTS; i++) {
				shape = (random.nextInt(4) == 0) ? random.nextInt(shapes.length) : shape;
				String event = shapes[shape].formatted((random.nextInt(3) == 0) ? i : 7, piece(random), pad(random));
				events[i] = event;
			}
			texts += DecodedAnswer.of(dialect, events).tokens(Token.Text.class).size();
		}
		assertThat(texts).isGreaterThan(STREAMS);
	}

	private static String piece(Random random) {
		String[] pieces = { " the", "a", "\\n", " \\\"quoted\\\"", "é", "\\ud83d\\ude00", "日本", "",
				" longer than others" };
		return pieces[random.nextInt(pieces.length)];
	}

	private static String pad(Random random) {
		return "x".repeat(random.nextInt(6));
	}

}
