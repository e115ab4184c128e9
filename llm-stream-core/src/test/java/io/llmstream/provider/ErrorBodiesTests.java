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

import java.util.Map;
import java.util.stream.Stream;

import io.llmstream.ErrorKind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ErrorBodies}: shapes and kinds.
 */
class ErrorBodiesTests {

	@ParameterizedTest(name = "{0} {1}")
	@MethodSource({ "shapes", "moreShapes" })
	void readsEveryShape(int status, String body, ErrorKind kind, @Nullable String code, @Nullable String message) {
		ProviderError error = ErrorBodies.read(new ErrorResponse(status, Map.of(), body.replace('\'', '"')));
		assertThat(error).isEqualTo(new ProviderError(kind, code, message, null));
	}

	static Stream<Arguments> shapes() {
		return Stream.of(
				of(400, "{'error':{'message':'bad top_p','type':'invalid_request_error','param':'top_p','code':null}}",
						ErrorKind.INVALID_REQUEST, "invalid_request_error", "bad top_p"),
				of(400, "{'type':'error','code':'unknown_parameter','message':'what is x?','param':'x'}",
						ErrorKind.INVALID_REQUEST, "unknown_parameter", "what is x?"),
				of(400, "{'error':'no such option'}", ErrorKind.INVALID_REQUEST, null, "no such option"),
				of(400, "{'code':'invalid-argument','error':'Bad temperature'}", ErrorKind.INVALID_REQUEST,
						"invalid-argument", "Bad temperature"),
				of(401, "{'detail':'Who are you?'}", ErrorKind.AUTHENTICATION, null, "Who are you?"),
				of(422, "{'object':'error','message':{'detail':[{'type':'missing','loc':['body','model'],"
						+ "'msg':'Field required','input':{'secret':1}}]},'type':'invalid_request_error'}",
						ErrorKind.INVALID_REQUEST, "invalid_request_error", "body.model: Field required"),
				of(422, "{'detail':[{'loc':['body',0],'msg':'not good','type':'t'},{'loc':[],'msg':'nor that'}]}",
						ErrorKind.INVALID_REQUEST, null, "body.0: not good; : nor that"),
				of(500, "{'error':{'code':500,'message':'oops','status':'INTERNAL','details':[]}}",
						ErrorKind.SERVER_ERROR, "INTERNAL", "oops"),
				of(404, "[{'error':{'code':404,'message':'no model m','status':'NOT_FOUND'}}]", ErrorKind.NOT_FOUND,
						"NOT_FOUND", "no model m"),
				of(529, "{'type':'error','error':{'type':'overloaded_error','message':'Overloaded'},'request_id':'r'}",
						ErrorKind.OVERLOADED, "overloaded_error", "Overloaded"),
				of(404, "{'code':404,'msg':'nothing here','data':null}", ErrorKind.NOT_FOUND, "404", "nothing here"));
	}

	static Stream<Arguments> moreShapes() {
		return Stream.of(
				of(400, "{'id':'1','message':'messages must not be empty'}", ErrorKind.INVALID_REQUEST, null,
						"messages must not be empty"),
				of(400, "{'error':{'message':'Refused.','code':'BadRequest','innererror':"
						+ "{'code':'ResponsibleAIPolicyViolation','content_filter_result':{}}}}",
						ErrorKind.CONTENT_BLOCKED, "BadRequest", "Refused."),
				of(404, "{'timestamp':'t','status':404,'error':'Not Found','message':'No static resource x',"
						+ "'path':'/x'}", ErrorKind.NOT_FOUND, "Not Found", "No static resource x"),
				of(404, "{'type':'about:blank','title':'Not Found','status':404,'detail':'No y.'}", ErrorKind.NOT_FOUND,
						"404", "No y."),
				of(400, "{'__type':'ValidationException','message':'Malformed'}", ErrorKind.INVALID_REQUEST,
						"ValidationException", "Malformed"),
				of(400, "{'success':false,'errors':[{'code':7003,'message':'no route'},{'message':'really'}]}",
						ErrorKind.INVALID_REQUEST, "7003", "no route; really"),
				of(502, "{'error':{'code':502,'message':'Provider returned error','metadata':{'provider_name':'P',"
						+ "'raw':'{\\'error\\':{\\'type\\':\\'overloaded_error\\',\\'message\\':\\'busy\\'}}'}}}"
							.replace("\\'", "\\\""),
						ErrorKind.OVERLOADED, "overloaded_error", "Provider returned error; busy"),
				of(403, "{'error':{'code':403,'message':'Your input was flagged','metadata':"
						+ "{'reasons':['violence'],'flagged_input':'abc'}}}", ErrorKind.CONTENT_BLOCKED, "moderation",
						"Your input was flagged"),
				of(400, "{'error':true,'message':'broken'}", ErrorKind.INVALID_REQUEST, null, "broken"),
				of(400, "{'error':null,'message':null}", ErrorKind.INVALID_REQUEST, null, null),
				of(400, "{}", ErrorKind.INVALID_REQUEST, null, null), of(500, "", ErrorKind.SERVER_ERROR, null, null),
				of(500, "  \n", ErrorKind.SERVER_ERROR, null, null),
				of(503, "upstream connect error", ErrorKind.OVERLOADED, null, "upstream connect error"),
				of(500, "{broken \n json", ErrorKind.SERVER_ERROR, null, "{broken json"));
	}

