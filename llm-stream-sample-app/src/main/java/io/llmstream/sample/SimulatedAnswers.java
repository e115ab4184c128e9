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

package io.llmstream.sample;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.llmstream.ErrorKind;
import io.llmstream.Usage;
import io.llmstream.test.Script;

/**
 * What the simulated provider says. It looks for a word in the last message that tells
 * what to show off, and otherwise repeats what it was told.
 */
final class SimulatedAnswers {

	/** Questions that show what the page can do. */
	static final List<String> SUGGESTIONS = List.of("Show me a list, a table and some code",
			"/recipe Norwegian waffles", "What is the weather in Oslo? Use a tool",
			"Say hello in Arabic, Hebrew and emoji", "Tell me a long story, so that I can stop it",
			"Break off in the middle");

	private static final Duration FIRST_TOKEN = Duration.ofMillis(220);

	private static final Duration INTERVAL = Duration.ofMillis(18);

	private static final Pattern PIECE = Pattern.compile("\\s*\\S{1,7}|\\s+");

	private static final Pattern CITY = Pattern.compile("\\bin (\\p{Lu}[\\p{L}-]*(?: \\p{Lu}[\\p{L}-]*)*)");

	private static final Pattern WEATHER = Pattern
		.compile("sky\\W+([a-z ]+)\\W+temperature\\W+?(-?\\d+)\\W+unit\\W+?(°[CF])");

	private static final String THOUGHT = """
			The question came as "%s". That is turn %d of the conversation. A short answer will do, but it should \
			show that reasoning arrives before it and is kept apart.""";

	private static final String SHOWCASE = """
			Here is how a token travels, from the provider's socket to your screen.

			## What happens on the way

			1. **Bytes** arrive and are cut into *frames*, without a `String` for each.
			2. Frames become **tokens** in one pass:
			   - text goes out at once
			   - reasoning is kept apart
			   - nothing waits for a later token
			3. Tokens are numbered and sent to the browser as events.

			All of it takes one annotation and one line:

			```java
			@PostMapping(path = "/chat", produces = "text/event-stream")
			Flux<Token> chat(@RequestBody String question) {
				return this.client.prompt(question).stream();
			}
			```

			The five wires of the simulated provider:

			| Wire | Framing | Ends with |
			|:-----|:-------:|----------:|
			| OpenAI Chat | SSE | `[DONE]` |
			| OpenAI Responses | SSE | `response.completed` |
			| Anthropic | SSE | `message_stop` |
			| Gemini | SSE | end of input |
			| Ollama | NDJSON | `"done": true` |

			> A stream ends in exactly one way: with a *finish*, or with an error that keeps what came.
			""";

	private static final String HELLO = """
			**مرحبا بالعالم** – this is Arabic, and it runs from right to left.

			שלום עולם, כך כותבים בעברית.

			こんにちは世界 · 你好，世界 · Привет, мир

			And a family of several code points: 👩‍👩‍👧‍👦 🇳🇴 🎉
			""";

	private SimulatedAnswers() {
	}

	static Script answer(SimulatedConversation conversation) {
		String asked = conversation.last().toLowerCase(Locale.ROOT);
		if (conversation.object()) {
			return recipe(conversation);
		}
		if (asked.startsWith("echo:")) {
			return say(conversation, conversation.last().substring("echo:".length()));
		}
		if (asked.contains("break")) {
			return say(conversation, "This answer begins well, and then the provider has **no more capacity")
				.inBandError(ErrorKind.OVERLOADED);
		}
		if (asked.contains("limit")) {
			return Script.failure(ErrorKind.RATE_LIMITED);
		}
		if (asked.contains("weather")) {
			return weather(conversation);
		}
		return say(conversation, words(asked, conversation));
	}

	private static Script recipe(SimulatedConversation conversation) {
		String recipe = SimulatedRecipes.write(conversation.last());
		return (conversation.last().contains("breaks off"))
				? say(conversation, recipe.substring(0, recipe.lastIndexOf("\"steps\"") - 20))
					.inBandError(ErrorKind.OVERLOADED)
				: say(conversation, recipe);
	}

	private static Script weather(SimulatedConversation conversation) {
		if (!conversation.results().isEmpty()) {
			Matcher weather = WEATHER.matcher(conversation.results().get(0));
			return say(conversation,
					(weather.find())
							? "In **" + city(conversation.last()) + "** it is " + weather.group(2) + " "
									+ weather.group(3) + " now, and the sky is " + weather.group(1)
									+ ". The tool was called while this answer was "
									+ "being written, and what you read now is the model's second step."
							: "The tool could not tell me.");
		}
		if (!conversation.tools()) {
			return say(conversation, "I have no tool that could tell me. Switch on *Tools* above, and ask again.");
		}
		return say(conversation, "Let me look that up.").toolCall("get_weather", "{\"city\":",
				"\"" + city(conversation.last()) + "\",", "\"unit\":", "\"CELSIUS\"}");
	}

	private static String city(String question) {
		Matcher city = CITY.matcher(question);
		return (city.find()) ? city.group(1) : "Oslo";
	}

	private static String words(String asked, SimulatedConversation conversation) {
		if (asked.contains("table") || asked.contains("code")) {
			return SHOWCASE;
		}
		if (asked.contains("hello")) {
			return HELLO;
		}
		if (asked.contains("story")) {
			return story();
		}
		if (asked.contains("first")) {
			return "The first thing you said is:\n\n> " + conversation.first().replace("\n", "\n> ");
		}
		return "You said:\n\n> " + conversation.last().replace("\n", "\n> ") + "\n\nThis is turn "
				+ conversation.said().size()
				+ ". I am *simulated*: I can only repeat, but every token of this came over HTTP.";
	}

	private static String story() {
		StringBuilder story = new StringBuilder("# The token that would not end\n");
		for (int chapter = 1; chapter <= 60; chapter++) {
			story.append("\n## Chapter ")
				.append(chapter)
				.append("\n\nOnce more a token left its provider, crossed a wire, and was shown before the next one came. ")
				.append("It had travelled for some milliseconds, and nobody had waited for the end of the story to see it.\n");
		}
		return story.toString();
	}

	private static Script say(SimulatedConversation conversation, String text) {
		Script script = Script.start().firstTokenAfter(FIRST_TOKEN).every(INTERVAL).opening();
		List<String> thought = List.of();
		if (conversation.thinking()) {
			thought = pieces(
					String.format(Locale.ROOT, THOUGHT, conversation.last().strip(), conversation.said().size()));
			script = script.reasoning(thought.toArray(String[]::new));
		}
		List<String> pieces = pieces(text);
		return script.andText(pieces.toArray(String[]::new))
			.usage(new Usage(conversation.words(), pieces.size() + thought.size(), 0, 0, thought.size(),
					Usage.Source.REPORTED));
	}

	/**
	 * Cuts a text as a tokenizer would, about: pieces of a word with the space before.
	 */
	private static List<String> pieces(String text) {
		List<String> pieces = new ArrayList<>();
		for (Matcher piece = PIECE.matcher(text); piece.find();) {
			pieces.add(piece.group());
		}
		return pieces;
	}

}
