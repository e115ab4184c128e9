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
import io.llmstream.provider.ProviderErrorException;
import io.llmstream.provider.TokenDecoder.Phase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ChatErrorDecodingTests {

	@ParameterizedTest
	@ValueSource(strings = { "{'error':{'message':'boom','type':'server_error','code':null}}", "{'error':'boom'}",
			"{'code':'invalid-argument','error':'boom'}",
			"{'choices':[{'index':0,'delta':{'content':''},'finish_reason':'error'}],'error':{'code':502,'message':'boom'}}",
			"{'choices':[{'index':0,'delta':{},'finish_reason':'error','error':{'code':502,'message':'boom'}}]}",
			"{'object':'error','message':'boom','type':'BadRequestError','code':400}", "{'code':500,'msg':'boom'}",
			"{'type':'error','message':'boom'}", "{'detail':'boom'}",
			"{'choices':[],'x_groq':{'id':'r','error':'boom'}}", "[{'error':{'code':429,'message':'boom'}}]",
			"{'error':{'message':'boom'}}\n[DONE]" })
	void anErrorAnywhereFailsTheStream(String document) {
		Decoded decoded = Decoded.deltas("{'content':'a'}");
		assertThatExceptionOfType(ProviderErrorException.class).isThrownBy(() -> decoded.frame(document))
			.satisfies((ex) -> assertThat(ex.error().message()).contains("boom"));
		assertThat(decoded.phase()).isEqualTo(Phase.STREAMING);
		assertThat(decoded.tokens).containsExactly(new Token.Text("a"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{'error':{'message':'boom'}}", "{'message':'boom'}", "boom" })
	void anEventNamedErrorFailsTheStream(String data) {
		assertThatExceptionOfType(ProviderErrorException.class).isThrownBy(() -> Decoded.of().event("error", data))
			.satisfies((ex) -> assertThat(ex.error().message()).contains("boom"));
	}

	@Test
	void anErrorAfterTheFinishReasonIsAnError() {
		Decoded decoded = Decoded.deltas("{'content':'a'}").stop("stop");
		assertThatExceptionOfType(ProviderErrorException.class)
			.isThrownBy(() -> decoded.frame("{'error':{'message':'boom'}}"));
	}

	@Test
	void theSecondDocumentOfAFrameMayBeTheError() {
		Decoded decoded = Decoded.of();
		assertThatExceptionOfType(ProviderErrorException.class)
			.isThrownBy(() -> decoded.frame(Decoded.chunk("{'content':'a'}", "null") + "{'error':{'message':'boom'}}"))
			.satisfies((ex) -> assertThat(ex.error().message()).isEqualTo("boom"));
		assertThat(decoded.tokens).containsExactly(new Token.Text("a"));
	}

	@Test
	void aMemberThatSaysThereIsNoErrorIsNone() {
		assertThat(Decoded.of("{'error':null,'choices':[{'index':0,'delta':{'content':'a'}}]}", "{'code':0,'msg':'ok'}")
			.all(Token.Text.class)).containsExactly(new Token.Text("a"));
	}

	@Test
	void anErrorBesideTheFinishReasonLeavesOpenCallsOpen() {
		Decoded decoded = Decoded
			.deltas("{'tool_calls':[{'index':0,'id':'a','function':{'name':'x','arguments':'{}'}}]}");
		assertThatExceptionOfType(ProviderErrorException.class).isThrownBy(() -> decoded.frame(
				"{'choices':[{'index':0,'delta':{},'finish_reason':'error'}],'error':{'code':502,'message':'boom'}}"));
		assertThat(decoded.all(Token.ToolCall.class)).isEmpty();
	}

}
