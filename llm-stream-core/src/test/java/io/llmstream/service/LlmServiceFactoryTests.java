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

package io.llmstream.service;

import java.net.URI;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.llmstream.Completion;
import io.llmstream.FinishReason;
import io.llmstream.LlmStreamClient;
import io.llmstream.Message;
import io.llmstream.OutputOptions;
import io.llmstream.Part;
import io.llmstream.Partial;
import io.llmstream.StreamRequest;
import io.llmstream.Token;
import io.llmstream.ToolDefinition;
import io.llmstream.Usage;
import io.llmstream.conversation.Conversations;
import io.llmstream.conversation.InMemoryConversationMemory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import org.springframework.core.io.DefaultResourceLoader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link LlmServiceFactory} and the services that it creates.
 */
class LlmServiceFactoryTests {

	private static final Duration LIMIT = Duration.ofSeconds(10);

	private static final Token.Finish STOP = new Token.Finish(FinishReason.STOP, null, Usage.reported(1, 2), "r1",
			"m1");

	private final List<StreamRequest> asked = new ArrayList<>();

	private Flux<Token> answer = Flux.just(new Token.Reasoning("hm"), new Token.Text("Hel"), new Token.Text("lo"),
			STOP);

	private final LlmStreamClient client = LlmStreamClient.create("acme", (request) -> Flux.defer(() -> {
		this.asked.add(request);
		return this.answer;
	}));

	private final LlmServiceFactory factory = new LlmServiceFactory(this.client);

	@Test
	void promptsAreFilledWithArguments() {
		Support support = this.factory.create(Support.class);
		Flux<Token> tokens = support.answer("Where is {language}?", "French");
		assertThat(this.asked).isEmpty();
		StepVerifier.create(tokens).expectNextCount(4).expectComplete().verify(LIMIT);
		assertThat(request().messages()).containsExactly(Message.system("Be brief."),
				Message.user("Answer Where is {language}? in French"));
		StepVerifier.create(tokens).expectNextCount(4).expectComplete().verify(LIMIT);
		assertThat(this.asked).hasSize(2);
	}

	@Test
	void aPromptMayBeAFile() {
		this.factory.create(Support.class).file("Acme", "Open today?").block(LIMIT);
		assertThat(request().messages()).containsExactly(
				Message.system("You are the help desk of Acme.\n"
						+ "Answer as JSON like {\"answer\": \"…\"} where {braces} are wanted."),
				Message.user("Open today?"));
	}

	@Test
	void textThatIsAloneIsWhatTheUserSays() {
		assertThat(this.factory.create(Support.class).ask("Hi {there}")).isEqualTo("Hello");
		assertThat(request().messages()).containsExactly(Message.system("Be brief."), Message.user("Hi {there}"));
	}

	@Test
	void allKindsOfParametersBecomePartOfTheRequest() {
		Part.Image image = Part.Image.of(URI.create("https://example.org/a.png"));
		List<Message> history = List.of(Message.user("Hi"), Message.assistant("Hello"));
		this.factory.create(Support.class)
			.all(history, "What is it?", List.of(image), "ada", null, (request) -> request.temperature(0.5),
					OutputOptions.DEFAULTS)
			.blockLast(LIMIT);
		assertThat(request().messages()).containsExactly(Message.system("Be brief."), history.get(0), history.get(1),
				Message.user(new Part.Text("What is it?"), image));
		assertThat(request().tags()).containsEntry("user", "ada").hasSize(1);
		assertThat(request().temperature()).isEqualTo(0.5);
	}

	@Test
	void valuesThatAreMadeOfOthersAreJson() {
		this.factory.create(Support.class)
			.values(new City("Rome", 3), List.of("a", "b"), Optional.of(LocalDate.of(2026, 1, 31)), null, 1.5,
					Color.RED);
		assertThat(request().messages().get(1).text())
			.isEqualTo("{\"name\":\"Rome\",\"millions\":3} [\"a\",\"b\"] 2026-01-31  1.5 RED");
	}

