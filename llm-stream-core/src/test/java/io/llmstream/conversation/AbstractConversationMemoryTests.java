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

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.llmstream.Message;
import io.llmstream.Part;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What every {@link ConversationMemory} must do.
 */
public abstract class AbstractConversationMemoryTests {

	/** How long a test may take. */
	protected static final Duration LIMIT = Duration.ofSeconds(60);

	/**
	 * An empty memory.
	 */
	protected abstract ConversationMemory memory();

	/**
	 * A memory as another node has it.
	 */
	protected ConversationMemory onAnotherNode(ConversationMemory memory) {
		return memory;
	}

	/**
	 * A turn with a call of a tool, as it is kept.
	 */
	protected static List<Message> turn(int number) {
		String id = "call-" + number;
		return List.of(Message.user("question " + number),
				Message.of(Message.Role.ASSISTANT, new Part.ReplayState("d", "signature", "\"s" + number + "\""),
						new Part.ToolCall(id, "f", "{\"n\":" + number + "}")),
				Message.tool(new Part.ToolResult(id, "f", "result " + number)), Message.assistant("answer " + number));
	}

	protected static List<Message> load(ConversationMemory memory, String id) {
		List<Message> messages = memory.load(id).block(LIMIT);
		assertThat(messages).isNotNull();
		return messages;
	}

	@Test
	void aConversationThatIsNotKnownIsEmpty() {
		assertThat(load(memory(), "c")).isEmpty();
	}

	@Test
	void messagesComeBackInTheirOrderAndWhole() {
		ConversationMemory memory = memory();
		List<Message> all = List.of(
				Message.user(new Part.Text("Größe\u0000 \uD83D\uDE00 \"x\"\\", Part.CacheHint.SHORT),
						Part.Image.of(URI.create("https://example.org/a.png")),
						new Part.Image(null, new byte[] { 0, -1, 127, -128 }, "image/png", Part.CacheHint.LONG)),
				Message.of(Message.Role.ASSISTANT, new Part.ReplayState("anthropic", "thinking", "{\"a\": 1 }"),
						new Part.Text(""), new Part.ToolCall("1", "f", "{ \"broken\":"), new Part.Text("\uD83D")),
				Message.tool(new Part.ToolResult("1", "f", "no", true, Part.CacheHint.LONG)));
		memory.append("c", all.subList(0, 1)).block(LIMIT);
		memory.append("c", all.subList(1, 3)).block(LIMIT);
		assertThat(load(memory, "c")).isEqualTo(all);
		assertThat(load(onAnotherNode(memory), "c")).isEqualTo(all);
	}

	@Test
	void conversationsAreApart() {
		ConversationMemory memory = memory();
		memory.append("c", turn(1)).block(LIMIT);
		memory.append("C", turn(2)).block(LIMIT);
		memory.append("c ", turn(3)).block(LIMIT);
		assertThat(load(memory, "c")).isEqualTo(turn(1));
		assertThat(load(memory, "C")).isEqualTo(turn(2));
		assertThat(load(memory, "c ")).isEqualTo(turn(3));
	}

	@Test
	void aConversationThatWasDeletedBeginsAnew() {
		ConversationMemory memory = memory();
		memory.append("c", turn(1)).block(LIMIT);
		memory.append("other", turn(2)).block(LIMIT);
		onAnotherNode(memory).delete("c").block(LIMIT);
		memory.delete("unknown").block(LIMIT);
		assertThat(load(memory, "c")).isEmpty();
		memory.append("c", turn(3)).block(LIMIT);
		assertThat(load(memory, "c")).isEqualTo(turn(3));
		assertThat(load(memory, "other")).isEqualTo(turn(2));
	}

	@Test
	void nothingHappensBeforeSomebodySubscribes() {
		ConversationMemory memory = memory();
		memory.append("c", turn(1));
		Mono<List<Message>> later = memory.load("c");
		memory.append("c", turn(2)).block(LIMIT);
		memory.delete("c");
		assertThat(later.block(LIMIT)).isEqualTo(turn(2));
	}

	/**
	 * On threads that must not block, as BlockHound sees to.
	 */
	@Test
	void turnsThatEndAtTheSameTimeAreKeptOneAfterTheOther() {
		ConversationMemory memory = memory();
		ConversationMemory other = onAnotherNode(memory);
		int turns = 40;
		StepVerifier
			.create(Flux.range(0, turns)
				.flatMap((number) -> Mono.defer(() -> ((number % 2 == 0) ? memory : other).append("c", turn(number)))
					.subscribeOn(Schedulers.parallel()), turns))
			.expectComplete()
			.verify(LIMIT);
		List<Message> kept = load(memory, "c");
		assertThat(kept).hasSize(turns * 4);
		List<List<Message>> whole = new ArrayList<>();
		for (int i = 0; i < kept.size(); i += 4) {
			whole.add(kept.subList(i, i + 4));
		}
		List<List<Message>> said = new ArrayList<>();
		for (int i = 0; i < turns; i++) {
			said.add(turn(i));
		}
		assertThat(whole).containsExactlyInAnyOrderElementsOf(said);
	}

}
