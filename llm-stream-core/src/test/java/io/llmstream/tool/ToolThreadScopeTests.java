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

package io.llmstream.tool;

import java.time.Duration;
import java.util.List;

import io.llmstream.LlmStreamClient;
import io.llmstream.ThreadScope;
import io.llmstream.Token;
import io.llmstream.ToolApproval;
import io.llmstream.ToolCallback;
import io.llmstream.ToolDefinition;
import io.micrometer.context.ContextRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ThreadScope}: what a tool knows of who asked.
 */
class ToolThreadScopeTests {

	private static final ThreadLocal<String> USER = new ThreadLocal<>();

	private static final String KEY = ToolThreadScopeTests.class.getName();

	private final TestModel model = new TestModel().calls("t", "{}").says("end");

	private final LlmStreamClient client = LlmStreamClient.builder("test", this.model).tools(ToolLoop.create()).build();

	@BeforeAll
	static void register() {
		ContextRegistry.getInstance().registerThreadLocalAccessor(KEY, USER);
	}

	@AfterAll
	static void unregister() {
		ContextRegistry.getInstance().removeThreadLocalAccessor(KEY);
	}

	@AfterEach
	void clear() {
		USER.remove();
		MDC.clear();
	}

	private static ToolDefinition definition() {
		return new ToolDefinition("t", "A test", "{}");
	}

	private static ToolCallback blocking() {
		return ToolCallback.of(definition(), (call) -> USER.get() + " " + MDC.get("trace"));
	}

	private static List<String> results(Mono<List<Token>> tokens) {
		return tokens.block(Duration.ofSeconds(10))
			.stream()
			.filter(Token.ToolResult.class::isInstance)
			.map((token) -> ((Token.ToolResult) token).content())
			.toList();
	}

	@Test
	void aBlockingToolKnowsWhatTheSubscriberKnew() {
		USER.set("ada");
		MDC.put("trace", "42");
		assertThat(results(this.client.prompt("hi").tools(blocking()).stream().collectList()))
			.containsExactly("ada 42");
	}

	@Test
	void theReactorContextGoesBeforeTheThread() {
		USER.set("ada");
		assertThat(results(this.client.prompt("hi")
			.tools(blocking())
			.stream()
			.collectList()
			.contextWrite((context) -> context.put(KEY, "grace")))).containsExactly("grace null");
	}

	@Test
	void aReactiveToolKnowsBoth() {
		MDC.put("trace", "42");
		ToolCallback tool = ToolCallback.reactive(definition(), (call) -> {
			String trace = MDC.get("trace");
			return Mono.deferContextual((context) -> Mono.just(USER.get() + " " + trace + " " + context.get(KEY)));
		});
		assertThat(results(this.client.prompt("hi")
			.tools(tool)
			.stream()
			.collectList()
			.contextWrite((context) -> context.put(KEY, "grace")))).containsExactly("grace 42 grace");
	}

	@Test
	void anApprovalKnowsWhatItsToolWillKnow() {
		USER.set("ada");
		MDC.put("trace", "42");
		ToolApproval approval = (call) -> Mono.just(ToolApproval.Decision.denied(USER.get() + " " + MDC.get("trace")));
		assertThat(results(this.client.prompt("hi")
			.tools(blocking())
			.toolOptions((options) -> options.approval(approval))
			.stream()
			.collectList())).containsExactly("ada 42");
	}

	@Test
	void nothingStaysOnTheThread() {
		USER.set("ada");
		results(this.client.prompt("hi").tools(blocking()).stream().collectList());
		USER.remove();
		this.model.calls("t", "{}").says("end");
		assertThat(results(this.client.prompt("hi").tools(blocking()).stream().collectList()))
			.containsExactly("null null");
	}

}
