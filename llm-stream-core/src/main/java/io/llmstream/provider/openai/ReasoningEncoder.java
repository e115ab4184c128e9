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

package io.llmstream.provider.openai;

import io.llmstream.ReasoningOptions;
import io.llmstream.ReasoningOptions.Effort;
import io.llmstream.StreamRequest;
import io.llmstream.provider.Capabilities;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes how much to reason, in the words of a server.
 */
final class ReasoningEncoder {

	private final OpenAiProfile profile;

	ReasoningEncoder(OpenAiProfile profile) {
		this.profile = profile;
	}

	void encode(StreamRequest request, String provider, ObjectNode body) {
		ReasoningOptions options = request.reasoning();
		if (options == null) {
			return;
		}
		String word = null;
		if (options.effort() != null) {
			word = this.profile.efforts().get(options.effort());
			if (word == null) {
				throw Capabilities.unsupported(request, provider, "reasoning.effort " + options.effort());
			}
		}
		if (word != null && options.budgetTokens() != null) {
			throw Capabilities.unsupported(request, provider, "reasoning.effort together with reasoning.budgetTokens");
		}
		boolean off = options.effort() == Effort.NONE;
		switch (this.profile.reasoningStyle()) {
			case EFFORT -> effort(word, body);
			case DEEPSEEK -> deepSeek(word, off, body);
			case GROQ -> shown(word, options, body);
			case OPENROUTER -> openRouter(word, options, body);
			case TOGETHER -> together(word, off, body);
			case LITELLM -> liteLlm(word, options, body);
			case GEMINI -> gemini(word, options, body);
			case CHAT_TEMPLATE -> template(word, off, body);
			case VLLM -> vllm(word, off, options, body);
		}
	}

	private static void effort(@Nullable String word, ObjectNode body) {
		if (word != null) {
			body.put("reasoning_effort", word);
		}
	}

	private static void deepSeek(@Nullable String word, boolean off, ObjectNode body) {
		if (word != null) {
			body.putObject("thinking").put("type", (off) ? "disabled" : "enabled");
			if (!off) {
				effort(word, body);
			}
		}
	}

	private static void shown(@Nullable String word, ReasoningOptions options, ObjectNode body) {
		effort(word, body);
		if (options.show() != null) {
			body.put("include_reasoning", options.show());
		}
	}

	private static void openRouter(@Nullable String word, ReasoningOptions options, ObjectNode body) {
		ObjectNode reasoning = body.putObject("reasoning");
		// the server takes one of the two
		if (options.budgetTokens() != null) {
			reasoning.put("max_tokens", options.budgetTokens());
		}
		else if (word != null) {
			reasoning.put("effort", word);
		}
		else {
			reasoning.put("enabled", true);
		}
		if (Boolean.FALSE.equals(options.show())) {
			reasoning.put("exclude", true);
		}
	}

	private static void together(@Nullable String word, boolean off, ObjectNode body) {
		if (off) {
			body.putObject("reasoning").put("enabled", false);
		}
		else {
			effort(word, body);
		}
	}

	private static void liteLlm(@Nullable String word, ReasoningOptions options, ObjectNode body) {
		if (options.budgetTokens() != null) {
			body.putObject("thinking").put("type", "enabled").put("budget_tokens", options.budgetTokens());
		}
		else {
			effort(word, body);
		}
	}

	private static void gemini(@Nullable String word, ReasoningOptions options, ObjectNode body) {
		boolean show = Boolean.TRUE.equals(options.show());
		if (options.budgetTokens() == null && !show) {
			effort(word, body);
			return;
		}
		// an effort beside these settings is an error, so it moves into them
		ObjectNode thinking = body.putObject("extra_body").putObject("google").putObject("thinking_config");
		if (options.budgetTokens() != null) {
			thinking.put("thinking_budget", options.budgetTokens());
		}
		else if (options.effort() == Effort.NONE) {
			thinking.put("thinking_budget", 0);
		}
		else if (word != null) {
			thinking.put("thinking_level", word);
		}
		if (options.show() != null) {
			thinking.put("include_thoughts", options.show());
		}
	}

	private static void template(@Nullable String word, boolean off, ObjectNode body) {
		if (word != null) {
			ObjectNode arguments = body.putObject("chat_template_kwargs");
			arguments.put("enable_thinking", !off);
			if (!off) {
				arguments.put("reasoning_effort", word);
			}
		}
	}

	private static void vllm(@Nullable String word, boolean off, ReasoningOptions options, ObjectNode body) {
		if (word != null) {
			body.putObject("chat_template_kwargs").put("enable_thinking", !off);
			if (!off) {
				effort(word, body);
			}
		}
		if (options.show() != null) {
			body.put("include_reasoning", options.show());
		}
	}

}