	@Test
	void textCompletionsAndTokensAreReturnedInEveryForm() {
		Returns returns = this.factory.create(Returns.class);
		StepVerifier.create(returns.pieces("?")).expectNext("Hel", "lo").expectComplete().verify(LIMIT);
		assertThat(returns.completionMono("?").map(Completion::text).block(LIMIT)).isEqualTo("Hello");
		assertThat(returns.textMono("?").block(LIMIT)).isEqualTo("Hello");
		assertThat(returns.completion("?").usage()).isEqualTo(STOP.usage());
		try (Stream<Token> tokens = returns.tokens("?")) {
			assertThat(tokens).hasSize(4);
		}
		try (Stream<String> pieces = returns.pieceStream("?")) {
			assertThat(pieces).containsExactly("Hel", "lo");
		}
		assertThat(request().model()).isEqualTo("m2");
	}

	@Test
	void objectsAreReturnedInEveryForm() {
		Returns returns = this.factory.create(Returns.class);
		City rome = new City("Rome", 3);
		this.answer = Flux.just(new Token.Text("{\"name\":\"Ro"), new Token.Text("me\",\"millions\":3}"), STOP);
		StepVerifier.create(returns.growing("?").map(Partial::toJson))
			.expectNext("{\"name\":\"Ro\"}", "{\"name\":\"Rome\",\"millions\":3}", "{\"name\":\"Rome\",\"millions\":3}")
			.expectComplete()
			.verify(LIMIT);
		assertThat(Objects.requireNonNull(request().responseFormat()).name()).isEqualTo("City");
		assertThat(returns.object("?").block(LIMIT)).isEqualTo(rome);
		assertThat(returns.city("?")).isEqualTo(rome);
		this.answer = Flux.just(new Token.Text("{\"items\":[{\"name\":\"Rome\",\"millions\":3}]}"), STOP);
		StepVerifier.create(returns.cities("?")).expectNext(rome).expectComplete().verify(LIMIT);
		assertThat(returns.list("?")).containsExactly(rome);
		try (Stream<City> cities = returns.cityStream("?")) {
			assertThat(cities).containsExactly(rome);
		}
	}

	@Test
	void closingAStreamCancels() {
		AtomicBoolean cancelled = new AtomicBoolean();
		this.answer = Flux.concat(Flux.just(new Token.Text("Hel")), Flux.<Token>never())
			.doOnCancel(() -> cancelled.set(true));
		try (Stream<Token> tokens = this.factory.create(Returns.class).tokens("?")) {
			assertThat(tokens.iterator().next()).isEqualTo(new Token.Text("Hel"));
		}
		assertThat(cancelled).isTrue();
	}

	@Test
	void toolsAreThoseOfTheInterfaceAndOfTheMethod() {
		List<String> clients = new ArrayList<>();
		LlmServiceFactory withBeans = new LlmServiceFactory((name) -> {
			clients.add(name);
			return this.client;
		}, (type) -> new ToolDefinition(type.getSimpleName(), "", "{}"), new DefaultResourceLoader());
		withBeans.create(WithTools.class).ask("?");
		assertThat(request().tools()).extracting(ToolDefinition::name).containsExactly("City", "Color");
		assertThat(clients).containsExactly("chat");
	}

	@Test
	void requestsBelongToTheConversationThatIsNamed() {
		Chat chat = new LlmServiceFactory(remembering()).create(Chat.class);
		chat.answer("ada:1", "Hi").blockLast(LIMIT);
		chat.maybe(null, "Nobody").blockLast(LIMIT);
		chat.perhaps(Optional.empty(), "Nobody").blockLast(LIMIT);
		chat.perhaps(Optional.of(UUID.nameUUIDFromBytes(new byte[0])), "Elsewhere").blockLast(LIMIT);
		assertThat(this.asked).allSatisfy((request) -> assertThat(request.messages()).hasSize(1));
		chat.maybe("ada:1", "Again").blockLast(LIMIT);
		assertThat(request().messages()).containsExactly(Message.user("Hi"), Message.assistant("Hello"),
				Message.user("Again"));
	}

