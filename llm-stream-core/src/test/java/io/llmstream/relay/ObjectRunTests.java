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

package io.llmstream.relay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.llmstream.FinishReason;
import io.llmstream.LlmStreamClient;
import io.llmstream.OutputOptions;
import io.llmstream.Partial;
import io.llmstream.Token;
import io.llmstream.Usage;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.Context;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for runs of objects that grow.
 */
class ObjectRunTests {

	private static final RelaySettings SETTINGS = RelaySettings.defaults()
		.withHeartbeat(Duration.ZERO)
		.withCoalescing(Duration.ZERO, 1);

	private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private final TestPublisher<Token> tokens = TestPublisher.create();

	private FakeConnection connect(Flux<? extends Partial<?>> partials) {
		RelayTicker ticker = new RelayTicker(SETTINGS, this.time, () -> this.time.now(TimeUnit.NANOSECONDS));
		FakeConnection connection = new FakeConnection(Run.ofObject(partials, SETTINGS, RelayErrorMapper.safe()),
				ticker);
		connection.start(Context.empty());
		return connection;
	}

	private Flux<Partial<Dish>> dish() {
		return LlmStreamClient.create("acme", (request) -> this.tokens.flux()).prompt("?").stream(Dish.class);
	}

	private void write(String... pieces) {
		for (String piece : pieces) {
			this.tokens.next(new Token.Text(piece));
		}
	}

	private void finish() {
		this.tokens.next(new Token.Finish(FinishReason.STOP, null, Usage.reported(3, 5), "r1", "m1"));
		this.tokens.complete();
	}

	@Test
	void eachEventHasWhatTheOneBeforeHadNot() {
		FakeConnection connection = connect(dish());
		write("Sure: {", " \"name\" : \"So", "up\", \"parts\": [\"salt\"", ", \"wa", "ter\"] }", " Enjoy!");
		finish();
		assertThat(connection.texts()).containsExactly("{\"name\":\"So", "up\",\"parts\":[\"salt\"", ",\"wa",
				"ter\"]}");
		assertThat(deltas(connection)).extracting(RunEvent.Delta::kind).containsOnly(RunEvent.Kind.OBJECT);
	}

	@Test
	void theLastEventTellsWhatTheModelUsed() {
		FakeConnection connection = connect(dish());
		write("{\"name\":\"Soup\",\"parts\":[]}");
		finish();
		assertThat(connection.last()).isInstanceOfSatisfying(RunEvent.Done.class, (done) -> {
			assertThat(done.finish()).isNotNull();
			assertThat(done.finish().reason()).isEqualTo(FinishReason.STOP);
			assertThat(done.finish().usage()).isEqualTo(Usage.reported(3, 5));
			assertThat(done.finish().model()).isEqualTo("m1");
			assertThat(done.finish().responseId()).isEqualTo("r1");
		});
	}

	@Test
	void anObjectThatBeginsAnewIsReset() {
		FakeConnection connection = connect(dish());
		write("{\"name\":\"Sou");
		this.tokens.next(new Token.Reset("another target"));
		write("{\"name\":\"Stew\",\"parts\":[]}");
		finish();
		assertThat(connection.events.stream().skip(1).map(ObjectRunTests::word)).containsExactly("{\"name\":\"Sou",
				"Reset", "{\"name\":\"Stew\",\"parts\":[]}", "Done");
	}

	@Test
	void anObjectThatIsWrongFailsAfterWhatCame() {
		FakeConnection connection = connect(dish());
		write("{\"name\":\"Soup\"}");
		finish();
		assertThat(connection.texts()).containsExactly("{\"name\":\"Soup\"}");
		assertThat(connection.last()).isInstanceOfSatisfying(RunEvent.Failed.class, (failed) -> {
			assertThat(failed.error().code()).isEqualTo("invalid-output");
			assertThat(failed.partial()).isTrue();
		});
	}

