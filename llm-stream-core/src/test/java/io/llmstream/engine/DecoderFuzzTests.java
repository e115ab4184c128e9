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
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.llmstream.ErrorKind;
import io.llmstream.LlmStreamException;
import io.llmstream.json.MalformedJsonException;
import io.llmstream.provider.ProviderErrorException;
import io.llmstream.wire.FrameTooLongException;
import io.llmstream.wire.NotAStreamException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Answers in which values were exchanged, left out or repeated at random, or bytes were
 * broken, end in an answer or in an error that says what is wrong, and the same however
 * they are cut.
 */
class DecoderFuzzTests {

	private static final JsonMapper mapper = JsonMapper.builder().build();

	private static final int ROUNDS = 150;

	private static final long SEED = 20_261_122;

	private static final String[] ODD = { "null", "true", "false", "0", "-1", "1e400", "1.5", "9223372036854775808",
			"123456789012345678901234567890", "\"\"", "\"7\"", "\"text\"", "\"null\"", "\"\\ud83d\"", "\"a\\u0000b\"",
			"\"[DONE]\"", "{}", "[]", "[null]", "[[]]", "[{}]", "{\"type\":null}", "{\"a\":{\"b\":[1,{\"c\":null}]}}",
			"[1,\"2\",{\"text\":3}]", "{\"error\":null}" };

	@ParameterizedTest
	@ValueSource(strings = { "openai", "openai-compatible", "mistral", "openrouter", "openai-responses", "anthropic",
			"gemini", "vertex", "ollama" })
	void oddAnswersEndInAnAnswerOrInAnErrorThatSaysWhatIsWrong(String type) throws Exception {
		Random random = new Random(SEED + type.hashCode());
		List<String> documents = FuzzAnswers.of(type);
		for (int round = 0; round < ROUNDS; round++) {
			byte[] body = body(type, documents, random);
			check(type, body, random);
		}
	}

	private static void check(String type, byte[] body, Random random) {
		RecordedAnswer whole = RecordedAnswer.of(BuiltInDialects.find(type), body);
		String text = new String(body, StandardCharsets.UTF_8);
		assertThat((whole.finish != null) ^ (whole.error != null)).as("one end: %s", text).isTrue();
		if (whole.error != null) {
			checkError(whole.error, text);
		}
		int[] cuts = random.ints(random.nextInt(6), 0, body.length + 1).sorted().toArray();
		assertThat(RecordedAnswer.of(BuiltInDialects.find(type), body, cuts).summary()).as("cut: %s", text)
			.isEqualTo(whole.summary());
	}

	private static void checkError(LlmStreamException error, String text) {
		assertThat(error.getMessage()).as(text).isNotBlank().doesNotContain("null").hasSizeLessThan(1000);
		if (error.getKind() == ErrorKind.MALFORMED && error.getCause() != null) {
			assertThat(error.getCause()).as(text)
				.isInstanceOfAny(MalformedJsonException.class, FrameTooLongException.class, NotAStreamException.class,
						ProviderErrorException.class);
		}
	}

	private static byte[] body(String type, List<String> documents, Random random) throws Exception {
		StringBuilder body = new StringBuilder();
		List<String> chosen = new ArrayList<>(documents);
		int swaps = random.nextInt(3);
		for (int i = 0; i < swaps; i++) {
			int at = random.nextInt(chosen.size());
			switch (random.nextInt(3)) {
				case 0 -> chosen.remove(at);
				case 1 -> chosen.add(at, chosen.get(random.nextInt(chosen.size())));
				default -> chosen.set(at, chosen.get(random.nextInt(chosen.size())));
			}
		}
		int mutated = random.nextInt(4);
		for (int i = 0; i < mutated && !chosen.isEmpty(); i++) {
			int at = random.nextInt(chosen.size());
			if (chosen.get(at).startsWith("{")) {
				chosen.set(at, mutate(chosen.get(at), random));
			}
		}
		for (String document : chosen) {
			if (type.equals("ollama")) {
				body.append(document).append('\n');
				continue;
			}
			if (type.equals("anthropic") || type.equals("openai-responses")) {
				JsonNode event = mapper.readTree(document).path("type");
				if (event.isString() && event.stringValue().matches("[a-z_.]+")) {
					body.append("event: ").append(event.stringValue()).append('\n');
				}
			}
			body.append("data: ").append(document).append("\n\n");
		}
		byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
		if (random.nextInt(5) == 0 && bytes.length > 0) {
			for (int i = random.nextInt(3); i >= 0; i--) {
				bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
			}
		}
		return bytes;
	}

	private static String mutate(String document, Random random) throws Exception {
		JsonNode root = mapper.readTree(document);
		List<JsonNode> containers = new ArrayList<>();
		collect(root, containers);
		JsonNode container = containers.get(random.nextInt(containers.size()));
		String odd = ODD[random.nextInt(ODD.length)];
		String mark = "\"@@odd@@\"";
		if (container instanceof ObjectNode object && !object.isEmpty()) {
			List<String> names = new ArrayList<>(object.propertyNames());
			String name = names.get(random.nextInt(names.size()));
			if (random.nextInt(4) == 0) {
				object.remove(name);
			}
			else {
				object.put(name, "@@odd@@");
			}
		}
		else if (container instanceof ArrayNode array) {
			if (!array.isEmpty() && random.nextBoolean()) {
				array.set(random.nextInt(array.size()), "@@odd@@");
			}
			else {
				array.add("@@odd@@");
			}
		}
		return root.toString().replace(mark, odd);
	}

	private static void collect(JsonNode node, List<JsonNode> containers) {
		if (node.isContainer()) {
			containers.add(node);
			node.forEach((child) -> collect(child, containers));
		}
	}

}