	private static Arguments of(int status, String body, ErrorKind kind, @Nullable String code,
			@Nullable String message) {
		return Arguments.of(status, body, kind, code, message);
	}

	@ParameterizedTest(name = "{0} {1} {2}: {3}")
	@MethodSource({ "words", "messages" })
	void sortsByWordsBeforeTheStatus(int status, String code, String message, ErrorKind kind) {
		assertThat(read(status, code, message).kind()).isEqualTo(kind);
	}

	static Stream<Arguments> words() {
		return Stream.of(Arguments.of(429, "insufficient_quota", "x", ErrorKind.QUOTA_EXHAUSTED),
				Arguments.of(403, "billing_error", "x", ErrorKind.QUOTA_EXHAUSTED),
				Arguments.of(403, "insufficient_user_quota", "x", ErrorKind.QUOTA_EXHAUSTED),
				Arguments.of(400, "billing_hard_limit_reached", "x", ErrorKind.QUOTA_EXHAUSTED),
				Arguments.of(400, "context_length_exceeded", "x", ErrorKind.CONTEXT_TOO_LONG),
				Arguments.of(500, "exceed_context_size_error", "x", ErrorKind.CONTEXT_TOO_LONG),
				Arguments.of(413, "request_too_large", "x", ErrorKind.CONTEXT_TOO_LONG),
				Arguments.of(400, "API_KEY_INVALID", "x", ErrorKind.AUTHENTICATION),
				Arguments.of(400, "invalid_api_key", "x", ErrorKind.AUTHENTICATION),
				Arguments.of(403, "UNAUTHENTICATED", "x", ErrorKind.AUTHENTICATION),
				Arguments.of(400, "content_filter", "x", ErrorKind.CONTENT_BLOCKED),
				Arguments.of(400, "content_policy_violation", "x", ErrorKind.CONTENT_BLOCKED),
				Arguments.of(400, "SAFETY", "x", ErrorKind.CONTENT_BLOCKED),
				Arguments.of(500, "overloaded_error", "x", ErrorKind.OVERLOADED),
				Arguments.of(500, "UNAVAILABLE", "x", ErrorKind.OVERLOADED),
				Arguments.of(400, "ThrottlingException", "x", ErrorKind.RATE_LIMITED),
				Arguments.of(500, "rate_limit_exceeded", "x", ErrorKind.RATE_LIMITED),
				Arguments.of(500, "RESOURCE_EXHAUSTED", "x", ErrorKind.RATE_LIMITED),
				Arguments.of(400, "model_not_found", "x", ErrorKind.NOT_FOUND),
				Arguments.of(400, "DeploymentNotFound", "x", ErrorKind.NOT_FOUND),
				Arguments.of(400, "previous_response_not_found", "x", ErrorKind.INVALID_REQUEST),
				Arguments.of(400, "unavailable_option", "x", ErrorKind.INVALID_REQUEST));
	}

