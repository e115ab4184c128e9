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

package io.llmstream.test;

import java.time.Duration;

import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit.Stubbing;
import com.github.tomakehurst.wiremock.stubbing.StubMapping;

/**
 * Makes a WireMock server speak a wire, for those who have WireMock in their tests
 * anyway. Bodies are rendered beforehand: the model is named {@code scripted}, tokens
 * come at an even pace over the time that the script's pace takes, and what only a socket
 * can do (stall for ever, reset in the middle) needs a {@link ScriptedProvider}.
 */
public final class LlmStubs {

	private LlmStubs() {
	}

	/**
	 * Answer OpenAI chat completions, on any path that ends with
	 * {@code /chat/completions}.
	 * @param server the WireMock server or extension
	 * @param script what to answer
	 * @return the stub
	 * @throws IllegalStateException if WireMock cannot play the script
	 */
	public static StubMapping openAiChat(Stubbing server, Script script) {
		return stub(server, Wire.OPENAI_CHAT, script);
	}

	/**
	 * Answer OpenAI responses, on any path that ends with {@code /responses}.
	 * @param server the WireMock server or extension
	 * @param script what to answer
	 * @return the stub
	 * @throws IllegalStateException if WireMock cannot play the script
	 */
	public static StubMapping openAiResponses(Stubbing server, Script script) {
		return stub(server, Wire.OPENAI_RESPONSES, script);
	}

	/**
	 * Answer Anthropic messages, on any path that ends with {@code /messages}.
	 * @param server the WireMock server or extension
	 * @param script what to answer
	 * @return the stub
	 * @throws IllegalStateException if WireMock cannot play the script
	 */
	public static StubMapping anthropic(Stubbing server, Script script) {
		return stub(server, Wire.ANTHROPIC, script);
	}

	/**
	 * Answer Gemini and Vertex, for any model, as server-sent events.
	 * @param server the WireMock server or extension
	 * @param script what to answer
	 * @return the stub
	 * @throws IllegalStateException if WireMock cannot play the script
	 */
	public static StubMapping gemini(Stubbing server, Script script) {
		return stub(server, Wire.GEMINI, script);
	}

	/**
	 * Answer Ollama's chat.
	 * @param server the WireMock server or extension
	 * @param script what to answer
	 * @return the stub
	 * @throws IllegalStateException if WireMock cannot play the script
	 */
	public static StubMapping ollama(Stubbing server, Script script) {
		return stub(server, Wire.OLLAMA, script);
	}

	/**
	 * Answer requests of a wire.
	 * @param server the WireMock server or extension
	 * @param wire the wire
	 * @param script what to answer
	 * @return the stub
	 * @throws IllegalStateException if WireMock cannot play the script
	 */
	public static StubMapping stub(Stubbing server, Wire wire, Script script) {
		return server.stubFor(request(wire).willReturn(response(wire, script)));
	}

	private static MappingBuilder request(Wire wire) {
		return switch (wire) {
			case OPENAI_CHAT -> post(".*/chat/completions");
			case OPENAI_RESPONSES -> post(".*/responses");
			case ANTHROPIC -> post(".*(/messages|:streamRawPredict)");
			case GEMINI -> post(".*:streamGenerateContent").withQueryParam("alt", WireMock.equalTo("sse"));
			case GEMINI_ARRAY -> post(".*:streamGenerateContent").withQueryParam("alt", WireMock.absent());
			case OLLAMA -> post(".*/api/chat");
		};
	}

	private static MappingBuilder post(String path) {
		return WireMock.post(WireMock.urlPathMatching(path));
	}

	private static ResponseDefinitionBuilder response(Wire wire, Script script) {
		ScriptHead head = script.head();
		if (head.status() == 0) {
			return WireMock.aResponse().withFault(Fault.EMPTY_RESPONSE);
		}
		ResponseDefinitionBuilder response = WireMock.aResponse();
		String[] lines = ResponseHead.text(head, wire).split("\r\n");
		response.withStatus(Integer.parseInt(lines[0].split(" ")[1]));
		for (int i = 1; i < lines.length; i++) {
			int colon = lines[i].indexOf(':');
			response.withHeader(lines[i].substring(0, colon), lines[i].substring(colon + 2));
		}
		response.withBody(script.bytes(wire));
		return pace(response, script);
	}

	private static ResponseDefinitionBuilder pace(ResponseDefinitionBuilder response, Script script) {
		Duration before = script.pace().headers().plus(script.pace().firstToken());
		if (!before.isZero()) {
			response.withFixedDelay((int) before.toMillis());
		}
		int tokens = (int) script.steps().stream().filter(Step::isToken).count();
		Duration time = script.pace().interval().multipliedBy(tokens);
		for (Step step : script.steps()) {
			if (step instanceof Step.Stall stall && stall.duration() != null) {
				time = time.plus(stall.duration());
			}
		}
		return (time.isZero()) ? response
				: response.withChunkedDribbleDelay(Math.max(tokens, 1), (int) time.toMillis());
	}

}
