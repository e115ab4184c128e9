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

package io.llmstream.conversation;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import io.llmstream.Message;
import io.llmstream.Part;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link MessageJson}.
 */
class MessageJsonTests {

	private static final Message ALL_PARTS = Message.of(Message.Role.ASSISTANT, new Part.Text("a", Part.CacheHint.LONG),
			Part.Image.of("image/png", new byte[] { 1, 2, 3 }), Part.Image.of(URI.create("https://example.org/a?b=c")),
			new Part.ToolCall("1", "f", "{}"), new Part.ToolResult("1", "f", "x", true, null),
			new Part.ReplayState("d", "k", "[1, 2]"));

	/**
	 * What was written once must be readable for ever: a change of this text is a new
	 * version of the form, and this one stays as a second.
	 */
	private static final String VERSION_1 = """
			{"v":1,"role":"assistant","parts":[{"type":"text","text":"a","cache":"long"},\
			{"type":"image","data":"AQID","media_type":"image/png"},\
			{"type":"image","url":"https://example.org/a?b=c"},\
			{"type":"tool_call","id":"1","name":"f","arguments":"{}"},\
			{"type":"tool_result","id":"1","name":"f","content":"x","error":true},\
			{"type":"replay_state","dialect":"d","kind":"k","json":"[1, 2]"}]}""";

	@Test
	void theFormIsThatOfItsVersion() {
		assertThat(MessageJson.write(ALL_PARTS)).isEqualTo(VERSION_1);
		assertThat(MessageJson.read(VERSION_1)).isEqualTo(ALL_PARTS);
	}

	/**
	 * Finds a kind of part, or a component of one, that is not written.
	 */
	@Test
	void whateverIsWrittenIsReadAsItWas() throws Exception {
		Random random = new Random(7);
		for (int i = 0; i < 2_000; i++) {
			List<Part> parts = new ArrayList<>();
			for (Class<?> type : Part.class.getPermittedSubclasses()) {
				parts.add((Part) part(type, random));
			}
			Message.Role[] roles = Message.Role.values();
			Message message = new Message(roles[random.nextInt(roles.length)], parts);
			String json = MessageJson.write(message);
			assertThat(new String(json.getBytes("UTF-8"), "UTF-8")).isEqualTo(json);
			assertThat(MessageJson.read(json)).isEqualTo(message);
		}
	}

	private static Object part(Class<?> type, Random random) throws Exception {
		if (type == Part.Image.class) {
			Part.CacheHint cache = (Part.CacheHint) value(Part.CacheHint.class, random);
			byte[] data = new byte[random.nextInt(50)];
			random.nextBytes(data);
			return (random.nextBoolean()) ? new Part.Image(null, data, string(random), cache)
					: new Part.Image(URI.create("https://example.org/" + random.nextInt()), null,
							(random.nextBoolean()) ? "image/png" : null, cache);
		}
		RecordComponent[] components = type.getRecordComponents();
		Class<?>[] types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
		Object[] values = new Object[types.length];
		for (int i = 0; i < types.length; i++) {
			values[i] = value(types[i], random);
		}
		Constructor<?> constructor = type.getDeclaredConstructor(types);
		return constructor.newInstance(values);
	}

	private static @Nullable Object value(Class<?> type, Random random) {
		if (type == String.class) {
			return string(random);
		}
		if (type == boolean.class) {
			return random.nextBoolean();
		}
		assertThat(type).as("the type of a component; teach this test").isEqualTo(Part.CacheHint.class);
		Part.CacheHint[] hints = Part.CacheHint.values();
		int index = random.nextInt(hints.length + 1);
		return (index < hints.length) ? hints[index] : null;
	}

	/**
	 * Any characters, halves of surrogate pairs and controls among them.
	 */
	private static String string(Random random) {
		StringBuilder text = new StringBuilder();
		int length = random.nextInt(20);
		for (int i = 0; i < length; i++) {
			text.append((char) switch (random.nextInt(4)) {
				case 0 -> random.nextInt(128);
				case 1 -> 0xD800 + random.nextInt(0x800);
				default -> random.nextInt(0x10000);
			});
		}
		return text.toString();
	}

	@Test
	void whatALaterVersionAddsIsLeftOut() {
		assertThat(MessageJson.read("""
				{"v":1,"new":{"a":[1]},"role":"user","parts":[
				{"type":"hologram","x":{}},{"type":"text","text":"a","new":true}]}""")).isEqualTo(Message.user("a"));
	}

	@Test
	void aLaterVersionIsRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> MessageJson.read("{\"v\":2,\"role\":\"user\",\"parts\":[]}"))
			.withMessageContaining("later version")
			.withMessageContaining("version 2");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "secret", "[\"secret\"]", "{\"secret\":1}", "{\"v\":1,\"secret",
			"{\"v\":1,\"role\":\"secret\",\"parts\":[]}", "{\"v\":1,\"role\":\"user\",\"parts\":[{\"secret\":1}]}",
			"{\"v\":1,\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"secret\":1}]}" })
	void whatIsNoMessageIsRefusedWithoutBeingQuoted(String json) {
		assertThatIllegalArgumentException().isThrownBy(() -> MessageJson.read(json))
			.withMessageNotContaining("secret")
			.withNoCause();
	}

}