	@Test
	void objectsBelongToConversationsToo() {
		Chat chat = new LlmServiceFactory(remembering()).create(Chat.class);
		chat.answer("ada:1", "Hi").blockLast(LIMIT);
		this.answer = Flux.just(new Token.Text("{\"name\":\"Rome\",\"millions\":3}"), STOP);
		StepVerifier.create(chat.growing("ada:1", "Which?").last().map(Partial::value))
			.expectNext(new City("Rome", 3))
			.expectComplete()
			.verify(LIMIT);
		assertThat(request().messages()).startsWith(Message.user("Hi"), Message.assistant("Hello"));
	}

	@Test
	@SuppressWarnings("NullAway")
	void aConversationIsNotLostUnseen() {
		Chat chat = new LlmServiceFactory(remembering()).create(Chat.class);
		String none = null;
		assertThatIllegalArgumentException().isThrownBy(() -> chat.answer(none, "Hi"))
			.withMessageContaining("Chat.answer(String, String) was called without its @ConversationId");
		assertThatIllegalArgumentException().isThrownBy(() -> chat.answer(" ", "Hi"));
	}

	@Test
	void idsOfConversationsAreCheckedEarly() {
		LlmServiceFactory remembering = new LlmServiceFactory(remembering());
		assertThatExceptionOfType(InvalidLlmServiceException.class).isThrownBy(() -> remembering.create(TwoIds.class))
			.withMessageContaining("TwoIds.ask(String, String, String) has more than one @ConversationId");
		assertThatExceptionOfType(InvalidLlmServiceException.class).isThrownBy(() -> remembering.create(OddId.class))
			.withMessageContaining("has a @ConversationId of the type City; make it a String");
		assertThatExceptionOfType(InvalidLlmServiceException.class).isThrownBy(() -> this.factory.create(Chat.class))
			.withMessageContaining("has a @ConversationId, which its client cannot use")
			.withMessageContaining("keeps no conversations");
	}

	private LlmStreamClient remembering() {
		return LlmStreamClient.builder("acme", (request) -> Flux.defer(() -> {
			this.asked.add(request);
			return this.answer;
		})).conversations(new Conversations(new InMemoryConversationMemory(10, 10))).build();
	}

	@Test
	void aServiceIsAnObjectLikeOthers() {
		Support support = this.factory.create(Support.class);
		assertThat(support).hasToString("LlmService[" + Support.class.getName() + "]")
			.isEqualTo(support)
			.isNotEqualTo(this.factory.create(Support.class))
			.hasSameHashCodeAs(support);
		assertThat(support.twice("Hi")).isEqualTo("HelloHello");
	}

	@Test
	void aServiceMayBePreparedBefore() {
		LlmServiceFactory.prepare(Returns.class, (type) -> {
		});
		LlmServiceFactory.prepare(ReturnsAnything.class, (type) -> {
		});
		assertThat(this.factory.create(Returns.class).completion("?").text()).isEqualTo("Hello");
		assertThatExceptionOfType(InvalidLlmServiceException.class)
			.isThrownBy(() -> this.factory.create(ReturnsAnything.class));
	}

	@Test
	@Timeout(20)
	void preparingEndsWhateverTheTypesAre() {
		LlmServiceFactory.prepare(Hostile.class, (type) -> {
		});
	}

	interface Hostile {

		<T extends Comparable<T>> T ask(@UserPrompt String question);

		static <E extends Enum<E>> E first(Class<E> type) {
			return type.getEnumConstants()[0];
		}

	}

	@Test
	void genericInterfacesAreUnderstood() {
		this.answer = Flux.just(new Token.Text("{\"name\":\"Rome\",\"millions\":3}"), STOP);
		assertThat(this.factory.create(Cities.class).one("?")).isEqualTo(new City("Rome", 3));
	}