	@Test
	void anObjectThatIsRepairedIsResetAndEndsWell() {
		Flux<Token> wrong = Flux.just(new Token.Text("{\"name\":\"Soup\"}"), stop());
		Flux<Token> right = Flux.just(new Token.Text("{\"name\":\"Soup\",\"parts\":[]}"), stop());
		List<Flux<Token>> answers = new ArrayList<>(List.of(wrong, right));
		FakeConnection connection = connect(LlmStreamClient.create("acme", (request) -> answers.remove(0))
			.prompt("?")
			.output(OutputOptions.DEFAULTS.withMaxRepairs(1))
			.stream(Dish.class));
		assertThat(connection.events.stream().skip(1).map(ObjectRunTests::word)).containsExactly("{\"name\":\"Soup\"}",
				"Reset", "{\"name\":\"Soup\",\"parts\":[]}", "Done");
	}

	@Test
	void aStopKeepsWhatCameAndCancelsTheModel() {
		Run run = Run.ofObject(dish(), SETTINGS, RelayErrorMapper.safe());
		FakeConnection connection = new FakeConnection(run,
				new RelayTicker(SETTINGS, this.time, () -> this.time.now(TimeUnit.NANOSECONDS)));
		connection.start(Context.empty());
		write("{\"name\":\"Sou");
		run.stop();
		assertThat(connection.texts()).containsExactly("{\"name\":\"Sou");
		assertThat(connection.last()).isInstanceOf(RunEvent.Aborted.class);
		this.tokens.assertCancelled();
	}

	@Test
	void partialsThatAreLeftOutAreNotMissed() {
		Flux<Partial<Dish>> all = LlmStreamClient.create("acme",
				(request) -> Flux
					.concat(Flux.fromStream(Stream.of("{\"name\":\"S", "ou", "p\",\"par", "ts\":[\"sa", "lt\"", "]}"))
						.map(Token.Text::new), Mono.just(stop())))
			.prompt("?")
			.stream(Dish.class);
		FakeConnection connection = connect(all.index()
			.filter((indexed) -> indexed.getT1() % 3 == 0 || indexed.getT2().isComplete())
			.map((indexed) -> indexed.getT2()));
		assertThat(String.join("", connection.texts())).isEqualTo("{\"name\":\"Soup\",\"parts\":[\"salt\"]}");
	}

	@Test
	void anObjectFromElsewhereEndsWithAReasonToo() {
		Partial<Dish> whole = dishOf("{\"name\":\"Soup\",\"parts\":[]}");
		FakeConnection connection = connect(Flux.just(whole));
		assertThat(connection.texts()).containsExactly("{\"name\":\"Soup\",\"parts\":[]}");
		assertThat(connection.last()).isInstanceOfSatisfying(RunEvent.Done.class,
				(done) -> assertThat(done.finish()).extracting(Token.Finish::reason).isEqualTo(FinishReason.STOP));
	}

	private static Partial<Dish> dishOf(String json) {
		Partial<Dish> last = LlmStreamClient.create("acme", (request) -> Flux.just(new Token.Text(json), stop()))
			.prompt("?")
			.stream(Dish.class)
			.blockLast(Duration.ofSeconds(10));
		assertThat(last).isNotNull();
		return last;
	}

	private static Token stop() {
		return new Token.Finish(FinishReason.STOP, null, Usage.NONE, null, null);
	}

	private static List<RunEvent.Delta> deltas(FakeConnection connection) {
		return connection.events.stream()
			.filter(RunEvent.Delta.class::isInstance)
			.map(RunEvent.Delta.class::cast)
			.toList();
	}

	private static String word(RunEvent event) {
		return (event instanceof RunEvent.Delta delta) ? delta.text() : (event instanceof RunEvent.Whole whole)
				? whole.token().getClass().getSimpleName() : event.getClass().getSimpleName();
	}

	record Dish(String name, List<String> parts) {
	}

}
