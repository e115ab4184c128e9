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

/**
 * How a server wants to be asked to reason, and to show its reasoning.
 */
public enum ReasoningStyle {

	/** A member {@code reasoning_effort}. */
	EFFORT,

	/**
	 * {@code reasoning_effort}, and a member {@code thinking} that turns it on or off.
	 */
	DEEPSEEK,

	/** {@code reasoning_effort}, and {@code include_reasoning} to show it. */
	GROQ,

	/** An object {@code reasoning} with an effort or a budget. */
	OPENROUTER,

	/** {@code reasoning_effort}, and an object {@code reasoning} that turns it off. */
	TOGETHER,

	/** {@code reasoning_effort}, or an object {@code thinking} with a budget. */
	LITELLM,

	/** {@code reasoning_effort}, or Google's own settings in {@code extra_body}. */
	GEMINI,

	/** Arguments of the chat template only. */
	CHAT_TEMPLATE,

	/** {@code reasoning_effort} together with arguments of the chat template. */
	VLLM

}
