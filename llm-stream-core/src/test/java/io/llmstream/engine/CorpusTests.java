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

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

import io.llmstream.CorpusFolder;
import io.llmstream.ErrorKind;
import io.llmstream.Token;
import io.llmstream.Usage;
import io.llmstream.provider.ProviderDialect;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every recorded stream decodes to its expectation: whole, byte by byte, and cut in two
 * anywhere.
 */
@Tag("exhaustive")
class CorpusTests {

	private static final JsonMapper mapper = JsonMapper.builder().build();

	private static final Map<String, String> PROFILES = Map.of("xai", "xai", "mistral", "mistral", "groq", "groq",
			"deepseek", "deepseek", "openrouter", "openrouter", "together", "together", "azure", "azure-openai",
			"openai", "openai", "llama-server", "llama-cpp");

	@TestFactory
	Stream<DynamicTest> everyRecordingDecodesToItsExpectationHoweverItIsCut() throws IOException {
		return CorpusFolder
			.tests("", 2, ".expected.json", (file) -> DynamicTest.dynamicTest(name(file), () -> checkNamed(file)))
			.filter((test) -> !test.getDisplayName().startsWith("sse-conformance/"));
	}

	private static void checkNamed(Path file) throws IOException {
		try {
			check(file);
		}
		catch (AssertionError | RuntimeException ex) {
			throw new AssertionError("FILE " + name(file) + ": " + ex.getMessage(), ex);
		}
	}

	static Path recording(Path expectation) {
		String name = expectation.getFileName().toString().replace(".expected.json", "");
		return Stream.of(".sse", ".ndjson", ".json")
			.map((ending) -> expectation.resolveSibling(name + ending))
			.filter(Files::exists)
			.findFirst()
			.orElseThrow(() -> new IllegalStateException("No recording beside " + expectation));
	}

	static String name(Path expectation) {
		return expectation.getParent().getFileName() + "/"
				+ expectation.getFileName().toString().replace(".expected.json", "");
	}

	private static void check(Path file) throws IOException {
		JsonNode expected = mapper.readTree(Files.readString(file));
		byte[] body = Files.readAllBytes(recording(file));
		ProviderDialect dialect = dialect(expected, file);
		RecordedAnswer whole = RecordedAnswer.of(dialect, body);
		if (!holdsSeveralAnswers(expected, body)) {
			compare(expected, whole, body);
		}
		String summary = whole.summary();
		int[] everyByte = new int[Math.max(body.length - 1, 0)];
		for (int i = 0; i < everyByte.length; i++) {
			everyByte[i] = i + 1;
		}
		assertThat(RecordedAnswer.of(dialect, body, everyByte).summary()).as("byte by byte").isEqualTo(summary);
		Random random = new Random(body.length);
		boolean small = body.length <= 8 * 1024;
		int cuts = (small) ? body.length : 200;
		for (int i = 0; i < cuts; i++) {
			int cut = (small) ? i : random.nextInt(body.length);
			if (!RecordedAnswer.of(dialect, body, cut).summary().equals(summary)) {
				assertThat(RecordedAnswer.of(dialect, body, cut).summary()).as("cut at byte " + cut).isEqualTo(summary);
			}
		}
	}

	/**
	 * A disagreement with the expectation: some recordings hold the answers of several
	 * requests one after the other, and their expectation describes all of them. An
	 * answer ends with its terminal event; what follows belongs to another one.
	 */
	static boolean holdsSeveralAnswers(JsonNode expected, byte[] body) {
		String text = new String(body, StandardCharsets.UTF_8);
		String start = "\"type\":\"response.created\"";
		return expected.path("wire").asString("").equals("openai-responses")
				&& text.indexOf(start) != text.lastIndexOf(start);
	}

	/**
	 * A disagreement with the expectation: a body that is nothing but a JSON error under
	 * status 200 is that error, though an event stream parser sees no event in it.
	 */
	private static boolean isBareError(byte[] body) {
		return new String(body, StandardCharsets.UTF_8).stripLeading().startsWith("{\"error\"");
	}

