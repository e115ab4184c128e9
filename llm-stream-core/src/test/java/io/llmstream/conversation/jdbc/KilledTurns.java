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

package io.llmstream.conversation.jdbc;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Objects;

import io.llmstream.FinishReason;
import io.llmstream.LlmStreamClient;
import io.llmstream.Message;
import io.llmstream.Part;
import io.llmstream.StreamRequest;
import io.llmstream.Token;
import io.llmstream.ToolCallback;
import io.llmstream.ToolDefinition;
import io.llmstream.Usage;
import io.llmstream.conversation.Conversations;
import io.llmstream.tool.ToolLoop;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * A process that takes turns in a conversation until it is killed, and tells the number
 * of each turn that has ended.
 */
final class KilledTurns {

	static final String CONVERSATION = "killed";

	private KilledTurns() {
	}

	/**
	 * What is kept of a turn.
	 */
	static List<Message> kept(int turn) {
		String id = Integer.toString(turn);
		return List.of(Message.user(id), Message.of(Message.Role.ASSISTANT, new Part.ToolCall(id, "f", "{}")),
				Message.tool(new Part.ToolResult(id, "f", "result")), Message.assistant("answer " + id));
	}

	public static void main(String[] arguments) {
		PrintStream progress = new PrintStream(new FileOutputStream(FileDescriptor.out), true);
		JdbcConversationMemory memory = JdbcConversationMemory.builder(new DriverManagerDataSource(arguments[0]))
			.build();
		LlmStreamClient client = LlmStreamClient.builder("test", KilledTurns::answer)
			.tools(ToolLoop.create())
			.conversations(new Conversations(memory))
			.build();
		ToolCallback tool = ToolCallback.reactive(new ToolDefinition("f", null, "{\"type\":\"object\"}"),
				(invocation) -> Mono.just("result"));
		for (int turn = 1;; turn++) {
			client.prompt(Integer.toString(turn)).tools(tool).conversation(CONVERSATION).call();
			progress.println(turn);
		}
	}

	private static Flux<Token> answer(StreamRequest request) {
		Message last = request.messages().get(request.messages().size() - 1);
		if (last.role() == Message.Role.USER) {
			return Flux.just(new Token.ToolCall(0, last.text(), "f", "{}"), finish(FinishReason.TOOL_CALLS));
		}
		Part.ToolResult result = (Part.ToolResult) Objects.requireNonNull(last.parts().get(0));
		return Flux.just(new Token.Text("answer " + result.id()), finish(FinishReason.STOP));
	}

	private static Token finish(FinishReason reason) {
		return new Token.Finish(reason, null, Usage.NONE, null, null);
	}

}
