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
import java.util.Objects;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.llmstream.FinishReason;
import io.llmstream.InvalidOutputException;
import io.llmstream.LlmStreamClient;
import io.llmstream.Partial;
import io.llmstream.StreamRequest;
import io.llmstream.Token;
import io.llmstream.Usage;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for objects of which a property says what they are.
 */
class SubtypesTests {

	private static final Duration LIMIT = Duration.ofSeconds(10);

	private static final String JSON = "{'title':'Day','blocks':[{'type':'text','text':'Hello'},"
			+ "{'type':'image','url':'a.png','caption':{'type':'text','text':'Sun'}},{'type':'text','text':'Bye'}]}";

	private static final Page PAGE = new Page("Day",
			List.of(new Text("Hello"), new Image("a.png", new Text("Sun")), new Text("Bye")));

	private final List<StreamRequest> asked = new ArrayList<>();

	private String answer = JSON;

	private final LlmStreamClient client = LlmStreamClient.create("acme", (request) -> Flux.defer(() -> {
		this.asked.add(request);
		return Flux.fromStream(this.answer.replace('\'', '"').chars().mapToObj(Character::toString))
			.<Token>map(Token.Text::new)
			.concatWithValues(new Token.Finish(FinishReason.STOP, null, Usage.NONE, null, null));
	}));

	@Test
	void anObjectIsBoundToItsTypeAsSoonAsThatIsKnown() {
		List<Partial<Page>> partials = new ArrayList<>();
		StepVerifier.create(this.client.prompt("?").stream(Page.class).doOnNext(partials::add))
			.thenConsumeWhile((partial) -> true)
			.expectComplete()
			.verify(LIMIT);
		int blocks = 0;
		for (Partial<Page> partial : partials) {
			List<Block> now = Objects.requireNonNull(partial.value()).blocks();
			assertThat(now).doesNotContainNull().hasSizeGreaterThanOrEqualTo(blocks);
			for (int i = 0; i < now.size(); i++) {
				assertThat(now.get(i)).hasSameClassAs(PAGE.blocks().get(i));
			}
			blocks = now.size();
		}
		assertThat(partials).extracting(Partial::value)
			.contains(new Page("Day", List.of(new Text("Hel"))), new Page("Day", List.of(new Text("Hello"))))
			.last()
			.isEqualTo(PAGE);
	}

	@Test
	void theNameOfATypeThatIsBeingWrittenIsNone() {
		this.answer = "{'title':'Day','blocks':[{'type':'textual','words':3}]}";
		StepVerifier
			.create(this.client.prompt("?")
				.stream(Page.class)
				.map((partial) -> Objects.requireNonNull(partial.value()).blocks())
				.filter((blocks) -> !blocks.isEmpty())
				.distinct())
			.expectNext(List.of(new Textual(0)), List.of(new Textual(3)))
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void theRootIsWrappedSinceProvidersWantAnObjectThere() {
		this.answer = "{'value':{'type':'image','url':'a.png','caption':{'type':'text','text':'Sun'}}}";
		StepVerifier.create(this.client.prompt("?").object(Block.class))
			.expectNext(PAGE.blocks().get(1))
			.expectComplete()
			.verify(LIMIT);
		JsonNode schema = JsonMapper.shared()
			.readTree(Objects.requireNonNull(this.asked.get(0).responseFormat()).schema());
		assertThat(schema.path("type").asString()).isEqualTo("object");
		assertThat(schema.at("/properties/value/anyOf").size()).isEqualTo(3);
		assertThat(this.asked.get(0).responseFormat().strict()).isTrue();
	}

	@Test
	void elementsComeEachAsItsType() {
		this.answer = "{'items':[{'type':'text','text':'Hello'},{'type':'text','text':'Bye'}]}";
		StepVerifier.create(this.client.prompt("?").streamElements(Block.class))
			.expectNext(new Text("Hello"), new Text("Bye"))
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void whatIsMissingIsFoundInTheTypeThatAnObjectIs() {
		this.answer = "{'title':'Day','blocks':[{'type':'text','text':'Hello'},{'type':'image','url':'a.png'}]}";
		expectInvalid("the member blocks[1].caption is missing");
		this.answer = "{'title':'Day','blocks':[{'type':'image','url':'a.png','caption':{'type':'text'}}]}";
		expectInvalid("the member blocks[0].caption.text is missing");
	}

	@Test
	void aTypeThatThereIsNotIsAnError() {
		this.answer = "{'title':'Day','blocks':[{'type':'film','text':'Hello'}]}";
		expectInvalid("blocks[0]");
		this.answer = "{'title':'Day','blocks':[{'text':'Hello'}]}";
		expectInvalid("blocks[0]");
	}

	private void expectInvalid(String message) {
		StepVerifier.create(this.client.prompt("?").object(Page.class))
			.expectErrorSatisfies((error) -> assertThat(error).isInstanceOf(InvalidOutputException.class)
				.hasMessageContaining(message))
			.verify(LIMIT);
	}

	@Test
	void subtypesThatCannotBeToldApartAreRefusedBeforeAnythingIsAsked() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.client.output().check(Silent.class))
			.withMessageContaining("Silent.part")
			.withMessageContaining("@JsonTypeInfo");
		assertThatIllegalArgumentException().isThrownBy(() -> this.client.prompt("?").object(Silent.class));
		assertThat(this.asked).isEmpty();
	}

	record Page(String title, List<Block> blocks) {
	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
	@JsonSubTypes({ @JsonSubTypes.Type(name = "text", value = Text.class),
			@JsonSubTypes.Type(name = "textual", value = Textual.class),
			@JsonSubTypes.Type(name = "image", value = Image.class) })
	sealed interface Block {

	}

	record Text(String text) implements Block {
	}

	record Textual(int words) implements Block {
	}

	record Image(String url, Block caption) implements Block {
	}

	record Silent(Part part) {
	}

	sealed interface Part {

	}

	record Only(String text) implements Part {
	}

}
