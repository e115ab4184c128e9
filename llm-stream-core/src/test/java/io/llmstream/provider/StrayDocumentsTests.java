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

package io.llmstream.provider;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

import io.llmstream.Token;
import io.llmstream.engine.BuiltInDialects;
import io.llmstream.json.JsonReader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What gateways put into the streams of any wire.
 */
class StrayDocumentsTests {

	static Stream<Arguments> wires() {
		return Stream.of(
				Arguments.of("openai",
						"{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},\"finish_reason\":null}]}",
						"{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}"),
				Arguments.of("openai-responses",
						"{\"type\":\"response.output_text.delta\",\"output_index\":0,\"delta\":\"a\"}",
						"{\"type\":\"response.completed\",\"response\":{\"id\":\"r\",\"status\":\"completed\"}}"),
				Arguments.of("anthropic",
						"{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"a\"}}",
						"{\"type\":\"message_stop\"}"),
				Arguments.of("gemini", "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]}}]}",
						"{\"candidates\":[{\"finishReason\":\"STOP\"}],\"usageMetadata\":{\"promptTokenCount\":1}}"),
				Arguments.of("ollama", "{\"message\":{\"content\":\"a\"},\"done\":false}",
						"{\"message\":{\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\"}"));
	}

	private static DecodedFrames decoder(String type) {
		return new DecodedFrames(BuiltInDialects.find(type));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("wires")
	void signsOfLifeThatAreNoJsonSayNothingOnAnyWire(String type, String piece, String end) {
		DecodedFrames decoded = decoder(type);
		decoded.frames(piece, "keep-alive", " ping\n", "[PING]", ": still here", "[heartbeat]", "", piece, end).end();
		assertThat(decoded.tokens()).containsExactly(new Token.Text("a"), new Token.Text("a"));
		assertThat(decoded.decoder().phase()).isGreaterThan(TokenDecoder.Phase.STREAMING);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("wires")
	void theEndMarkMayStandInTheLastEventOnAnyWire(String type, String piece, String end) {
		DecodedFrames decoded = decoder(type);
		decoded.frames(piece, piece + "\n" + end + "\n[DONE]\n").end();
		assertThat(decoded.tokens()).containsExactly(new Token.Text("a"), new Token.Text("a"));
		assertThat(decoded.decoder().phase()).isGreaterThan(TokenDecoder.Phase.STREAMING);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					anthropic        | {"code":500,"msg":"boom"}
					anthropic        | {"detail":"boom"}
					anthropic        | {"object":"error","message":"boom","code":500}
					openai-responses | {"code":500,"msg":"boom"}
					openai-responses | {"detail":"boom"}
					openai           | {"success":false,"message":"boom"}
					openai           | {"status":500,"message":"boom"}
					openai           | {"errors":[{"message":"boom"}]}
					openai           | {"choices":null,"base_resp":{"status_code":1008,"status_msg":"boom"}}
					openai           | {"object":"chat.completion.chunk","choices":null,"error_type":"BadRequestError","error_message":"boom","error_code":400}
					openai           | {"object":"chat.completion.chunk","choices":[],"error_message":"boom"}
					""")
	void whatGatewaysSayOfAFailureIsAnError(String type, String document) {
		assertThatExceptionOfType(ProviderErrorException.class).isThrownBy(() -> decoder(type).frames(document))
			.satisfies((ex) -> assertThat(ex.error().message()).contains("boom"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"\"", "false", "0", "{}", "[ ]", "null" })
	void anErrorThatSaysNothingIsNone(String nothing) {
		assertThat(decoder("openai")
			.frames("{\"error\":" + nothing + ",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},\"error\":"
					+ nothing + "}],\"base_resp\":{\"status_code\":0,\"status_msg\":\"\"}}")
			.tokens()).containsExactly(new Token.Text("a"));
		assertThat(decoder("openai-responses")
			.frames("{\"type\":\"response.output_text.delta\",\"output_index\":0,\"delta\":\"a\",\"error\":" + nothing
					+ "}")
			.tokens()).containsExactly(new Token.Text("a"));
		assertThat(decoder("ollama").frames("{\"message\":{\"content\":\"a\"},\"error\":" + nothing + "}").tokens())
			.containsExactly(new Token.Text("a"));
	}

	@ParameterizedTest
	@ValueSource(strings = {
			"{\"object\":\"chat.completion.chunk\",\"choices\":[],\"usage\":null,\"code\":\"\",\"message\":\"\"}",
			"{\"object\":\"chat.completion.chunk\",\"choices\":[],\"code\":\"Success\",\"message\":\"ok\"}",
			"{\"choices\":[],\"detail\":{}}", "{\"choices\":[],\"error_code\":\"0\",\"error_message\":\"\"}" })
	void aChunkThatSaysAllIsWellIsNoError(String document) {
		assertThat(decoder("openai").frames(document).tokens()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "true", "1", "\"x\"", "{\"a\":1}", "[0]" })
	void anErrorThatSaysSomethingIsOne(String something) {
		assertThat(StrayDocuments.says(something)).isTrue();
		JsonReader json = new JsonReader();
		byte[] bytes = something.getBytes(StandardCharsets.UTF_8);
		json.reset(bytes, 0, bytes.length);
		assertThat(json.hasDocument()).isTrue();
		assertThat(StrayDocuments.says(json)).isTrue();
	}

}