	@Test
	void textWhoseTypeIsThatOfAVariableIsWhatTheUserSays() {
		assertThat(this.factory.create(Desk.class).ask("Open today?")).isEqualTo("Hello");
		assertThat(request().messages()).containsExactly(Message.user("Open today?"));
	}

	static Stream<Arguments> wrong() {
		return Stream.of(
				Arguments.of(MissingVariable.class,
						"has no parameter for {town} of its prompt; its parameters are city"),
				Arguments.of(UnusedParameter.class, "has a parameter state that none of its prompts uses"),
				Arguments.of(Silent.class, "has nothing that the user says"),
				Arguments.of(TwoPrompts.class, "has more than one @UserPrompt"),
				Arguments.of(ReturnsNothing.class, "returns nothing"),
				Arguments.of(ReturnsToken.class, "returns one token; return Flux<Token>"),
				Arguments.of(ReturnsPartial.class, "return Flux<Partial<...>>"),
				Arguments.of(ReturnsAnything.class, "of which it is not known what is in it"),
				Arguments.of(ReturnsRunnable.class, "returns what a model cannot write"),
				Arguments.of(ReturnsEither.class, "tell its subtypes apart with @JsonTypeInfo"),
				Arguments.of(NoFile.class, "classpath:prompts/none.txt, which cannot be read"),
				Arguments.of(Blank.class, "has a prompt without a text"),
				Arguments.of(TemplateOnParameter.class, "has a template on its parameter text"),
				Arguments.of(Later.class, "has a parameter page of the type Mono, which has no text"),
				Arguments.of(City.class, "is no interface"));
	}

	@ParameterizedTest
	@MethodSource("wrong")
	void whatCannotWorkFailsEarlyAndNamesTheMethod(Class<?> service, String message) {
		assertThatExceptionOfType(InvalidLlmServiceException.class).isThrownBy(() -> this.factory.create(service))
			.withMessageContaining(service.getName() + ((service.isInterface()) ? ".ask(" : ""))
			.withMessageContaining(message);
	}

	@Test
	void aMessageOrAPartIsWhatTheUserSaysInItsOwnForm() {
		Said said = this.factory.create(Said.class);
		Part.Image image = Part.Image.of(URI.create("https://example.org/a.png"));
		said.message(Message.user(image));
		assertThat(request().messages()).containsExactly(Message.user(image));
		said.parts(List.of(new Part.Text("What is it?"), image));
		assertThat(request().messages()).containsExactly(Message.user(new Part.Text("What is it?"), image));
	}

	@Test
	void aUserWhoSaysNothingIsNamedEarly() {
		Said said = this.factory.create(Said.class);
		Part.Image image = Part.Image.of(URI.create("https://example.org/a.png"));
		assertThatIllegalArgumentException().isThrownBy(() -> said.maybe(null, List.of()))
			.withMessageContaining("Said.maybe(String, List) was called without anything that the user says");
		assertThatIllegalArgumentException().isThrownBy(() -> said.perhaps(Optional.empty()));
		said.maybe(null, List.of(image));
		assertThat(request().messages()).contains(Message.user(image));
	}

	interface Said {

		String message(@UserPrompt Message question);

		String parts(@UserPrompt List<Part> question);

		@SystemPrompt("Be brief.")
		String maybe(@UserPrompt @Nullable String question, List<Part.Image> images);

		String perhaps(@UserPrompt Optional<String> question);

	}

	@Test
	void aClientThatThereIsNotIsNamed() {
		LlmServiceFactory none = new LlmServiceFactory((name) -> {
			throw new IllegalArgumentException("There is no client named '" + name + "'");
		}, (type) -> type, new DefaultResourceLoader());
		assertThatExceptionOfType(InvalidLlmServiceException.class).isThrownBy(() -> none.create(WithTools.class))
			.withMessageContaining(
					"WithTools asks the client 'chat', which cannot be had: There is no client named 'chat'");
	}