	static ProviderDialect dialect(JsonNode expected, Path file) {
		String wire = expected.path("wire").asString("");
		String type = switch (wire) {
			case "openai-responses", "anthropic" -> wire;
			case "ollama-chat" -> "ollama";
			case "openai-chat" -> PROFILES.getOrDefault(file.getParent().getFileName().toString(), "openai-compatible");
			default -> (wire.startsWith("gemini")) ? "gemini" : wire;
		};
		return BuiltInDialects.find(type);
	}

	private static void compare(JsonNode expected, RecordedAnswer answer, byte[] recording) {
		SoftAssertions softly = new SoftAssertions();
		text(softly, "text", wholeText(expected, answer), answer.text);
		text(softly, "reasoning", reasoning(expected), answer.reasoning);
		text(softly, "refusal", expected.path("refusal"), answer.refusal);
		boolean failed = !expected.path("error").isNull() && !expected.path("error").isMissingNode();
		if (failed) {
			softly.assertThat(answer.error).as("error").isNotNull();
			softly.assertThat(answer.finish).as("no finish after an error").isNull();
			if (answer.error != null) {
				softly.assertThat(answer.error.getKind()).isNotIn(ErrorKind.TRUNCATED, ErrorKind.MALFORMED);
				String message = expected.path("error").path("message").asString(null);
				if (message != null) {
					softly.assertThat(answer.error.getProviderMessage()).as("message").isEqualTo(message);
				}
			}
		}
		else if (isBareError(recording)) {
			softly.assertThat(answer.error).as("error without framing").isNotNull();
		}
		else if (expected.path("finish").isNull() && expected.path("framing").path("done_marker").asBoolean(false)) {
			// an end mark is a terminal signal too, though the reason is not known
			softly.assertThat(answer.error).as("error").isNull();
			softly.assertThat((answer.finish != null) ? answer.finish.rawReason() : "none").isNull();
		}
		else if (expected.path("finish").isNull()) {
			softly.assertThat((answer.error != null) ? answer.error.getKind() : null)
				.as("truncated")
				.isEqualTo(ErrorKind.TRUNCATED);
		}
		else {
			softly.assertThat(answer.error).as("error").isNull();
			finish(softly, expected, answer.finish);
		}
		if (answer.error != null) {
			softly.assertThat(answer.error.getPartialText()).as("partial text").isEqualTo(answer.text.toString());
		}
		Usage usage = (answer.finish != null) ? answer.finish.usage()
				: (answer.error != null) ? answer.error.getUsage() : Usage.NONE;
		usage(softly, expected, usage);
		calls(softly, expected.path("tool_calls"), answer);
		softly.assertAll();
	}

	/**
	 * Recordings with gaps lost some deltas, and the expectation with them. What we make
	 * of the provider's own whole text is then right as well.
	 */
	private static JsonNode wholeText(JsonNode expected, RecordedAnswer answer) {
		boolean gaps = expected.path("provenance").asString("").contains("trimmed");
		JsonNode whole = expected.path("final_text");
		return (gaps && whole.isObject() && whole.path("sha256").asString().equals(sha256(answer.text.toString())))
				? whole : expected.path("text");
	}

	private static JsonNode reasoning(JsonNode expected) {
		return (expected.path("reasoning").isObject()) ? expected.path("reasoning") : expected.path("reasoning_text");
	}

	private static void text(SoftAssertions softly, String what, JsonNode expected, StringBuilder actual) {
		if (!expected.isObject()) {
			softly.assertThat(actual.toString()).as(what).isEmpty();
			return;
		}
		if (expected.has("text")) {
			softly.assertThat(actual.toString()).as(what).isEqualTo(expected.path("text").asString());
		}
		softly.assertThat(actual.length()).as(what + " length").isEqualTo(expected.path("length_utf16").asInt());
		softly.assertThat(sha256(actual.toString())).as(what + " sha256").isEqualTo(expected.path("sha256").asString());
	}

