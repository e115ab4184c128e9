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

import java.util.Iterator;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PartialArguments}.
 */
class PartialArgumentsTests {

	private final JsonMapper mapper = JsonMapper.builder().build();

	private final PartialArguments arguments = new PartialArguments();

	private final StringBuilder fragments = new StringBuilder();

	@Test
	void passesPiecesOfStringsOnAsTheyCome() {
		this.arguments.string("$.city", "Bos", true);
		assertThat(this.arguments.takeFragment()).isEqualTo("{\"city\":\"Bos");
		this.arguments.string("$.city", "ton", true);
		assertThat(this.arguments.takeFragment()).isEqualTo("ton");
		this.arguments.string("$.city", "", false);
		assertThat(this.arguments.takeFragment()).isEqualTo("\"");
		this.arguments.value("$.days", "3");
		assertThat(this.arguments.takeFragment()).isEqualTo(",\"days\":3");
		this.arguments.close();
		assertThat(this.arguments.takeFragment()).isEqualTo("}");
		assertThat(this.arguments.json()).isEqualTo("{\"city\":\"Boston\",\"days\":3}");
	}

	@Test
	void hasNoValuesWithoutPieces() {
		this.arguments.close();
		assertThat(this.arguments.json()).isEqualTo("{}");
		assertThat(this.arguments.takeFragment()).isEqualTo("{}");
	}

	@Test
	void escapesNamesAndPieces() {
		this.arguments.string("$['a\"b']", "\"\\\n\r\t\u0001é\uD83D", true);
		this.arguments.string("$['a\"b']", "\uDE00", false);
		this.arguments.close();
		assertThat(this.mapper.readTree(this.arguments.json()).get("a\"b").asString())
			.isEqualTo("\"\\\n\r\t\u0001é\uD83D\uDE00");
	}

	@Test
	void closesStringsWhoseLastPieceIsMissing() {
		this.arguments.string("$.a", "x", true);
		this.arguments.string("$.b[0].c", "y", true);
		this.arguments.value("$.b[1]", "null");
		this.arguments.close();
		assertThat(this.arguments.json()).isEqualTo("{\"a\":\"x\",\"b\":[{\"c\":\"y\"},null]}");
	}

	@Test
	void putsValuesThatComeOutOfOrderToTheirPlace() {
		this.arguments.string("$.a.x", "1", false);
		this.arguments.value("$.b[0]", "true");
		this.arguments.string("$.a.y", "2", true);
		this.arguments.string("$.b[1]", "3", false);
		this.arguments.string("$.a.y", "4", false);
		this.arguments.close();
		assertThat(this.mapper.readTree(this.arguments.json()))
			.isEqualTo(this.mapper.readTree("{\"a\":{\"x\":\"1\",\"y\":\"24\"},\"b\":[true,\"3\"]}"));
	}

	@Test
	void takesTheLastValueOfAPlace() {
		this.arguments.value("$.a", "1");
		this.arguments.value("$.a", "2");
		this.arguments.close();
		assertThat(this.arguments.json()).isEqualTo("{\"a\":2}");
	}

	@Test
	void doesNotBelieveHugeIndexes() {
		this.arguments.value("$.a[900000000]", "1");
		this.arguments.close();
		assertThat(this.arguments.json()).isEqualTo("{\"a\":[1]}");
	}

	@Test
	void staysOpenWhenItIsCutOff() {
		this.arguments.string("$.path", "/ho", true);
		assertThat(this.arguments.json()).isEqualTo("{\"path\":\"/ho");
		this.arguments.value("$.a[5]", "1");
		assertThat(this.arguments.json()).endsWith("]").startsWith("{");
	}

	@Test
	void putsAnyDocumentTogether() {
		for (int seed = 0; seed < 300; seed++) {
			Random random = new Random(seed);
			ObjectNode document = this.mapper.createObjectNode();
			fill(document, random, 0);
			PartialArguments partial = new PartialArguments();
			this.fragments.setLength(0);
			send(document, "$", random, partial);
			partial.close();
			this.fragments.append(partial.takeFragment());
			assertThat(this.mapper.readTree(partial.json())).as("seed " + seed).isEqualTo(document);
			assertThat(this.fragments).as("seed " + seed).hasToString(partial.json());
		}
	}

	private void fill(JsonNode parent, Random random, int depth) {
		for (int i = 0, size = 1 + random.nextInt(4); i < size; i++) {
			JsonNode value = switch (random.nextInt((depth < 4) ? 6 : 4)) {
				case 0 -> this.mapper.getNodeFactory().stringNode("é\"\n".repeat(random.nextInt(4)) + i);
				case 1 -> this.mapper.getNodeFactory().numberNode(random.nextInt(100));
				case 2 -> this.mapper.getNodeFactory().booleanNode(random.nextBoolean());
				case 3 -> this.mapper.nullNode();
				case 4 -> this.mapper.createArrayNode();
				default -> this.mapper.createObjectNode();
			};
			if (value.isContainer()) {
				fill(value, random, depth + 1);
			}
			if (parent instanceof ArrayNode array) {
				array.add(value);
			}
			else {
				((ObjectNode) parent).set((random.nextBoolean()) ? "m" + i : "m " + i + ".x", value);
			}
		}
	}

	private void send(JsonNode node, String path, Random random, PartialArguments partial) {
		if (node.isObject()) {
			for (Map.Entry<String, JsonNode> member : node.properties()) {
				boolean plain = !member.getKey().contains(" ");
				String step = (plain) ? "." + member.getKey() : "['" + member.getKey() + "']";
				send(member.getValue(), path + step, random, partial);
			}
		}
		else if (node.isArray()) {
			Iterator<JsonNode> elements = node.iterator();
			for (int i = 0; elements.hasNext(); i++) {
				send(elements.next(), path + "[" + i + "]", random, partial);
			}
		}
		else if (node.isString()) {
			String text = node.asString();
			int cut = random.nextInt(text.length() + 1);
			partial.string(path, text.substring(0, cut), true);
			this.fragments.append(partial.takeFragment());
			partial.string(path, text.substring(cut), random.nextBoolean());
		}
		else {
			partial.value(path, node.toString());
		}
		this.fragments.append(partial.takeFragment());
	}

}
