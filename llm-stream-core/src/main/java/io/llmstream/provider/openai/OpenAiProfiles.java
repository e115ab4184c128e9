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

import java.util.List;
import java.util.Map;

import io.llmstream.provider.Capabilities;
import io.llmstream.provider.Capability;
import org.jspecify.annotations.Nullable;

/**
 * The profiles of the servers that the library knows.
 */
public final class OpenAiProfiles {

	private static final List<OpenAiProfile> all = List.of(openAi(), deepSeek(), groq(), vllm(), ollama(), llamaCpp(),
			lmStudio(), gemini(), azure(), mistral(), xai(), openRouter(), together(), liteLlm(), tokenMix(),
			compatible());

	private OpenAiProfiles() {
	}

	/**
	 * All profiles.
	 * @return the profiles, OpenAI's first
	 */
	public static List<OpenAiProfile> all() {
		return all;
	}

	/**
	 * Find a profile.
	 * @param type the name by which the configuration refers to it
	 * @return the profile, or {@code null} if there is none
	 */
	public static @Nullable OpenAiProfile find(String type) {
		for (OpenAiProfile profile : all) {
			if (profile.type().equals(type)) {
				return profile;
			}
		}
		return null;
	}

	private static OpenAiProfile openAi() {
		return OpenAiProfile.builder("openai", "OpenAI")
			.defaultBaseUrl("https://api.openai.com/v1")
			.requiresApiKey()
			.without(Capability.REASONING_OUTPUT)
			.maxTokensMember("max_completion_tokens")
			.streamOption("include_obfuscation", false)
			.efforts("none", "minimal", "low", "medium", "high", "xhigh")
			.build();
	}

	private static OpenAiProfile azure() {
		return OpenAiProfile.builder("azure-openai", "Azure OpenAI")
			.requiresApiKey()
			.authentication("api-key", "")
			.without(Capability.REASONING_OUTPUT)
			.maxTokensMember("max_completion_tokens")
			.efforts("none", "minimal", "low", "medium", "high", "xhigh")
			.build();
	}

	private static OpenAiProfile deepSeek() {
		return OpenAiProfile.builder("deepseek", "DeepSeek")
			.defaultBaseUrl("https://api.deepseek.com")
			.requiresApiKey()
			.without(Capability.IMAGE_DATA, Capability.IMAGE_URL, Capability.JSON_SCHEMA, Capability.SEED,
					Capability.JSON_SCHEMA_WITH_TOOLS, Capability.PARALLEL_TOOL_CALLS)
			.reasoningStyle(ReasoningStyle.DEEPSEEK)
			.efforts("none", "low", "low", "high", "high", "max")
			.replay("reasoning_content")
			.build();
	}

	private static OpenAiProfile groq() {
		return OpenAiProfile.builder("groq", "Groq")
			.defaultBaseUrl("https://api.groq.com/openai/v1")
			.requiresApiKey()
			.maxTokensMember("max_completion_tokens")
			.reasoningStyle(ReasoningStyle.GROQ)
			.efforts("none", "low", "low", "medium", "high", "high")
			.build();
	}

	private static OpenAiProfile vllm() {
		return OpenAiProfile.builder("vllm", "vLLM")
			.defaultBaseUrl("http://localhost:8000/v1")
			.reasoningStyle(ReasoningStyle.VLLM)
			.efforts("none", "low", "low", "medium", "high", "high")
			.replay("reasoning", "reasoning_content")
			.prefill(Map.of("add_generation_prompt", false, "continue_final_message", true))
			.build();
	}

	private static OpenAiProfile ollama() {
		return OpenAiProfile.builder("ollama-openai", "Ollama (OpenAI-compatible)")
			.defaultBaseUrl("http://localhost:11434/v1")
			.without(Capability.IMAGE_URL, Capability.TOOL_CHOICE, Capability.PARALLEL_TOOL_CALLS,
					Capability.JSON_SCHEMA_WITH_TOOLS)
			.efforts("none", "low", "low", "medium", "high", "high")
			.replay("reasoning")
			.build();
	}

