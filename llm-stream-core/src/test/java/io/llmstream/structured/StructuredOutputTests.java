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

package io.llmstream.structured;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.llmstream.ContentBlockedException;
import io.llmstream.FinishReason;
import io.llmstream.InvalidOutputException;
import io.llmstream.LlmStreamClient;
import io.llmstream.Message;
import io.llmstream.OutputOptions;
import io.llmstream.Partial;
import io.llmstream.ResponseFormat;
import io.llmstream.StreamRequest;
import io.llmstream.StructuredOutput;
import io.llmstream.Token;
import io.llmstream.Usage;
import jakarta.validation.Validation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.ParameterizedTypeReference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for objects that a model writes.
 */
class StructuredOutputTests {

	private static final Duration LIMIT = Duration.ofSeconds(10);

	private static final Token.Finish STOP = finish(FinishReason.STOP);

	private final List<StreamRequest> asked = new ArrayList<>();

	private final List<Flux<Token>> answers = new ArrayList<>();

	private LlmStreamClient client = client(new JsonStructuredOutput());

	@Test
	void anObjectGrowsUntilItIsComplete() {
		answer(pieces(Recipe.JSON, 7));
		List<Partial<Recipe>> partials = collect(this.client.prompt("Pancakes?").stream(Recipe.class));
		assertThat(partials).hasSizeGreaterThan(20);
		assertThat(partials.get(0).value()).satisfies((recipe) -> {
			assertThat(recipe.title()).isEqualTo("");
			assertThat(recipe.steps()).isEmpty();
			assertThat(recipe.level()).isNull();
			assertThat(recipe.note()).isEmpty();
			assertThat(recipe.grams()).isEmpty();
		});
		Recipe before = null;
		for (Partial<Recipe> partial : partials) {
			Recipe now = partial.value();
			assertThat(now).isNotNull();
			if (before != null) {
				assertThat(now.title()).startsWith(before.title());
				assertThat(now.steps()).hasSizeGreaterThanOrEqualTo(before.steps().size());
			}
			before = now;
		}
		Partial<Recipe> last = partials.get(partials.size() - 1);
		assertThat(last.isComplete()).isTrue();
		assertThat(partials.stream().filter(Partial::isComplete)).hasSize(1);
		assertThat(last.value()).isEqualTo(JsonMapper.shared().readValue(Recipe.JSON, Recipe.class));
		assertThat(last).hasToString("Partial[io.llmstream.structured.Recipe, complete]");
	}

	@Test
	void whatJacksonUnwrapsIsAskedForAndReadFromTheRoot() {
		answer(pieces("{\"title\":\"Tea\",\"low\":1,\"high\":2}", 3));
		List<Partial<Offer>> partials = collect(this.client.prompt("?").stream(Offer.class));
		assertThat(partials.get(partials.size() - 1).value()).isEqualTo(new Offer("Tea", new Span(1, 2)));
		assertThat(partials).extracting((partial) -> Objects.requireNonNull(partial.value()).span().low())
			.contains(1)
			.startsWith((Integer) null);
		ResponseFormat format = Objects.requireNonNull(this.asked.get(0).responseFormat());
		assertThat(JsonMapper.shared().readTree(format.schema()).path("properties").propertyNames())
			.containsExactly("title", "low", "high");
		answer(pieces("{\"title\":\"Tea\",\"low\":1}", 3));
		expectInvalid(Offer.class, "the member high is missing");
	}

	record Offer(String title, @JsonUnwrapped Span span) {
	}

	record Span(Integer low, Integer high) {
	}

	@Test
	void theSchemaOfTheTypeIsAskedFor() {
		answer(pieces(Recipe.JSON, 50));
		collect(this.client.prompt("Pancakes?").stream(Recipe.class));
		ResponseFormat format = Objects.requireNonNull(this.asked.get(0).responseFormat());
		assertThat(format.name()).isEqualTo("Recipe");
		assertThat(format.mode()).isEqualTo(ResponseFormat.Mode.AUTO);
		// there is a map in it, which strict schemas do not have
		assertThat(format.strict()).isFalse();
		JsonNode schema = JsonMapper.shared().readTree(format.schema());
		assertThat(schema.path("type").asString()).isEqualTo("object");
		assertThat(schema.path("properties").path("steps").path("items").path("properties").has("minutes")).isTrue();
	}

