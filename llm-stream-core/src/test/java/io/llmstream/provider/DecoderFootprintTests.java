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

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import io.llmstream.engine.BuiltInDialects;
import io.llmstream.json.JsonReader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a decoder holds while its stream is open, of which there may be tens of thousands:
 * an answer of plain text needs none of what citations, tool calls and reasoning do.
 */
class DecoderFootprintTests {

	static Stream<Arguments> wires() {
		return Stream.of(Arguments.of("openai", new String[] {
				"{\"id\":\"c1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}",
				"{\"id\":\"c1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},\"finish_reason\":null}]}" }),
				Arguments.of("anthropic", new String[] {
						"{\"type\":\"message_start\",\"message\":{\"id\":\"m1\",\"model\":\"m\",\"content\":[],\"usage\":{\"input_tokens\":1}}}",
						"{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}",
						"{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"a\"}}" }),
				Arguments.of("openai-responses", new String[] {
						"{\"type\":\"response.created\",\"response\":{\"id\":\"r1\",\"model\":\"m\",\"output\":[]}}",
						"{\"type\":\"response.output_item.added\",\"output_index\":0,\"item\":{\"id\":\"i1\",\"type\":\"message\",\"content\":[]}}",
						"{\"type\":\"response.output_text.delta\",\"item_id\":\"i1\",\"output_index\":0,\"content_index\":0,\"delta\":\"a\"}" }),
				Arguments.of("ollama", new String[] {
						"{\"model\":\"m\",\"created_at\":\"1\",\"message\":{\"role\":\"assistant\",\"content\":\"a\"},\"done\":false}" }),
				Arguments.of("gemini", new String[] {
						"{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}],\"role\":\"model\"},\"index\":0}],\"modelVersion\":\"m\"}" }));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("wires")
	void anAnswerOfPlainTextHoldsOneReaderAndNothingThatIsEmpty(String type, String[] events) throws Exception {
		ProviderDialect dialect = BuiltInDialects.find(type);
		DecodedFrames answer = DecodedFrames.of(dialect, events);
		assertThat(answer.text()).isEqualTo("a");
		List<Object> held = held(answer.decoder());
		List<Object> shared = held(dialect.newDecoder());
		held.removeIf((object) -> shared.stream().anyMatch((other) -> other == object));
		assertThat(held).hasSizeGreaterThan(3);
		assertThat(held).filteredOn(JsonReader.class::isInstance).hasSize(1);
		assertThat(held).filteredOn(DecoderFootprintTests::isEmpty).isEmpty();
	}

	private static boolean isEmpty(Object object) {
		if (object.getClass().getName().startsWith("java.util.ImmutableCollections")) {
			return false;
		}
		return (object instanceof Collection<?> values && values.isEmpty())
				|| (object instanceof Map<?, ?> map && map.isEmpty())
				|| (object instanceof StringBuilder text && text.isEmpty());
	}

	private static List<Object> held(Object decoder) throws IllegalAccessException {
		Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
		List<Object> open = new ArrayList<>(List.of(decoder));
		List<Object> held = new ArrayList<>();
		while (!open.isEmpty()) {
			Object object = open.remove(open.size() - 1);
			if (object instanceof Enum<?> || !seen.add(object)) {
				continue;
			}
			held.add(object);
			if (object instanceof Map<?, ?> map) {
				open.addAll(map.values());
			}
			else if (object instanceof Collection<?> values) {
				open.addAll(values);
			}
			else if (object.getClass().getName().startsWith("io.llmstream.")) {
				open.addAll(values(object));
			}
		}
		return held;
	}

	private static List<Object> values(Object object) throws IllegalAccessException {
		List<Object> values = new ArrayList<>();
		for (Class<?> type = object.getClass(); type != null && type != Object.class; type = type.getSuperclass()) {
			for (Field field : type.getDeclaredFields()) {
				if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
					field.setAccessible(true);
					Object value = field.get(object);
					if (value != null) {
						values.add(value);
					}
				}
			}
		}
		return values;
	}

}