	private static String sha256(String text) {
		try {
			return HexFormat.of()
				.formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void finish(SoftAssertions softly, JsonNode expected, Token.@Nullable Finish finish) {
		softly.assertThat(finish).as("finish").isNotNull();
		if (finish == null) {
			return;
		}
		// Two disagreements: a number is the reason's place in the provider's
		// enumeration, which
		// we know; and an answer that calls tools ends with TOOL_CALLS on every wire,
		// though
		// some servers of OpenAI's wire say "stop" (where a tool was forced, for
		// instance).
		String raw = expected.path("finish_reason").asString("");
		boolean callsTools = raw.equals("stop") && !expected.path("tool_calls").isEmpty();
		if (!raw.matches("\\d+") && !callsTools) {
			softly.assertThat(finish.reason().name()).as("finish").isEqualTo(expected.path("finish").asString());
		}
		softly.assertThat(finish.rawReason())
			.as("raw finish reason")
			.isEqualTo(expected.path("finish_reason").asString(null));
		if (!expected.path("response_id").isNull()) {
			softly.assertThat(finish.responseId())
				.as("response id")
				.isEqualTo(expected.path("response_id").asString(null));
		}
		if (!expected.path("model").isNull()) {
			softly.assertThat(finish.model()).as("model").isEqualTo(expected.path("model").asString(null));
		}
	}

	static void usage(SoftAssertions softly, JsonNode expected, Usage actual) {
		JsonNode usage = expected.path("usage");
		if (!usage.isObject()) {
			softly.assertThat(actual.source()).as("usage source").isEqualTo(Usage.Source.NONE);
			return;
		}
		softly.assertThat(actual.source()).as("usage source").isEqualTo(Usage.Source.REPORTED);
		softly.assertThat(actual.inputTokens()).as("input").isEqualTo(number(usage, "input_total", "input"));
		softly.assertThat(actual.outputTokens()).as("output").isEqualTo(output(usage));
		softly.assertThat(actual.cachedInputTokens()).as("cached").isEqualTo(number(usage, "cached"));
		softly.assertThat(actual.cacheWriteInputTokens()).as("cache write").isEqualTo(number(usage, "cache_write"));
		softly.assertThat(actual.reasoningTokens()).as("reasoning tokens").isEqualTo(number(usage, "reasoning"));
	}

	/**
	 * xAI's chat wire leaves reasoning out of its output count; its total tells.
	 */
	private static long output(JsonNode usage) {
		long output = number(usage, "output_total", "output");
		long reasoning = number(usage, "reasoning");
		boolean without = !usage.has("output_total") && reasoning > 0
				&& number(usage, "input") + output + reasoning == number(usage, "total");
		return (without) ? output + reasoning : output;
	}

	private static long number(JsonNode usage, String... names) {
		for (String name : names) {
			if (usage.path(name).isNumber()) {
				return usage.path(name).asLong();
			}
		}
		return 0;
	}

	private static void calls(SoftAssertions softly, JsonNode expected, RecordedAnswer answer) {
		softly.assertThat(answer.calls).as("tool calls").hasSize(expected.size());
		for (int i = 0; i < Math.min(expected.size(), answer.calls.size()); i++) {
			JsonNode call = expected.get(i);
			Token.ToolCall actual = answer.calls.get(i);
			softly.assertThat(actual.name()).as("tool name").isEqualTo(call.path("name").asString());
			if (!call.path("id").isNull()) {
				softly.assertThat(actual.id()).as("call id").isEqualTo(call.path("id").asString());
			}
			softly.assertThat(actual.id()).as("call id").isNotEmpty();
			JsonNode arguments = call.path("arguments");
			if (arguments.isNull() || arguments.isMissingNode()) {
				softly.assertThat(actual.arguments())
					.as("raw arguments")
					.isEqualTo(call.path("arguments_raw").asString());
			}
			else {
				softly.assertThat(tree(actual.arguments())).as("arguments").isEqualTo(arguments);
			}
			StringBuilder fragments = answer.fragments.get(actual.index());
			softly.assertThat((fragments == null || fragments.isEmpty()) ? "{}" : fragments.toString())
				.as("fragments of call " + actual.index())
				.isEqualTo(actual.arguments());
		}
	}

	private static @Nullable JsonNode tree(String json) {
		try {
			return mapper.readTree(json);
		}
		catch (JacksonException ex) {
			return null;
		}
	}

}