	private StreamRequest request() {
		return this.asked.get(this.asked.size() - 1);
	}

	record City(String name, int millions) {
	}

	enum Color {

		RED

	}

	@LlmService
	@SystemPrompt("Be brief.")
	interface Support {

		@UserPrompt("Answer {question} in {language}")
		Flux<Token> answer(String question, String language);

		@SystemPrompt("classpath:prompts/desk.txt")
		Mono<Completion> file(@Variable("shop") String name, @UserPrompt String question);

		String ask(String question);

		Flux<Token> all(List<Message> history, @UserPrompt String question, List<Part.Image> images,
				@Tag("user") String user, @Tag("tenant") @Nullable String tenant,
				Consumer<StreamRequest.Builder> options, OutputOptions output);

		@UserPrompt("{city} {list} {day} {none} {number} {color}")
		String values(City city, List<String> list, Optional<LocalDate> day, @Nullable String none, double number,
				Color color);

		default String twice(String question) {
			return ask(question).repeat(2);
		}

	}

	@LlmService(model = "m2")
	interface Returns {

		Flux<String> pieces(String question);

		Mono<Completion> completionMono(String question);

		Mono<String> textMono(String question);

		Completion completion(String question);

		Stream<Token> tokens(String question);

		Stream<String> pieceStream(String question);

		Flux<Partial<City>> growing(String question);

		Mono<City> object(String question);

		City city(String question);

		Flux<City> cities(String question);

		List<City> list(String question);

		Stream<City> cityStream(String question);

	}

	@LlmService(client = "chat")
	@Tools(City.class)
	interface WithTools {

		@Tools(Color.class)
		String ask(String question);

	}

	@LlmService
	interface Chat {

		Flux<Token> answer(@ConversationId String id, String question);

		Flux<Token> maybe(@ConversationId @Nullable String id, @UserPrompt String question);

		Flux<Token> perhaps(@ConversationId Optional<UUID> id, @UserPrompt String question);

		Flux<Partial<City>> growing(@ConversationId String id, String question);

	}

	interface TwoIds {

		String ask(@ConversationId String one, @ConversationId String other, String question);

	}

	interface OddId {

		String ask(@ConversationId City id, String question);

	}

	interface One<T> {

		T one(String question);

	}

	interface Ask<Q, A> {

		A ask(Q question);

	}

	@LlmService
	interface Desk extends Ask<String, String> {

	}

	interface Cities extends One<City> {

	}

	interface MissingVariable {

		@UserPrompt("Where is {city} in {town}?")
		String ask(String city);

	}

	interface UnusedParameter {

		@UserPrompt("Where is {city}?")
		String ask(String city, String state);

	}

	interface Silent {

		@SystemPrompt("Hi")
		String ask();

	}

	interface TwoPrompts {

		@UserPrompt("Hi")
		String ask(@UserPrompt String question);

	}

	interface ReturnsNothing {

		void ask(String question);

	}

	interface ReturnsToken {

		Token ask(String question);

	}

	interface ReturnsPartial {

		Partial<City> ask(String question);

	}

	interface ReturnsAnything {

		Flux<?> ask(String question);

	}

	interface ReturnsRunnable {

		Mono<Runnable> ask(String question);

	}

	interface ReturnsEither {

		Flux<Either> ask(String question);

	}

	sealed interface Either {

	}

	record This(String text) implements Either {
	}

	record That(int number) implements Either {
	}

	interface NoFile {

		@UserPrompt("classpath:prompts/none.txt")
		String ask();

	}

	interface TemplateOnParameter {

		String ask(@UserPrompt("Summarize: {text}") String text);

	}

	interface Later {

		@UserPrompt("Summarize: {page}")
		String ask(Mono<String> page);

	}

	interface Blank {

		@UserPrompt(" ")
		String ask();

	}

}