	private static OpenAiProfile llamaCpp() {
		return OpenAiProfile.builder("llama-cpp", "llama.cpp server")
			.defaultBaseUrl("http://localhost:8080/v1")
			.without(Capability.JSON_SCHEMA_WITH_TOOLS)
			.reasoningStyle(ReasoningStyle.CHAT_TEMPLATE)
			.efforts("none", "low", "low", "medium", "high", "high")
			.replay("reasoning_content")
			.build();
	}

	private static OpenAiProfile lmStudio() {
		return OpenAiProfile.builder("lm-studio", "LM Studio")
			.defaultBaseUrl("http://localhost:1234/v1")
			.without(Capability.IMAGE_URL, Capability.JSON_OBJECT, Capability.PARALLEL_TOOL_CALLS)
			.efforts("none", "low", "low", "medium", "high", "high")
			.build();
	}

	private static OpenAiProfile gemini() {
		return OpenAiProfile.builder("gemini-openai", "Google Gemini (OpenAI-compatible)")
			.defaultBaseUrl("https://generativelanguage.googleapis.com/v1beta/openai")
			.requiresApiKey()
			.capabilities(Capabilities.all()
				.without(Capability.SEED, Capability.PARALLEL_TOOL_CALLS, Capability.CACHE_HINTS,
						Capability.JSON_SCHEMA_WITH_TOOLS))
			.toolResultNames()
			.reasoningStyle(ReasoningStyle.GEMINI)
			.outputCount(OutputCount.TOTAL_HAS_REASONING)
			.build();
	}

	private static OpenAiProfile mistral() {
		return OpenAiProfile.builder("mistral", "Mistral AI")
			.defaultBaseUrl("https://api.mistral.ai/v1")
			.requiresApiKey()
			.seedMember("random_seed")
			.requiredToolChoice("any")
			.toolResultNames()
			.shortToolCallIds()
			.noStreamOptions()
			.efforts("none", "high", "high", "high", "high", "high")
			.build();
	}

	private static OpenAiProfile xai() {
		return OpenAiProfile.builder("xai", "xAI")
			.defaultBaseUrl("https://api.x.ai/v1")
			.requiresApiKey()
			.maxTokensMember("max_completion_tokens")
			.efforts("none", "low", "low", "medium", "high", "high")
			.replay("reasoning_content")
			.outputCount(OutputCount.EXCLUDES_REASONING)
			.build();
	}

	private static OpenAiProfile openRouter() {
		return OpenAiProfile.builder("openrouter", "OpenRouter")
			.defaultBaseUrl("https://openrouter.ai/api/v1")
			.requiresApiKey()
			.capabilities(Capabilities.all())
			.reasoningStyle(ReasoningStyle.OPENROUTER)
			.efforts("none", "minimal", "low", "medium", "high", "xhigh")
			.replay("reasoning_details")
			.build();
	}

	private static OpenAiProfile together() {
		return OpenAiProfile.builder("together", "Together AI")
			.defaultBaseUrl("https://api.together.xyz/v1")
			.requiresApiKey()
			.reasoningStyle(ReasoningStyle.TOGETHER)
			.efforts("none", "low", "low", "medium", "high", "high")
			.build();
	}

	private static OpenAiProfile liteLlm() {
		return OpenAiProfile.builder("litellm", "LiteLLM proxy")
			.defaultBaseUrl("http://localhost:4000/v1")
			.capabilities(Capabilities.all())
			.reasoningStyle(ReasoningStyle.LITELLM)
			.replay("thinking_blocks", "reasoning_content")
			.build();
	}

	private static OpenAiProfile tokenMix() {
		return OpenAiProfile.builder("tokenmix", "TokenMix")
			.defaultBaseUrl("https://api.tokenmix.ai/v1")
			.requiresApiKey()
			.replay("reasoning_content")
			.build();
	}

	private static OpenAiProfile compatible() {
		return OpenAiProfile.builder("openai-compatible", "OpenAI-compatible server")
			.replay("reasoning_content")
			.build();
	}

}
