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

import io.llmstream.Token;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ReasoningReplayTests {

	@Test
	void reasoningTextIsKeptForTheNextRequest() {
		Decoded decoded = Decoded.as("deepseek")
			.frames(Decoded.chunk("{'reasoning_content':'A \\'quote\\''}".replace("\\'", "\\u0022"), "null"),
					Decoded.chunk("{'reasoning_content':'!'}", "null"))
			.stop("stop");
		assertThat(decoded.all(Token.ReplayState.class))
			.containsExactly(new Token.ReplayState("deepseek", "reasoning_content", "\"A \\\"quote\\\"!\""));
	}

	@Test
	void reasoningThatNobodyWantsBackIsNotKept() {
		assertThat(Decoded.as("groq").frame(Decoded.chunk("{'reasoning':'A'}", "'stop'")).all(Token.ReplayState.class))
			.isEmpty();
	}

	@Test
	void blocksOfReasoningArePutTogether() {
		Decoded decoded = Decoded.as("openrouter")
			.frames(Decoded.chunk(
					"{'reasoning':'A','reasoning_details':[{'type':'reasoning.text','text':'A','format':'f','index':0}]}",
					"null"),
					Decoded.chunk(
							"{'reasoning':'B','reasoning_details':[{'type':'reasoning.text','text':'B','format':'f','index':0}]}",
							"null"),
					Decoded.chunk(
							"{'reasoning_details':[{'type':'reasoning.text','signature':'s','format':'f','index':0}]}",
							"null"),
					Decoded.chunk(
							"{'reasoning_details':[{'type':'reasoning.encrypted','data':'x','format':'f','index':1}]}",
							"null"))
			.stop("stop");
		assertThat(decoded.all(Token.Reasoning.class)).containsExactly(new Token.Reasoning("A"),
				new Token.Reasoning("B"));
		assertThat(decoded.all(Token.ReplayState.class))
			.containsExactly(new Token.ReplayState("openrouter", "reasoning_details",
					"[{\"type\":\"reasoning.text\",\"format\":\"f\",\"index\":0,\"text\":\"AB\",\"signature\":\"s\"},"
							+ "{\"type\":\"reasoning.encrypted\",\"format\":\"f\",\"index\":1,\"data\":\"x\"}]"));
	}

	@Test
	void aSignatureClosesItsBlock() {
		Decoded decoded = Decoded.as("litellm")
			.frames(Decoded.chunk("{'thinking_blocks':[{'type':'thinking','thinking':'A','signature':null}]}", "null"),
					Decoded.chunk("{'thinking_blocks':[{'type':'thinking','thinking':'','signature':'s'}]}", "null"),
					Decoded.chunk("{'thinking_blocks':[{'type':'thinking','thinking':'B','signature':null}]}", "null"))
			.stop("stop");
		assertThat(decoded.all(Token.ReplayState.class)).extracting(Token.ReplayState::json)
			.containsExactly(
					"[{\"type\":\"thinking\",\"thinking\":\"A\",\"signature\":\"s\"},{\"type\":\"thinking\",\"thinking\":\"B\"}]");
	}

	@Test
	void aVendorsOwnMemberOfTheMessageIsKept() {
		Decoded decoded = Decoded.as("gemini-openai")
			.frame(Decoded.chunk("{'extra_content':{'google':{'thought_signature':'s'}}}", "'stop'"))
			.end();
		assertThat(decoded.all(Token.ReplayState.class)).containsExactly(
				new Token.ReplayState("gemini-openai", "extra_content", "{\"google\":{\"thought_signature\":\"s\"}}"));
	}

	@Test
	void stateIsEmittedOnce() {
		Decoded decoded = Decoded.as("deepseek").frame(Decoded.chunk("{'reasoning_content':'A'}", "'stop'"));
		decoded.stop("stop").frame("[DONE]").end();
		assertThat(decoded.all(Token.ReplayState.class)).hasSize(1);
	}

}
