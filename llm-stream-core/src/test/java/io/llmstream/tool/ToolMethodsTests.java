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

package io.llmstream.tool;

import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.llmstream.StreamRequest;
import io.llmstream.ToolCallback;
import io.llmstream.ToolException;
import io.llmstream.ToolInvocation;
import jakarta.validation.constraints.Max;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.aop.framework.ProxyFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link ToolMethods}.
 */
class ToolMethodsTests {

	private static final Duration LIMIT = Duration.ofSeconds(5);

	private static ToolCallback tool(Object bean, String name) {
		return ToolMethods.of(bean)
			.stream()
			.filter((tool) -> tool.definition().name().equals(name))
			.findFirst()
			.orElseThrow();
	}

	private static @Nullable String call(Object bean, String name, String arguments) {
		return tool(bean, name)
			.call(new ToolInvocation("id", name, arguments.replace('\'', '"'), 1, StreamRequest.of("hi")))
			.block(LIMIT);
	}

	@Test
	void parametersBecomeTheSchema() {
		ToolCallback weather = tool(new Weather(), "get_weather");
		assertThat(weather.definition().description()).isEqualTo("Current weather at a place");
		assertThat(weather.timeout()).isEqualTo(Duration.ofSeconds(5));
		assertThat(weather.isBlocking()).isTrue();
		assertThat(JsonMapper.shared().readTree(weather.definition().parameters()))
			.isEqualTo(JsonMapper.shared().readTree("""
					{'type':'object','properties':{
					  'city':{'type':'string','description':'The city, such as Paris'},
					  'days':{'type':'integer','maximum':14},
					  'unit':{'type':'string','enum':['CELSIUS','FAHRENHEIT']}},
					 'required':['city','days'],'additionalProperties':false}""".replace('\'', '"')));
	}

	@Test
	void argumentsAreBound() {
		assertThat(call(new Weather(), "get_weather", "{'city':'Paris','days':2,'unit':'CELSIUS','more':1}"))
			.isEqualTo("Paris 2 CELSIUS");
		assertThat(call(new Weather(), "get_weather", "{'city':'Paris','days':2}")).isEqualTo("Paris 2 null");
	}

	@Test
	void anArgumentMayBeOneOfSeveralTypes() {
		ToolCallback pay = tool(new Payments(), "pay");
		assertThat(JsonMapper.shared().readTree(pay.definition().parameters()).at("/properties/by/anyOf"))
			.isEqualTo(JsonMapper.shared().readTree("""
					[{'type':'object','properties':{'type':{'type':'string','enum':['card']},
					   'number':{'type':'string'}},'required':['type','number'],'additionalProperties':false},
					 {'type':'object','properties':{'type':{'type':'string','enum':['cash']}},
					   'required':['type'],'additionalProperties':false}]""".replace('\'', '"')));
		assertThat(call(new Payments(), "pay", "{'by':{'type':'card','number':'4711'}}")).isEqualTo("Card 4711");
		assertThat(call(new Payments(), "pay", "{'by':{'type':'cash'}}")).isEqualTo("Cash");
		assertThatExceptionOfType(ToolException.class)
			.isThrownBy(() -> call(new Payments(), "pay", "{'by':{'type':'gold'}}"))
			.withMessageContaining("The argument 'by' is not what its schema says");
		assertThatIllegalArgumentException().isThrownBy(() -> tool(new Unclear(), "take"))
			.withMessageContaining("Unclear.take(Either) cannot be a tool")
			.withMessageContaining("@JsonTypeInfo");
	}

	@Test
	void annotationsHoldForMethodsThatImplementOrOverride() {
		for (Object bean : List.of(new LocalLibrary(), new QuietLibrary())) {
			assertThat(ToolMethods.of(bean)).singleElement().satisfies((tool) -> {
				assertThat(tool.definition().name()).isEqualTo("find_book");
				assertThat(tool.definition().description()).isEqualTo("Finds a book");
				assertThat(tool.timeout()).isEqualTo(Duration.ofSeconds(3));
				assertThat(JsonMapper.shared().readTree(tool.definition().parameters()))
					.isEqualTo(JsonMapper.shared().readTree("""
							{'type':'object','properties':{
							 'title':{'type':'string','description':'A part of the title'},
							 'most':{'type':'integer','maximum':9}},
							 'required':['title'],'additionalProperties':false}""".replace('\'', '"')));
			});
			assertThat(call(bean, "find_book", "{'title':'Emma','most':2}")).isEqualTo("2 of Emma");
			assertThat(call(bean, "find_book", "{'title':'Emma'}")).isEqualTo("null of Emma");
		}
	}