	static Stream<Arguments> messages() {
		return Stream.of(
				Arguments.of(400, "", "Your credit balance is too low to use this API.", ErrorKind.QUOTA_EXHAUSTED),
				Arguments.of(429, "", "You exceeded your current quota.", ErrorKind.QUOTA_EXHAUSTED),
				Arguments.of(429, "RESOURCE_EXHAUSTED", "Quota exceeded for requests per minute.",
						ErrorKind.RATE_LIMITED),
				Arguments.of(429, "", "You exceeded your current quota. Please retry in 12.5s.",
						ErrorKind.RATE_LIMITED),
				Arguments.of(400, "", "This model's maximum context length is 8192 tokens.",
						ErrorKind.CONTEXT_TOO_LONG),
				Arguments.of(400, "", "prompt is too long: 200001 tokens > 200000", ErrorKind.CONTEXT_TOO_LONG),
				Arguments.of(400, "INVALID_ARGUMENT",
						"The input token count (9) exceeds the maximum number of tokens allowed (8).",
						ErrorKind.CONTEXT_TOO_LONG),
				Arguments.of(429, "rate_limit_exceeded", "Request too large for m on tokens per min",
						ErrorKind.CONTEXT_TOO_LONG),
				Arguments.of(400, "", "max_tokens is too large: 5. At most 4 completion tokens.",
						ErrorKind.INVALID_REQUEST),
				Arguments.of(400, "", "Incorrect API key provided.", ErrorKind.AUTHENTICATION),
				Arguments.of(400, "", "Output blocked by content filtering policy", ErrorKind.CONTENT_BLOCKED),
				Arguments.of(500, "", "litellm.RateLimitError: slow", ErrorKind.RATE_LIMITED),
				Arguments.of(500, "", "litellm.ContextWindowExceededError: x", ErrorKind.CONTEXT_TOO_LONG),
				Arguments.of(429, "", "Service tier capacity exceeded for this model.", ErrorKind.OVERLOADED),
				Arguments.of(400, "", "The model `m` does not exist", ErrorKind.NOT_FOUND),
				Arguments.of(400, "", "No tool output found for call c.", ErrorKind.INVALID_REQUEST));
	}

	private static ProviderError read(int status, String code, String message) {
		String body = "{\"error\":{\"code\":\"" + code + "\",\"message\":\"" + message + "\"}}";
		return ErrorBodies.read(new ErrorResponse(status, Map.of(), body));
	}

	@ParameterizedTest(name = "{0}: {1}")
	@MethodSource("statuses")
	void sortsByTheStatusAlone(int status, ErrorKind kind) {
		assertThat(ErrorBodies.read(new ErrorResponse(status, Map.of(), "")).kind()).isEqualTo(kind);
		assertThat(ErrorBodies.readInStream("{\"error\":{\"message\":\"x\",\"code\":" + status + "}}").kind())
			.isEqualTo((status < 400) ? ErrorKind.SERVER_ERROR : kind);
		assertThat(ErrorBodies.readInStream("{\"error\":{\"message\":\"x\",\"code\":\"" + status + "\"}}").kind())
			.isEqualTo((status < 400) ? ErrorKind.SERVER_ERROR : kind);
	}

	static Stream<Arguments> statuses() {
		return Stream.of(Arguments.of(302, ErrorKind.NOT_FOUND), Arguments.of(400, ErrorKind.INVALID_REQUEST),
				Arguments.of(401, ErrorKind.AUTHENTICATION), Arguments.of(402, ErrorKind.QUOTA_EXHAUSTED),
				Arguments.of(403, ErrorKind.PERMISSION_DENIED), Arguments.of(404, ErrorKind.NOT_FOUND),
				Arguments.of(405, ErrorKind.INVALID_REQUEST), Arguments.of(408, ErrorKind.SERVER_ERROR),
				Arguments.of(409, ErrorKind.SERVER_ERROR), Arguments.of(413, ErrorKind.INVALID_REQUEST),
				Arguments.of(422, ErrorKind.INVALID_REQUEST), Arguments.of(425, ErrorKind.SERVER_ERROR),
				Arguments.of(429, ErrorKind.RATE_LIMITED), Arguments.of(451, ErrorKind.CONTENT_BLOCKED),
				Arguments.of(498, ErrorKind.OVERLOADED), Arguments.of(500, ErrorKind.SERVER_ERROR),
				Arguments.of(502, ErrorKind.SERVER_ERROR), Arguments.of(503, ErrorKind.OVERLOADED),
				Arguments.of(504, ErrorKind.SERVER_ERROR), Arguments.of(529, ErrorKind.OVERLOADED));
	}