	@Test
	void aResponseFormatOfTheRequestIsLeftAsItIs() {
		answer(pieces(Recipe.JSON, 50));
		collect(this.client.prompt("Pancakes?")
			.options((options) -> options.responseFormat(ResponseFormat.JSON_OBJECT))
			.stream(Recipe.class));
		assertThat(this.asked.get(0).responseFormat()).isEqualTo(ResponseFormat.JSON_OBJECT);
	}

	@Test
	void theModeCanBeChosen() {
		answer(pieces(Recipe.JSON, 50));
		collect(this.client.prompt("Pancakes?")
			.output(OutputOptions.DEFAULTS.withMode(ResponseFormat.Mode.PROMPT))
			.stream(Recipe.class));
		assertThat(this.asked.get(0).responseFormat()).extracting(ResponseFormat::mode)
			.isEqualTo(ResponseFormat.Mode.PROMPT);
	}

	@Test
	void partsThatWereCompleteAreBuiltOnce() {
		answer(pieces(Recipe.JSON, 1));
		List<Partial<Recipe>> partials = collect(this.client.prompt("Pancakes?").stream(Recipe.class));
		Recipe.Step first = null;
		int seen = 0;
		for (Partial<Recipe> partial : partials) {
			if (!partial.isComplete() && partial.isComplete("steps", 0)) {
				Recipe.Step step = Objects.requireNonNull(partial.value()).steps().get(0);
				first = (first != null) ? first : step;
				assertThat(step).isSameAs(first);
				seen++;
			}
		}
		assertThat(seen).isGreaterThan(30);
	}

	@Test
	void aPartialIsTheJsonOfItsObject() {
		answer(Flux.just(text("{\"title\":\"Soup\",\"steps\":[{\"text\":\"Coo"), text("k\"}]}"), STOP));
		StepVerifier.create(this.client.prompt("?").stream(Recipe.class).take(1)).assertNext((partial) -> {
			String json = "{\"title\":\"Soup\",\"steps\":[{\"text\":\"Coo\"}]}";
			assertThat(partial.toJson()).isEqualTo(json);
			assertThat(JsonMapper.shared().writeValueAsString(partial)).isEqualTo(json);
			assertThat(JsonMapper.shared().writeValueAsString(Map.of("recipe", partial)))
				.isEqualTo("{\"recipe\":" + json + "}");
			assertThat(partial.isComplete("title")).isTrue();
			assertThat(partial.isComplete("steps")).isFalse();
		}).expectComplete().verify(LIMIT);
	}

	@Test
	void aListGrowsAndItsWrapperIsNotSeen() {
		answer(pieces("{\"items\":[\"one\",\"two\",\"three\"]}", 4));
		List<Partial<List<String>>> partials = collect(
				this.client.prompt("Count").stream(new ParameterizedTypeReference<List<String>>() {
				}));
		assertThat(partials).extracting(Partial::value)
			.contains(List.of("o"), List.of("one"), List.of("one", "two"), List.of("one", "two", "three"));
		Partial<List<String>> last = partials.get(partials.size() - 1);
		assertThat(last.toJson()).isEqualTo("[\"one\",\"two\",\"three\"]");
		assertThat(last.isComplete(1)).isTrue();
		assertThat(partials.get(0).isComplete()).isFalse();
		JsonNode schema = JsonMapper.shared()
			.readTree(Objects.requireNonNull(this.asked.get(0).responseFormat()).schema());
		assertThat(schema.path("type").asString()).isEqualTo("object");
		assertThat(schema.path("properties").path("items").path("type").asString()).isEqualTo("array");
	}

	@Test
	void aListWithoutItsWrapperIsTakenToo() {
		answer(pieces("[\"one\",\"two\"]", 3));
		List<String> list = this.client.prompt("Count").object(new ParameterizedTypeReference<List<String>>() {
		}).block(LIMIT);
		assertThat(list).containsExactly("one", "two");
	}

	@Test
	void scalarsAndTreesAreObjectsToo() {
		answer(pieces("{\"value\":42}", 3));
		answer(pieces("{\"value\":\"HARD\"}", 3));
		answer(pieces("{\"a\":{\"b\":[1.10]}}", 3));
		assertThat(this.client.prompt("?").call(Integer.class)).isEqualTo(42);
		assertThat(this.client.prompt("?").call(Recipe.Level.class)).isEqualTo(Recipe.Level.HARD);
		assertThat(this.client.prompt("?").call(JsonNode.class).at("/a/b/0").asDouble()).isEqualTo(1.1);
		assertThat(this.asked.get(2).responseFormat()).extracting(ResponseFormat::schema).isNull();
	}