	@Test
	void aMethodThatThrowsWhenItIsInterruptedIsNotLogged() throws InterruptedException {
		List<Throwable> dropped = new CopyOnWriteArrayList<>();
		Hooks.onErrorDropped(dropped::add);
		Scheduler threads = Schedulers.newBoundedElastic(1, 10, "tool-methods-tests");
		try {
			Sleepy sleepy = new Sleepy();
			Disposable running = tool(sleepy, "sleep")
				.call(new ToolInvocation("id", "sleep", "{}", 1, StreamRequest.of("hi")))
				.subscribeOn(threads)
				.subscribe();
			assertThat(sleepy.asleep.await(10, TimeUnit.SECONDS)).isTrue();
			running.dispose();
			assertThat(sleepy.awake.await(10, TimeUnit.SECONDS)).isTrue();
			// runs when the thread is done with the tool
			assertThat(Mono.just("next").subscribeOn(threads).block(LIMIT)).isEqualTo("next");
			assertThat(dropped).isEmpty();
		}
		finally {
			threads.dispose();
			Hooks.resetOnErrorDropped();
		}
	}

	@Test
	void aMethodSaysMoreThanTheOneThatItOverrides() {
		ToolCallback tool = tool(new LoudLibrary(), "shout_book");
		assertThat(tool.definition().description()).isNull();
		assertThat(JsonMapper.shared().readTree(tool.definition().parameters()).at("/properties/title/description"))
			.isEqualTo(JsonMapper.shared().readTree("\"All of the title\""));
		assertThat(call(new LoudLibrary(), "shout_book", "{'title':'Emma'}")).isEqualTo("NULL OF EMMA");
	}

	@Test
	void toolsOfAnInterfaceAreCalledThroughItsProxy() {
		ProxyFactory factory = new ProxyFactory(new OakShelf());
		factory.setInterfaces(Shelf.class);
		assertThat(call(factory.getProxy(), "count_books", "{'least':7}")).isEqualTo("8");
	}

	@Test
	void wrongArgumentsAreNamed() {
		assertWrong("{'days':2}", "The argument 'city' is missing.");
		assertWrong("{'city':null,'days':2}", "The argument 'city' is missing.");
		assertWrong("{'city':'Paris','days':'many'}", "The argument 'days' is not what its schema says.");
		assertWrong("{'city':'Paris'", "The arguments are not valid JSON.");
		assertWrong("[]", "The arguments must be a JSON object.");
		assertThatExceptionOfType(ToolException.class)
			.isThrownBy(() -> call(new Results(), "order", "{'order':{'items':[{'count':1},{'count':'x'}]}}"))
			.withMessage("The argument 'order' is not what its schema says: see order.items[1].count.");
	}

	private static void assertWrong(String arguments, String message) {
		assertThatExceptionOfType(ToolException.class).isThrownBy(() -> call(new Weather(), "get_weather", arguments))
			.withMessage(message);
	}

	@Test
	void resultsAreTextAsItIsAndAnythingElseAsJson() {
		Results results = new Results();
		assertThat(call(results, "text", "")).isEqualTo("a \"b\"");
		assertThat(call(results, "object", "{}")).isEqualTo("{\"day\":\"2026-01-31\",\"degrees\":3}");
		assertThat(call(results, "nothing", "{}")).isEqualTo("Done.");
		assertThat(call(results, "none", "{}")).isEqualTo("null");
		assertThat(call(results, "mono", "{}")).isEqualTo("{\"day\":\"2026-01-31\",\"degrees\":4}");
		assertThat(call(results, "emptyMono", "{}")).isEqualTo("Done.");
		assertThat(call(results, "pieces", "{}")).isEqualTo("one two");
		assertThat(call(results, "elements", "{}")).isEqualTo("[1,2,3]");
		assertThat(call(results, "noElements", "{}")).isEqualTo("[]");
		assertThat(call(results, "future", "{}")).isEqualTo("later");
		assertThat(tool(results, "mono").isBlocking()).isFalse();
		assertThat(tool(results, "future").isBlocking()).isFalse();
	}