	@Test
	void aGatewaysOwnStatusHidesTheRealOne() {
		assertThat(ErrorBodies.read(new ErrorResponse(500, Map.of(), "{\"error\":{\"code\":\"429\"}}")).kind())
			.isEqualTo(ErrorKind.RATE_LIMITED);
		assertThat(ErrorBodies.read(new ErrorResponse(404, Map.of(), "{\"error\":{\"code\":500}}")).kind())
			.isEqualTo(ErrorKind.NOT_FOUND);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("inStream")
	void readsErrorsWithinAStream(String json, ErrorKind kind, @Nullable String code, @Nullable String message) {
		ProviderError error = ErrorBodies.readInStream(json.replace('\'', '"'));
		assertThat(error).isEqualTo(new ProviderError(kind, code, message, null));
	}

	static Stream<Arguments> inStream() {
		return Stream.of(
				Arguments.of("{'type':'error','error':{'type':'overloaded_error','message':'busy'}}",
						ErrorKind.OVERLOADED, "overloaded_error", "busy"),
				Arguments.of("{'type':'rate_limit_error','message':'slow'}", ErrorKind.RATE_LIMITED, "rate_limit_error",
						"slow"),
				Arguments.of(
						"{'type':'response.failed','sequence_number':4,'response':{'id':'r','status':'failed',"
								+ "'error':{'code':'insufficient_quota','message':'pay'}}}",
						ErrorKind.QUOTA_EXHAUSTED, "insufficient_quota", "pay"),
				Arguments.of("{'code':'server_error','message':'oops'}", ErrorKind.SERVER_ERROR, "server_error",
						"oops"),
				Arguments.of("{'error':{'message':'no','type':'None','param':'None','code':'400'}}",
						ErrorKind.INVALID_REQUEST, "400", "no"),
				Arguments.of("{'error':{'code':'tool_use_failed','message':'no','status_code':400}}",
						ErrorKind.INVALID_REQUEST, "tool_use_failed", "no"),
				Arguments.of("{'error':\"model 'm' not found\"}".replace("'m'", "m"), ErrorKind.NOT_FOUND, null,
						"model m not found"),
				Arguments.of("{'error':'unauthorized','signin_url':'u'}", ErrorKind.AUTHENTICATION, "unauthorized",
						"unauthorized"),
				Arguments.of("{'x_groq':{'error':'out of capacity: at capacity'}}", ErrorKind.OVERLOADED, null,
						"out of capacity: at capacity"),
				Arguments.of("'plain words'", ErrorKind.SERVER_ERROR, null, "plain words"),
				Arguments.of("context length exceeded", ErrorKind.CONTEXT_TOO_LONG, null, "context length exceeded"),
				Arguments.of("{'type':'permission_error','message':'no'}", ErrorKind.PERMISSION_DENIED,
						"permission_error", "no"),
				Arguments.of("{'type':'not_found_error','message':'no'}", ErrorKind.NOT_FOUND, "not_found_error", "no"),
				Arguments.of("{'error':{'message':'a'}}\n{'choices':[]}", ErrorKind.SERVER_ERROR, null, "a"));
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "", "null", "{}", "[]", "[[[[[[[[[[{}]]]]]]]]]]", "{\"error\":{}}", "7" })
	void anErrorThatSaysNothingIsTheServers(String json) {
		ProviderError error = ErrorBodies.readInStream(json);
		assertThat(error.kind()).isEqualTo(ErrorKind.SERVER_ERROR);
		assertThat(error.code()).isNull();
	}

	@Test
	void aPageBecomesItsTitle() {
		assertThat(message("<!DOCTYPE html><html><head><title>502 Bad\n Gateway</title></head><body>x</body></html>"))
			.isEqualTo("502 Bad Gateway");
		assertThat(message("<html><head><style>b{}</style></head><body><h1>Not</h1><!-- a --><p>today</p></body>"))
			.isEqualTo("Not today");
	}

	@Test
	void aMessageIsOneShortLine() {
		assertThat(message("a\r\n\tb\u0000c\u202Ed")).isEqualTo("a b c d");
		assertThat(message("x".repeat(500))).hasSize(500);
		assertThat(message("x".repeat(499) + "😀" + "y".repeat(100_000))).isEqualTo("x".repeat(499) + "…");
		assertThat(read(400, "c".repeat(300), "x").code()).isEqualTo("c".repeat(100) + "…");
	}

	@Test
	void aMessageHasNoKey() {
		assertThat(message("Incorrect API key provided: sk-proj-ab*****yz. See the page."))
			.isEqualTo("Incorrect API key provided: ***. See the page.");
		assertThat(message("Your api key: ****-key is invalid")).isEqualTo("Your api key: *** is invalid");
		assertThat(message("bad gsk_abcDEF123 and xai-12ab, AIzaSyA1234567890abcdef"))
			.isEqualTo("bad *** and ***, ***");
		assertThat(message("Authorization: Bearer abc.def-123=")).isEqualTo("Authorization: Bearer ***");
		assertThat(message("API key not valid. Please pass a valid API key."))
			.isEqualTo("API key not valid. Please pass a valid API key.");
	}

	@ParameterizedTest
	@CsvSource({ "'retry in ', 1s", "<, <", "eyJaaaaaaaaaaaa, .a", "<, <title", "<, '<script '" })
	void aMessageThatRepeatsItselfForEverCanBeRead(String start, String piece) {
		String text = start + piece.repeat(50_000);
		assertThat(message(text)).hasSizeLessThan(600);
		assertThat(ErrorBodies.readInStream("{\"error\":{\"message\":\"" + text + "\"}}").message())
			.hasSizeLessThan(600);
	}

	private static @Nullable String message(String body) {
		return ErrorBodies.read(new ErrorResponse(400, Map.of(), body)).message();
	}

}