	@Test
	void elementsComeOneByOneAsEachIsComplete() {
		TestPublisher<Token> tokens = TestPublisher.create();
		answer(tokens.flux());
		StepVerifier.create(this.client.prompt("?").streamElements(Recipe.Step.class))
			.then(() -> tokens.next(text("{\"items\":[{\"text\":\"Mix\",\"minutes\":5,\"tools\":[]")))
			.expectNoEvent(Duration.ofMillis(20))
			.then(() -> tokens.next(text("}")))
			.expectNext(new Recipe.Step("Mix", 5, List.of()))
			.then(() -> tokens.next(text(",{\"text\":\"Fry\",\"minutes\":1,\"tools\":[]},"
					+ "{\"text\":\"Eat\",\"minutes\":2,\"tools\":[\"fork\"]}]}")))
			.expectNext(new Recipe.Step("Fry", 1, List.of()), new Recipe.Step("Eat", 2, List.of("fork")))
			.then(() -> tokens.next(STOP))
			.then(tokens::complete)
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void completeElementsComeBeforeAnError() {
		TestPublisher<Token> model = TestPublisher.create();
		this.answers.add(model.flux());
		StepVerifier.create(this.client.prompt("?").streamElements(Integer.class), 1)
			.then(() -> model.next(new Token.Text("{\"items\":[1,2,")))
			.expectNext(1)
			.then(() -> model.error(new IllegalStateException("reset")))
			.thenRequest(1)
			.expectNext(2)
			.expectError(IllegalStateException.class)
			.verify(LIMIT);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"items\":[1,2,\"x\",4]}", "{\"items\":[1,2,}" })
	void completeElementsComeBeforeWhatIsWrongWhereverTheAnswerWasCut(String answer) {
		for (int cut = 1; cut <= answer.length(); cut++) {
			this.answers
				.add(Flux.just(new Token.Text(answer.substring(0, cut)), new Token.Text(answer.substring(cut))));
			StepVerifier.create(this.client.prompt("?").streamElements(Integer.class))
				.expectNext(1, 2)
				.expectError(InvalidOutputException.class)
				.verify(LIMIT);
		}
	}

	@Test
	void requiredMembersOfRecursiveElementsWithoutAStrictSchemaAreDemanded() {
		this.answers.add(Flux.just(new Token.Text("{\"items\":[{\"name\":\"a\",\"tags\":{},\"children\":[{}]}]}")));
		StepVerifier.create(this.client.prompt("?").streamElements(Branch.class))
			.expectErrorSatisfies((error) -> assertThat(error).isInstanceOf(InvalidOutputException.class)
				.hasMessageContaining("name is missing"))
			.verify(LIMIT);
	}

	record Branch(String name, Map<String, String> tags, List<Branch> children) {
	}