	@Test
	void cancellingCancelsAFuture() {
		Results results = new Results();
		tool(results, "pending").call(new ToolInvocation("id", "pending", "{}", 1, StreamRequest.of("hi")))
			.subscribe()
			.dispose();
		assertThat(results.pending).isCancelled();
	}

	@Test
	void theInvocationIsNoArgument() {
		ToolCallback tool = tool(new Results(), "who");
		assertThat(tool.definition().parameters()).doesNotContain("invocation");
		StreamRequest request = StreamRequest.builder().user("hi").tag("user", "ada").build();
		assertThat(tool.call(new ToolInvocation("id", "who", "{}", 1, request)).block(LIMIT)).isEqualTo("ada");
	}

	@Test
	void optionalsNeedNotBeGiven() {
		assertThat(call(new Results(), "optional", "{}")).isEqualTo("none");
		assertThat(call(new Results(), "optional", "{'text':'some'}")).isEqualTo("some");
		assertThat(call(new Results(), "optional", "{'text':null}")).isEqualTo("none");
	}

	@Test
	void whatAMethodThrowsIsThrown() {
		assertThatIllegalArgumentException().isThrownBy(() -> call(new Results(), "fails", "{}")).withMessage("broken");
	}

	@Test
	void toolsOfAProxyAreCalledThroughTheProxy() {
		int[] calls = new int[1];
		ProxyFactory factory = new ProxyFactory(new Weather());
		factory.setProxyTargetClass(true);
		factory.addAdvice((org.aopalliance.intercept.MethodInterceptor) (invocation) -> {
			calls[0]++;
			return invocation.proceed();
		});
		assertThat(call(factory.getProxy(), "get_weather", "{'city':'Rome','days':1}")).isEqualTo("Rome 1 null");
		assertThat(calls[0]).isEqualTo(1);
	}

	@Test
	void theCheckSeesTheArguments() {
		ToolCallback tool = ToolMethods.of(new Weather(), (bean, method, arguments) -> {
			if (Integer.valueOf(99).equals(arguments[1])) {
				throw new ToolException("days must be 14 at most");
			}
		}).get(0);
		assertThatExceptionOfType(ToolException.class)
			.isThrownBy(() -> tool
				.call(new ToolInvocation("id", "t", "{\"city\":\"Rome\",\"days\":99}", 1, StreamRequest.of("hi")))
				.block(LIMIT))
			.withMessage("days must be 14 at most");
	}

	@Test
	void aBadMethodIsNamed() {
		assertThatIllegalArgumentException().isThrownBy(() -> ToolMethods.of(new Object()))
			.withMessageContaining("java.lang.Object has no method with @Tool");
		assertThatIllegalArgumentException().isThrownBy(() -> ToolMethods.of(new BadType()))
			.withMessageContaining("BadType.run(Runnable) cannot be a tool: run.task is")
			.withMessageContaining("java.lang.Runnable");
		assertThatIllegalArgumentException().isThrownBy(() -> ToolMethods.of(new BadName()))
			.withMessageContaining("BadName.run() cannot be a tool: 'no spaces' is no name for a tool");
		assertThatIllegalArgumentException().isThrownBy(() -> ToolMethods.of(new BadTimeout()))
			.withMessageContaining("BadTimeout.run()");
		assertThatIllegalArgumentException().isThrownBy(() -> ToolMethods.of(new BadStrict()))
			.withMessageContaining("BadStrict.run(Map)")
			.withMessageContaining("strict");
		assertThatIllegalArgumentException().isThrownBy(() -> ToolMethods.of(new Twice()))
			.withMessageContaining("have the same name");
	}

	@NullMarked
	static class Weather {

		enum Unit {

			CELSIUS, FAHRENHEIT

		}

