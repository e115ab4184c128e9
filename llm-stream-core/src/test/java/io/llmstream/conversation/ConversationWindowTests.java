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

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.llmstream.Message;
import io.llmstream.Part;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link ConversationWindow}, {@link InMemoryConversationMemory} and
 * {@link ToolCallPairs}.
 */
class ConversationWindowTests {

	private static final Message CALL = Message.of(Message.Role.ASSISTANT, new Part.ToolCall("t", "f", "{}"));

	private static final Message RESULT = Message.tool(new Part.ToolResult("t", "f", "r"));

	@Test
	void showsTheNewestTurnsThatFitWhole() {
		List<Message> messages = List.of(Message.user("1"), Message.assistant("a"), Message.user("2"), CALL, RESULT,
				Message.assistant("b"));
		assertThat(ConversationWindow.ofMessages(6).select(messages)).isEqualTo(messages);
		assertThat(ConversationWindow.ofMessages(5).select(messages)).isEqualTo(messages.subList(2, 6));
		assertThat(ConversationWindow.ofMessages(4).select(messages)).isEqualTo(messages.subList(2, 6));
		assertThat(ConversationWindow.ofMessages(3).select(messages)).isEmpty();
		assertThat(ConversationWindow.ofMessages(3).select(List.of())).isEmpty();
	}

	@Test
	void countsTokensAsItIsToldTo() {
		List<Message> messages = List.of(Message.user("1234"), Message.user("12"), Message.user("123"));
		assertThat(ConversationWindow.ofTokens(5, (message) -> message.text().length()).select(messages))
			.isEqualTo(messages.subList(1, 3));
	}

	@Test
	void estimatesTokensByTheLengthOfAllParts() {
		assertThat(MessageEstimates.tokens(Message.user("x".repeat(400)))).isEqualTo(104);
		assertThat(MessageEstimates.tokens(Message.user("\u3042".repeat(100)))).isEqualTo(104);
		assertThat(MessageEstimates.tokens(CALL)).isEqualTo(10);
		assertThat(MessageEstimates.tokens(RESULT)).isEqualTo(10);
		assertThat(MessageEstimates.tokens(Message.user(Part.Image.of("image/png", new byte[0])))).isEqualTo(1004);
		assertThat(MessageEstimates
			.tokens(Message.of(Message.Role.ASSISTANT, new Part.ReplayState("d", "k", "x".repeat(40))))).isEqualTo(14);
		List<Message> messages = List.of(Message.user("x".repeat(400)), Message.user("y".repeat(400)));
		assertThat(ConversationWindow.ofTokens(150).select(messages)).isEqualTo(messages.subList(1, 2));
	}

	@Test
	void rejectsWindowsOfNothing() {
		assertThatIllegalArgumentException().isThrownBy(() -> ConversationWindow.ofMessages(0))
			.withMessageContaining("messages");
		assertThatIllegalArgumentException().isThrownBy(() -> ConversationWindow.ofTokens(0))
			.withMessageContaining("tokens");
		assertThatIllegalArgumentException().isThrownBy(() -> new InMemoryConversationMemory(0, 1))
			.withMessageContaining("maxConversations");
	}

	@Test
	void leavesOutResultsWithoutTheirCall() {
		assertThat(ToolCallPairs.mend(List.of(RESULT, Message.user("1")))).containsExactly(Message.user("1"));
		assertThat(ToolCallPairs.mend(List.of(CALL, RESULT, RESULT))).containsExactly(CALL, RESULT);
	}

	@Test
	void answersCallsThatWereNotAnswered() {
		Message two = Message.of(Message.Role.ASSISTANT, new Part.ToolCall("t", "f", "{}"),
				new Part.ToolCall("u", "g", "{}"));
		Message stopped = Message.tool(new Part.ToolResult("u", "g", ToolCallPairs.STOPPED, true, null));
		assertThat(ToolCallPairs.mend(List.of(two, RESULT, Message.user("1")))).containsExactly(two, RESULT, stopped,
				Message.user("1"));
		assertThat(ToolCallPairs.mend(List.of(two, RESULT))).containsExactly(two, RESULT, stopped);
	}

	@Test
	void noWindowOfAnyConversationHasACallWithoutResultOrAResultWithoutCall() {
		for (int seed = 0; seed < 2000; seed++) {
			Random random = new Random(seed);
			List<Message> messages = new ArrayList<>();
			for (int i = random.nextInt(20); i > 0; i--) {
				messages.add(any(random));
			}
			List<Message> shown = ToolCallPairs
				.mend(ConversationWindow.ofMessages(1 + random.nextInt(12)).select(messages));
			assertThat(paired(shown)).as("seed %d: %s", seed, shown).isTrue();
			assertThat(ToolCallPairs.mend(shown)).as("seed %d", seed).isEqualTo(shown);
		}
	}

	private static Message any(Random random) {
		String id = "t" + random.nextInt(4);
		return switch (random.nextInt(5)) {
			case 0 -> Message.user("u");
			case 1 -> Message.assistant("a");
			case 2 -> Message.of(Message.Role.ASSISTANT, new Part.Text("x"), new Part.ToolCall(id, "f", "{}"),
					new Part.ToolCall(id + "b", "f", "{}"));
			case 3 -> Message.of(Message.Role.TOOL, new Part.ToolResult(id + "b", "f", "r"),
					new Part.ToolResult(id, "f", "r"));
			default -> Message.tool(new Part.ToolResult(id, "f", "r"));
		};
	}

	private static boolean paired(List<Message> messages) {
		List<String> open = new ArrayList<>();
		for (Message message : messages) {
			boolean results = message.parts().stream().anyMatch(Part.ToolResult.class::isInstance);
			if (!results && !open.isEmpty()) {
				return false;
			}
			for (Part part : message.parts()) {
				if (part instanceof Part.ToolCall call) {
					open.add(call.id());
				}
				else if (part instanceof Part.ToolResult result && !open.remove(result.id())) {
					return false;
				}
			}
		}
		return open.isEmpty();
	}

	@Test
	void forgetsTheConversationThatWasNotUsedForLongest() {
		InMemoryConversationMemory memory = new InMemoryConversationMemory(2, 10);
		memory.append("a", List.of(Message.user("1"))).block();
		memory.append("b", List.of(Message.user("2"))).block();
		assertThat(memory.load("a").block()).hasSize(1);
		memory.append("c", List.of(Message.user("3"))).block();
		assertThat(memory.load("b").block()).isEmpty();
		assertThat(memory.load("a").block()).hasSize(1);
		memory.delete("a").block();
		assertThat(memory.load("a").block()).isEmpty();
	}

	@Test
	void keepsTheNewestTurnsOfALongConversation() {
		InMemoryConversationMemory memory = new InMemoryConversationMemory(2, 3);
		for (int i = 0; i < 5; i++) {
			memory.append("a", List.of(Message.user("u" + i), Message.assistant("a" + i))).block();
		}
		assertThat(memory.load("a").block()).containsExactly(Message.user("u4"), Message.assistant("a4"));
	}

}
