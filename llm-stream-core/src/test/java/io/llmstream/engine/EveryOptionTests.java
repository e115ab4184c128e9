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

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.llmstream.Message;
import io.llmstream.Part;
import io.llmstream.ReasoningOptions;
import io.llmstream.ReasoningOptions.Effort;
import io.llmstream.ResponseFormat;
import io.llmstream.StreamRequest;
import io.llmstream.ToolChoice;
import io.llmstream.ToolDefinition;
import io.llmstream.UnsupportedOptionException;
import io.llmstream.provider.Capability;
import io.llmstream.provider.ProviderDialect;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever a request asks for is written by every dialect, or rejected by name: nothing
 * is left out in silence.
 */
class EveryOptionTests {

	private static final ToolDefinition TOOL = new ToolDefinition("f", "does", "{\"type\":\"object\"}");

	private static final String MARK = "Mark-7";

	static Stream<ProviderDialect> dialects() {
		return BuiltInDialects.all().stream();
	}

	private static StreamRequest.Builder request() {
		return StreamRequest.builder().model("m").user("hello");
	}

	private static String body(ProviderDialect dialect, StreamRequest request) {
		return new String(dialect.encode(request, "acme").body(), StandardCharsets.UTF_8);
	}

	@ParameterizedTest
	@MethodSource("dialects")
	void anOptionChangesTheBodyOrIsRejectedByName(ProviderDialect dialect) {
		Map<String, Consumer<StreamRequest.Builder>> options = new LinkedHashMap<>();
		options.put("temperature", (request) -> request.temperature(0.25));
		options.put("topP", (request) -> request.topP(0.25));
		options.put("maxOutputTokens", (request) -> request.maxOutputTokens(77));
		options.put("seed", (request) -> request.seed(7L));
		options.put("stop", (request) -> request.stop(MARK));
		options.put("parallelToolCalls", (request) -> request.parallelToolCalls(false));
		options.put("toolChoice", (request) -> request.toolChoice(ToolChoice.REQUIRED));
		options.put("toolChoice ", (request) -> request.toolChoice(ToolChoice.tool("f")));
		options.put("toolChoice  ", (request) -> request.toolChoice(ToolChoice.NONE));
		options.put("strict", (request) -> request.tools(new ToolDefinition("g", "d", "{}", true)));
		options.put("responseFormat", (request) -> request.responseFormat(ResponseFormat.JSON_OBJECT));
		options.put("responseFormat ",
				(request) -> request.responseFormat(ResponseFormat.jsonSchema("s", "{\"type\":\"object\"}")));
		for (Effort effort : Effort.values()) {
			options.put("reasoning.effort " + effort, (request) -> request.reasoning(ReasoningOptions.effort(effort)));
		}
		options.put("reasoning.budgetTokens", (request) -> request.reasoning(ReasoningOptions.budget(1234)));
		options.put("extra", (request) -> request.extra(Map.of("x", MARK)));
		List<String> dropped = new ArrayList<>();
		options.forEach((name, option) -> {
			StreamRequest.Builder base = request().tools(TOOL);
			StreamRequest.Builder with = request().tools(TOOL);
			if (name.equals("strict")) {
				base.tools(new ToolDefinition("g", "d", "{}", false));
			}
			option.accept(with);
			if (isDropped(dialect, base.build(), with.build(), name.strip().split(" ")[0])) {
				dropped.add(name);
			}
		});
		assertThat(dropped).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("dialects")
	void twoMeasuresOfReasoningAreBothWrittenOrRejected(ProviderDialect dialect) {
		StreamRequest both = request().reasoning(new ReasoningOptions(Effort.HIGH, 1234, null)).build();
		StreamRequest effort = request().reasoning(ReasoningOptions.effort(Effort.HIGH)).build();
		StreamRequest budget = request().reasoning(ReasoningOptions.budget(1234)).build();
		assertThat(isDropped(dialect, effort, both, "reasoning.budgetTokens")).isFalse();
		assertThat(isDropped(dialect, budget, both, "reasoning.effort", "reasoning.budgetTokens")).isFalse();
	}

	@ParameterizedTest
	@MethodSource("dialects")
	void reasoningIsShownOrTheWishIsRejected(ProviderDialect dialect) {
		StreamRequest show = request().reasoning(new ReasoningOptions(null, null, true)).build();
		if (!dialect.capabilities().has(Capability.REASONING_OUTPUT)) {
			assertThat(isDropped(dialect, request().build(), show, "reasoning.show")).isFalse();
		}
	}

	@ParameterizedTest
	@MethodSource("dialects")
	void aPartIsWrittenOrRejectedWhereverItStands(ProviderDialect dialect) {
		List<Part> parts = List.of(new Part.Text(MARK),
				Part.Image.of("image/png", MARK.getBytes(StandardCharsets.UTF_8)),
				Part.Image.of(URI.create("https://host/" + MARK + ".png")),
				new Part.ToolCall("call_1", "f", "{\"a\":\"" + MARK + "\"}"), new Part.ToolResult("call_1", "f", MARK));
		List<String> dropped = new ArrayList<>();
		for (Message.Role role : Message.Role.values()) {
			for (Part part : parts) {
				for (boolean alone : new boolean[] { true, false }) {
					StreamRequest.Builder base = request();
					StreamRequest.Builder with = request();
					if (!alone) {
						base.message(Message.of(role, new Part.Text("b")));
						with.message(Message.of(role, new Part.Text("b"), part));
					}
					else {
						with.message(Message.of(role, part));
					}
					if (isLost(dialect, with.build())) {
						dropped.add(part.getClass().getSimpleName() + " in " + role + ((alone) ? " alone" : ""));
					}
				}
			}
		}
		assertThat(dropped).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("dialects")
	void aToolThatFailedIsToldFromOneThatDidNot(ProviderDialect dialect) {
		for (String content : List.of("broken", "{\"a\":1}")) {
			StreamRequest good = request().message(Message.tool(new Part.ToolResult("c", "f", content))).build();
			StreamRequest bad = request().message(Message.tool(new Part.ToolResult("c", "f", content, true, null)))
				.build();
			assertThat(body(dialect, bad)).isNotEqualTo(body(dialect, good));
		}
	}

	@ParameterizedTest
	@MethodSource("dialects")
	void argumentsThatWereCutOffCanBeSentBack(ProviderDialect dialect) {
		assertThat(body(dialect,
				request().message(Message.of(Message.Role.ASSISTANT, new Part.ToolCall("c", "f", "{\"a\":\"Mar")))
					.build()))
			.contains("Mar");
	}

	private static boolean isLost(ProviderDialect dialect, StreamRequest request) {
		try {
			String body = body(dialect, request);
			return !body.contains(MARK) && !body.contains("TWFyay03");
		}
		catch (UnsupportedOptionException ex) {
			return false;
		}
	}

	private static boolean isDropped(ProviderDialect dialect, StreamRequest without, StreamRequest with,
			String... names) {
		String before;
		try {
			before = body(dialect, without);
		}
		catch (UnsupportedOptionException ex) {
			before = "";
		}
		try {
			return body(dialect, with).equals(before);
		}
		catch (UnsupportedOptionException ex) {
			assertThat(names).anySatisfy((name) -> assertThat(ex).hasMessageContaining(name));
			return false;
		}
	}

}