		@Tool(name = "get_weather", value = "Current weather at a place", timeout = "5s")
		String weather(@ToolParam("The city, such as Paris") String city, @Max(14) int days, @Nullable Unit unit) {
			return city + " " + days + " " + unit;
		}

	}

	static class Results {

		final CompletableFuture<String> pending = new CompletableFuture<>();

		record Day(LocalDate day, int degrees) {
		}

		record Item(int count) {
		}

		record Order(List<Item> items) {
		}

		@Tool
		String text() {
			return "a \"b\"";
		}

		@Tool
		Day object() {
			return new Day(LocalDate.of(2026, 1, 31), 3);
		}

		@Tool
		void nothing() {
		}

		@Tool
		@Nullable Day none() {
			return null;
		}

		@Tool
		Mono<Day> mono() {
			return Mono.just(new Day(LocalDate.of(2026, 1, 31), 4));
		}

		@Tool
		Mono<Void> emptyMono() {
			return Mono.empty();
		}

		@Tool
		Flux<String> pieces() {
			return Flux.just("one", " two");
		}

		@Tool
		Flux<Integer> elements() {
			return Flux.just(1, 2, 3);
		}

		@Tool
		Flux<Integer> noElements() {
			return Flux.empty();
		}

		@Tool
		CompletableFuture<String> future() {
			return CompletableFuture.completedFuture("later");
		}

		@Tool
		CompletableFuture<String> pending() {
			return this.pending;
		}

		@Tool
		@Nullable String who(ToolInvocation invocation) {
			return invocation.request().tags().get("user");
		}

		@Tool
		String optional(Optional<String> text) {
			return text.orElse("none");
		}

		@Tool
		int order(Order order) {
			return order.items().size();
		}

		@Tool
		String fails() {
			throw new IllegalArgumentException("broken");
		}

	}

	static class BadType {

		@Tool
		void run(Runnable task) {
		}

	}

	static class BadName {

		@Tool(name = "no spaces")
		void run() {
		}

	}

	static class BadTimeout {

		@Tool(timeout = "soon")
		void run() {
		}

	}

	static class BadStrict {

		@Tool(strict = true)
		void run(Map<String, String> values) {
		}

	}

	static class Twice {

		@Tool
		void run() {
		}

		@Tool
		void run(int again) {
		}

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
	sealed interface Means {

	}

	@JsonTypeName("card")
	record Card(String number) implements Means {
	}

	@JsonTypeName("cash")
	record Cash() implements Means {
	}

	static class Payments {

		@Tool
		String pay(Means by) {
			return (by instanceof Card card) ? "Card " + card.number() : "Cash";
		}

	}

	sealed interface Either {

	}

	record One() implements Either {
	}

	static class Unclear {

		@Tool
		String take(Either either) {
			return "";
		}

	}

	static class Sleepy {

		final CountDownLatch asleep = new CountDownLatch(1);

		final CountDownLatch awake = new CountDownLatch(1);

		@Tool
		String sleep() {
			this.asleep.countDown();
			try {
				Thread.sleep(60_000);
				return "";
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException("quotes the user", ex);
			}
			finally {
				this.awake.countDown();
			}
		}

	}

	interface Library<T> {

		@Tool(name = "find_book", description = "Finds a book", timeout = "3s")
		String find(@ToolParam("A part of the title") T title, @ToolParam(required = false) @Max(9) Integer most);

	}

	interface Shelf {

		@Tool(name = "count_books")
		int count(@ToolParam(name = "least") int from);

	}

	static class OakShelf implements Shelf {

		@Override
		public int count(int least) {
			return least + 1;
		}

	}

	static class LocalLibrary implements Library<String> {

		@Override
		public String find(String title, Integer most) {
			return most + " of " + title;
		}

	}

	static class QuietLibrary extends LocalLibrary {

		@Override
		public String find(String title, Integer most) {
			return super.find(title, most);
		}

	}

	static class LoudLibrary extends LocalLibrary {

		@Override
		@Tool(name = "shout_book")
		public String find(@ToolParam("All of the title") String title, Integer most) {
			return super.find(title, most).toUpperCase(Locale.ROOT);
		}

	}

}