	@Test
	void elementsHonourDemand() {
		answer(pieces("{\"items\":[1,2,3,4,5]}", 100));
		StepVerifier.create(this.client.prompt("?").streamElements(Integer.class), 0)
			.expectSubscription()
			.thenRequest(2)
			.expectNext(1, 2)
			.expectNoEvent(Duration.ofMillis(20))
			.thenRequest(10)
			.expectNext(3, 4, 5)
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void partialsHonourDemand() {
		TestPublisher<Token> tokens = TestPublisher.createCold();
		tokens.next(text("{\"title\":\"")).next(text("a")).next(text("b")).next(text("c"));
		answer(tokens.flux());
		StepVerifier.create(this.client.prompt("?").stream(Recipe.class).map(Partial::toJson), 1)
			.expectNext("{\"title\":\"\"}")
			.expectNoEvent(Duration.ofMillis(20))
			.thenRequest(1)
			.expectNext("{\"title\":\"a\"}")
			.thenCancel()
			.verify(LIMIT);
	}

	@Test
	void cancellingCancelsTheModel() {
		AtomicBoolean cancelled = new AtomicBoolean();
		answer(Flux.concat(Flux.just(text("{\"title\":\"x\"")), Flux.<Token>never())
			.doOnCancel(() -> cancelled.set(true)));
		StepVerifier.create(this.client.prompt("?").stream(Recipe.class)).expectNextCount(1).thenCancel().verify(LIMIT);
		assertThat(cancelled).isTrue();
	}

	@Test
	void anAnswerThatIsNoJsonIsAnErrorThatCarriesIt() {
		answer(Flux.just(text("I would rather "), text("not."), STOP));
		StepVerifier.create(this.client.prompt("?").object(Recipe.class)).expectErrorSatisfies((error) -> {
			assertThat(error).isInstanceOf(InvalidOutputException.class)
				.hasMessage(
						"acme (m1): the answer is not the Recipe that was asked for: there is no JSON in the answer");
			assertThat(((InvalidOutputException) error).getPartialText()).isEqualTo("I would rather not.");
			assertThat(((InvalidOutputException) error).getUsage()).isEqualTo(STOP.usage());
		}).verify(LIMIT);
	}

	@Test
	void brokenJsonEndsTheCallAtOnce() {
		AtomicBoolean cancelled = new AtomicBoolean();
		answer(Flux.concat(Flux.just(text("{\"title\": Pancakes")), Flux.<Token>never())
			.doOnCancel(() -> cancelled.set(true)));
		expectInvalid(Recipe.class, "is not valid JSON: there should be a value where there is 'P'");
		assertThat(cancelled).isTrue();
	}

	@Test
	void whatIsMissingIsNamed() {
		answer(pieces(Recipe.JSON.replace("\"minutes\": 10,", ""), 9));
		expectInvalid(Recipe.class, "the member steps[1].minutes is missing");
	}

	@Test
	void whatDoesNotFitIsNamedAndNotQuoted() {
		answer(pieces(Recipe.JSON.replace("EASY", "SECRET"), 9));
		expectInvalid(Recipe.class, "level is no Level");
		answer(pieces(Recipe.JSON.replace("12", "1.5"), 9));
		expectInvalid(Recipe.class, "servings is no int");
	}

	@Test
	void constraintsAreKept() {
		this.client = client(validating().build());
		answer(pieces(Recipe.JSON.replace("\"minutes\": 10", "\"minutes\": -10"), 9));
		expectInvalid(Recipe.class, "steps[1].minutes violates @Positive");
		answer(pieces(Recipe.JSON, 9));
		assertThat(this.client.prompt("?").call(Recipe.class).servings()).isEqualTo(12);
		answer(pieces("{\"items\":[{\"text\":\"Mix\",\"minutes\":0,\"tools\":[]}]}", 9));
		StepVerifier.create(this.client.prompt("?").streamElements(Recipe.Step.class))
			.expectErrorMatches((error) -> error.getMessage().endsWith("minutes violates @Positive"))
			.verify(LIMIT);
	}

	@Test
	void constraintsAreKeptByElementsOfTheRoot() {
		this.client = client(validating().build());
		String wrong = "{\"text\":\"Mix\",\"minutes\":0,\"tools\":[]}";
		String right = wrong.replace("0", "1");
		answer(pieces("{\"items\":[" + right + "," + wrong + "]}", 9));
		expectInvalid(new ParameterizedTypeReference<List<Recipe.Step>>() {
		}, "[1].minutes violates @Positive");
		answer(pieces("{\"value\":[" + right + "," + wrong + "]}", 9));
		expectInvalid(new ParameterizedTypeReference<Recipe.Step[]>() {
		}, "[1].minutes violates @Positive");
		answer(pieces("{\"a\":[" + wrong + "]}", 9));
		expectInvalid(new ParameterizedTypeReference<Map<String, List<Recipe.Step>>>() {
		}, "a[0].minutes violates @Positive");
		answer(pieces(wrong, 9));
		expectInvalid(new ParameterizedTypeReference<Optional<Recipe.Step>>() {
		}, ": minutes violates @Positive");
		answer(pieces("{\"items\":[" + right + "]}", 9));
		assertThat(this.client.prompt("?").object(new ParameterizedTypeReference<List<Recipe.Step>>() {
		}).block(LIMIT)).containsExactly(new Recipe.Step("Mix", 1, List.of()));
	}

	@Test
	void aRequiredMemberIsNotNull() {
		answer(pieces(Recipe.JSON.replace("\"EASY\"", "null"), 9));
		expectInvalid(Recipe.class, "the member level is null");
		answer(pieces(Recipe.JSON.replace("\"Mix\"", "null"), 9));
		expectInvalid(Recipe.class, "the member steps[0].text is null");
		answer(pieces(Recipe.JSON.replace("\"Serve hot\"", "null"), 9));
		assertThat(this.client.prompt("?").call(Recipe.class).note()).isEmpty();
		answer(pieces("{\"any\":null}", 9));
		assertThat(this.client.prompt("?").call(Anything.class).any()).isNull();
	}

	record Anything(Object any) {
	}

	@Test
	void anAnswerThatReachedItsLimitSaysSo() {
		answer(Flux.just(text("{\"title\":\"Pan"), finish(FinishReason.LENGTH)));
		expectInvalid(Recipe.class, "limit of output tokens");
	}

	@Test
	void aRefusalAndBlockedContentAreSaid() {
		answer(Flux.just(new Token.Refusal("No."), STOP));
		StepVerifier.create(this.client.prompt("?").object(Recipe.class)).expectErrorSatisfies((error) -> {
			assertThat(error).hasMessageContaining("declined");
			assertThat(((InvalidOutputException) error).getPartialText()).isEqualTo("No.");
		}).verify(LIMIT);
		answer(Flux.just(text("{\"title\":\"Pan"), finish(FinishReason.CONTENT_FILTER)));
		StepVerifier.create(this.client.prompt("?").object(Recipe.class))
			.expectError(ContentBlockedException.class)
			.verify(LIMIT);
	}

	@Test
	void theModelIsToldWhatWasWrongAndAskedAgain() {
		answer(pieces(Recipe.JSON.replace("EASY", "PIECE_OF_CAKE"), 9));
		answer(pieces(Recipe.JSON, 9));
		List<Partial<Recipe>> partials = collect(
				this.client.prompt("?").output(OutputOptions.DEFAULTS.withMaxRepairs(1)).stream(Recipe.class));
		assertThat(partials.get(partials.size() - 1).value()).extracting(Recipe::level).isEqualTo(Recipe.Level.EASY);
		assertThat(partials.stream().filter(Partial::isComplete)).hasSize(1);
		List<Message> messages = this.asked.get(1).messages();
		assertThat(messages).extracting(Message::role)
			.containsExactly(Message.Role.USER, Message.Role.ASSISTANT, Message.Role.USER);
		assertThat(messages.get(1).text()).contains("PIECE_OF_CAKE");
		assertThat(messages.get(2).text()).contains("level").contains("EASY, HARD");
	}

	@Test
	void theModelIsNotAskedAgainForEver() {
		for (int i = 0; i < 3; i++) {
			answer(Flux.just(text("No JSON"), STOP));
		}
		StepVerifier
			.create(this.client.prompt("?").output(OutputOptions.DEFAULTS.withMaxRepairs(2)).object(Recipe.class))
			.expectError(InvalidOutputException.class)
			.verify(LIMIT);
		assertThat(this.asked).hasSize(3);
		assertThat(this.asked.get(2).messages()).hasSize(5);
	}

	@Test
	void elementsThatWereDeliveredAreNotAskedForAgain() {
		this.client = client(JsonStructuredOutput.builder().defaults(new OutputOptions(null, 3)).build());
		answer(Flux.just(text("{\"items\":[1,"), text("\"x\"]}"), STOP));
		answer(Flux.just(text("{\"items\":[1,2]}"), STOP));
		StepVerifier.create(this.client.prompt("?").streamElements(Integer.class))
			.expectNext(1)
			.expectError(InvalidOutputException.class)
			.verify(LIMIT);
		StepVerifier.create(this.client.prompt("?").streamElements(Integer.class))
			.expectNext(1, 2)
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void anAnswerThatBeginsAnewBeginsTheObjectAnew() {
		answer(Flux.just(text("{\"value\":\"al"), new Token.Reset("broke off"), text("{\"value\":\"beta\"}"), STOP));
		StepVerifier
			.create(this.client.prompt("?")
				.stream(String.class)
				.map((partial) -> Objects.requireNonNullElse(partial.value(), "")))
			.expectNext("al", "beta", "beta")
			.expectComplete()
			.verify(LIMIT);
		answer(Flux.just(text("{\"items\":[1,2,"), new Token.Reset("broke off"), text("{\"items\":[1]}"), STOP));
		StepVerifier.create(this.client.prompt("?").streamElements(Integer.class))
			.expectNext(1, 2)
			.expectErrorMatches((error) -> error.getMessage().contains("began anew"))
			.verify(LIMIT);
	}

	@Test
	void whatAToolLoopSaysBetweenItsStepsIsNoObject() {
		answer(Flux.just(text("{\"let me\": \"see"), new Token.ToolResult("c1", "search", "x", false),
				new Token.StepStart(2), text("{\"value\":7}"), STOP));
		assertThat(this.client.prompt("?").call(Integer.class)).isEqualTo(7);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"items\":[1,2,3]}", "{\"items\":[]}", "{\"items\":[1,2", "\n[1,2,3]",
			"```json\n[3, 4]\n```", "Here {you} are: {\"items\":[1,2,3]}" })
	void aListThatALaterStepBeginsAnewIsAnError(String later) {
		for (int cut : new int[] { 1, 7, 1000 }) {
			answer(Flux.concat(savedList(), pieces(later, cut)));
			StepVerifier.create(this.client.prompt("?").streamElements(Integer.class))
				.expectNext(1, 2)
				.expectErrorMatches((error) -> error instanceof InvalidOutputException
						&& error.getMessage().contains("a later step of the answer began anew"))
				.verify(LIMIT);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "\n", "I saved both.", "Saved {both} [1] of {\"items\": them}.",
			"- [ ] mail\n- [1] save", "[ ] mail", "{\"saved\":[1,2]}", "{\"items\":\"saved\"}" })
	void whatALaterStepSaysOfAListThatIsCompleteIsNoError(String later) {
		for (int cut : new int[] { 1, 7, 1000 }) {
			answer(Flux.concat(savedList(), pieces(later, cut)));
			StepVerifier.create(this.client.prompt("?").streamElements(Integer.class))
				.expectNext(1, 2)
				.expectComplete()
				.verify(LIMIT);
		}
	}

	private static Flux<Token> savedList() {
		return Flux.just(text("{\"items\":[1,2]}"), new Token.ToolCall(0, "c1", "save", "{}"),
				new Token.ToolResult("c1", "save", "x", false), new Token.StepStart(2));
	}

	@Test
	void aTypeWithoutASchemaIsRefusedBeforeAnythingIsAsked() {
		StructuredOutput output = this.client.output();
		assertThatIllegalArgumentException().isThrownBy(() -> output.check(Runnable.class))
			.withMessageContaining("Runnable");
		assertThatIllegalArgumentException().isThrownBy(() -> this.client.prompt("?").stream(Runnable.class));
	}

	@Test
	void aTypeThatTakesNoMissingMembersIsNullUntilItCanBeBuilt() {
		answer(pieces("{\"low\":1,\"high\":2}", 3));
		List<Partial<Range>> partials = collect(this.client.prompt("?").stream(Range.class));
		assertThat(partials.get(0).value()).isNull();
		assertThat(partials.get(partials.size() - 1).value()).isEqualTo(new Range(1, 2));
	}

	record Range(Integer low, Integer high) {

		Range {
			if (low >= high) {
				throw new IllegalArgumentException("low must be less than high");
			}
		}

	}

	private void expectInvalid(Class<?> type, String message) {
		expectInvalid(ParameterizedTypeReference.forType(type), message);
	}

	private void expectInvalid(ParameterizedTypeReference<?> type, String message) {
		StepVerifier.create(this.client.prompt("?").object(type)).expectErrorSatisfies((error) -> {
			assertThat(error).isInstanceOf(InvalidOutputException.class).hasMessageContaining(message).hasNoCause();
			assertThat(error.getMessage()).doesNotContain("SECRET");
		}).verify(LIMIT);
	}

	private static JsonStructuredOutput.Builder validating() {
		return JsonStructuredOutput.builder()
			.validator(new BeanOutputValidator(Validation.buildDefaultValidatorFactory().getValidator()));
	}

	private LlmStreamClient client(StructuredOutput output) {
		return LlmStreamClient.builder("acme", (request) -> {
			this.asked.add(request);
			return this.answers.remove(0);
		}).output(output).build();
	}

	private void answer(Flux<Token> tokens) {
		this.answers.add(tokens);
	}

	private static Flux<Token> pieces(String text, int size) {
		List<Token> tokens = new ArrayList<>();
		for (int i = 0; i < text.length(); i += size) {
			tokens.add(text(text.substring(i, Math.min(text.length(), i + size))));
		}
		tokens.add(STOP);
		return Flux.fromIterable(tokens);
	}

	private static Token text(String text) {
		return new Token.Text(text);
	}

	private static Token.Finish finish(FinishReason reason) {
		return new Token.Finish(reason, null, Usage.reported(3, 5), "r1", "m1");
	}

	private static <T> List<T> collect(Flux<T> flux) {
		return Objects.requireNonNull(flux.collectList().block(LIMIT));
	}

}
