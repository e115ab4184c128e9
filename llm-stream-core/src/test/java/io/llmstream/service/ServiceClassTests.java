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

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.lang.reflect.UndeclaredThrowableException;
import java.net.FileNameMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

import io.llmstream.FinishReason;
import io.llmstream.LlmStreamClient;
import io.llmstream.StreamRequest;
import io.llmstream.Token;
import io.llmstream.Usage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

import org.springframework.scheduling.annotation.Async;
import org.springframework.util.StreamUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link ServiceClass}, and that a {@link ServiceProxy} is no different to who
 * calls it.
 */
class ServiceClassTests {

	private static final Duration LIMIT = Duration.ofSeconds(10);

	private final List<StreamRequest> asked = new ArrayList<>();

	private final LlmServiceFactory factory = new LlmServiceFactory(client("Hello", this.asked));

	private static LlmStreamClient client(String answer, List<StreamRequest> asked) {
		return LlmStreamClient.create("acme", (request) -> Flux.defer(() -> {
			asked.add(request);
			return Flux.just(new Token.Text(answer),
					new Token.Finish(FinishReason.STOP, null, Usage.reported(1, 2), "r1", "m1"));
		}));
	}

	@ParameterizedTest
	@ValueSource(classes = { Hidden.class, Visible.class, Secret.class })
	void aServiceIsAClassBesideItsInterface(Class<?> service) {
		Class<?> type = this.factory.create(service).getClass();
		assertThat(Proxy.isProxyClass(type)).isFalse();
		assertThat(type.getName()).isEqualTo(service.getName() + "__LlmService");
		assertThat(type.getClassLoader()).isSameAs(service.getClassLoader());
		assertThat(type.getPackage()).isSameAs(service.getPackage());
		assertThat(type.isSynthetic()).isTrue();
		assertThat(Modifier.isFinal(type.getModifiers())).isFalse();
		assertThat(Modifier.isPublic(type.getModifiers())).isEqualTo(Modifier.isPublic(service.getModifiers()));
	}

	@ParameterizedTest
	@ValueSource(classes = { AllTypes.class, WrappedAllTypes.class })
	void argumentsOfAllTypesArrive(Class<? extends AllTypes> service) {
		AllTypes types = this.factory.create(service);
		types.primitives(true, (byte) 1, 'c', (short) 2, "end").blockLast(LIMIT);
		assertThat(said()).isEqualTo("true 1 c 2 end");
		types.numbers(3, 4L, 1.5f, 2.5, 5L, "end").blockLast(LIMIT);
		assertThat(said()).isEqualTo("3 4 1.5 2.5 5 end");
		types.arrays(new int[] { 1, 2 }, new long[][] { { 3 }, {} }, "a", "b").blockLast(LIMIT);
		assertThat(said()).isEqualTo("[1,2] [[3],[]] [\"a\",\"b\"]");
		types.none().blockLast(LIMIT);
		assertThat(said()).isEqualTo("Nothing");
	}

	@ParameterizedTest
	@ValueSource(classes = { Overloaded.class, WrappedOverloaded.class })
	void methodsOfOneNameAreToldApart(Class<? extends Overloaded> service) {
		Overloaded overloaded = this.factory.create(service);
		overloaded.ask("x");
		assertThat(said()).isEqualTo("text x");
		overloaded.ask(1);
		assertThat(said()).isEqualTo("number 1");
		overloaded.ask(Integer.valueOf(2));
		assertThat(said()).isEqualTo("object 2");
	}

	@ParameterizedTest
	@ValueSource(classes = { Narrow.class, WrappedNarrow.class })
	void whatIsDeclaredAgainGoesBefore(Class<? extends Narrow> service) {
		Narrow narrow = this.factory.create(service);
		assertThat(narrow.ask("x")).isEqualTo("Hello");
		assertThat(said()).isEqualTo("narrow x");
		Wide<String> wide = narrow;
		assertThat(wide.ask("x")).isEqualTo("Hello");
		assertThat(said()).isEqualTo("narrow x");
	}

	@ParameterizedTest
	@ValueSource(classes = { TwoWidths.class, WrappedTwoWidths.class })
	void ofMethodsThatDifferInWhatTheyReturnTheMostSpecificIsCalled(Class<? extends TwoWidths> service) {
		TwoWidths both = this.factory.create(service);
		assertThat(((One) both).ask("x")).isEqualTo("Hello");
		assertThat(said()).isEqualTo("x");
		assertThat(((Wide<?>) both).ask("y")).isEqualTo("Hello");
		assertThat(said()).isEqualTo("y");
	}

	@ParameterizedTest
	@ValueSource(classes = { Both.class, WrappedBoth.class })
	void whatTwoInterfacesDeclareIsImplementedOnce(Class<? extends Both> service) {
		Both both = this.factory.create(service);
		assertThat(((One) both).ask("x")).isEqualTo(((Other) both).ask("x"));
		assertThat(this.asked).extracting((request) -> request.messages().get(0).text()).containsExactly("x", "x");
	}

	@ParameterizedTest
	@ValueSource(classes = { Defaults.class, WrappedDefaults.class })
	void defaultMethodsCallAbstractOnes(Class<? extends Defaults> service) {
		Defaults defaults = this.factory.create(service);
		assertThat(defaults.twice("x")).isEqualTo("HelloHello");
		assertThat(defaults.greeting()).isEqualTo("Hi");
		assertThat(defaults).hasToString("LlmService[" + service.getName() + "]");
		assertThat(defaults.equals(defaults)).isTrue();
		assertThat(defaults).isNotEqualTo(this.factory.create(service));
		assertThat(defaults.hashCode()).isEqualTo(System.identityHashCode(defaults));
	}

	@ParameterizedTest
	@ValueSource(classes = { Throwing.class, WrappedThrowing.class })
	void exceptionsPassAsTheyAre(Class<? extends Throwing> service) {
		Throwing throwing = this.factory.create(service);
		assertThatIllegalStateException()
			.isThrownBy(() -> throwing.undeclared(new Explosive(new IllegalStateException("bang"))))
			.withMessage("bang")
			.withNoCause();
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> throwing.undeclared(new Explosive(new AssertionError("bang"))));
		IOException checked = new IOException("bang");
		assertThatExceptionOfType(UndeclaredThrowableException.class)
			.isThrownBy(() -> throwing.undeclared(new Explosive(checked)))
			.withCause(checked);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> throwing.declared(new Explosive(checked)))
			.isSameAs(checked);
	}

	@Test
	void anInterfaceMayBeImplementedMoreThanOnce() {
		Hidden first = this.factory.create(Hidden.class);
		Hidden second = this.factory.create(Hidden.class);
		Hidden elsewhere = new LlmServiceFactory(client("Bye", this.asked)).create(Hidden.class);
		assertThat(first.ask("?")).isEqualTo("Hello");
		assertThat(elsewhere.ask("?")).isEqualTo("Bye");
		assertThat(second.ask("?")).isEqualTo("Hello");
		assertThat(first.getClass()).isSameAs(second.getClass()).isSameAs(elsewhere.getClass());
	}

	@Test
	@Timeout(20)
	void severalThreadsMayImplementOneInterface() throws InterruptedException {
		CountDownLatch start = new CountDownLatch(1);
		Queue<Shared> services = new ConcurrentLinkedQueue<>();
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			Thread thread = new Thread(() -> {
				try {
					start.await();
					services.add(this.factory.create(Shared.class));
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			});
			thread.start();
			threads.add(thread);
		}
		start.countDown();
		for (Thread thread : threads) {
			thread.join();
		}
		assertThat(services).hasSize(4);
		Class<?> type = services.element().getClass();
		assertThat(Proxy.isProxyClass(type)).isFalse();
		assertThat(services).allSatisfy((service) -> assertThat(service).isExactlyInstanceOf(type));
	}

	@Test
	void eachClassLoaderHasAClassOfItsOwn() throws Exception {
		ClassLoader parent = Objects.requireNonNull(getClass().getClassLoader());
		Class<?> restarted = new OneClassLoader(Hidden.class, parent).load();
		Class<?> again = new OneClassLoader(Hidden.class, parent).load();
		for (Class<?> service : List.of(Hidden.class, restarted, again)) {
			Object created = this.factory.create(service);
			assertThat(created.getClass().getClassLoader()).isSameAs(service.getClassLoader());
			assertThat(Proxy.isProxyClass(created.getClass())).isFalse();
			assertThat(ask(created)).isEqualTo("Hello");
		}
	}

	@Test
	void aClassLoaderNeedNotKnowThisLibrary() throws Exception {
		Class<?> service = new OneClassLoader(Hidden.class, ClassLoader.getPlatformClassLoader()).load();
		Object created = this.factory.create(service);
		assertThat(Proxy.isProxyClass(created.getClass())).isFalse();
		assertThat(ask(created)).isEqualTo("Hello");
	}

	@Test
	void whereAModuleIsClosedThereIsAProxy() {
		FileNameMap service = this.factory.create(FileNameMap.class);
		assertThat(Proxy.isProxyClass(service.getClass())).isTrue();
		assertThat(service.getContentTypeFor("?")).isEqualTo("Hello");
	}

	@Test
	void whereANameIsTakenThereIsAProxy() {
		Taken service = this.factory.create(Taken.class);
		assertThat(Proxy.isProxyClass(service.getClass())).isTrue();
		assertThat(service.ask("?")).isEqualTo("Hello");
	}

	@ParameterizedTest
	@ValueSource(classes = { WrappedDefaults.class, WrappedMethod.class, WrappedParent.class })
	void whatOthersAnnotateHasAProxy(Class<?> service) {
		assertThat(Proxy.isProxyClass(this.factory.create(service).getClass())).isTrue();
	}

	@Test
	void annotationsThatMeanNothingToBeansDoNotCount() {
		assertThat(Proxy.isProxyClass(this.factory.create(Old.class).getClass())).isFalse();
	}

	@Test
	void aSealedInterfaceCannotBeAService() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.factory.create(Sealed.class))
			.withMessageContaining("Sealed");
	}

	@Test
	void theAnnotationsOfAServiceStandOnItsClass() throws Exception {
		Class<?> type = this.factory.create(Annotated.class).getClass();
		assertThat(type.getAnnotations()).containsExactlyInAnyOrder(Annotated.class.getAnnotations()).hasSize(2);
		Method method = type.getMethod("ask", String.class);
		assertThat(method.getAnnotations())
			.containsExactlyInAnyOrder(Annotated.class.getMethod("ask", String.class).getAnnotations())
			.hasSize(3);
		assertThat(type.getMethod("ask", String.class).getExceptionTypes()).containsExactly(IOException.class);
		assertThat(type.getMethod("tell", String[].class).isVarArgs()).isTrue();
	}

	private static Object ask(Object service) throws Exception {
		Method method = service.getClass().getMethod("ask", String.class);
		method.setAccessible(true);
		return method.invoke(service, "?");
	}

	private String said() {
		return this.asked.get(this.asked.size() - 1).messages().get(0).text();
	}

	interface Hidden {

		String ask(String question);

	}

	public interface Visible {

		String ask(String question);

	}

	private interface Secret {

		String ask(String question);

	}

	interface Shared {

		String ask(String question);

	}

	interface AllTypes {

		@UserPrompt("{a} {b} {c} {d} {e}")
		Flux<Token> primitives(boolean a, byte b, char c, short d, String e);

		@UserPrompt("{a} {b} {c} {d} {e} {f}")
		Flux<Token> numbers(int a, long b, float c, double d, Long e, String f);

		@UserPrompt("{a} {b} {c}")
		Flux<Token> arrays(int[] a, long[][] b, String... c);

		@UserPrompt("Nothing")
		Flux<Token> none();

	}

	@Async
	interface WrappedAllTypes extends AllTypes {

	}

	interface Overloaded {

		@UserPrompt("text {x}")
		String ask(String x);

		@UserPrompt("number {x}")
		String ask(int x);

		@UserPrompt("object {x}")
		String ask(Integer x);

	}

	@Async
	interface WrappedOverloaded extends Overloaded {

	}

	interface Wide<T extends CharSequence> {

		@UserPrompt("wide {x}")
		T ask(String x);

	}

	interface Narrow extends Wide<String> {

		@Override
		@UserPrompt("narrow {x}")
		String ask(String x);

	}

	@Async
	interface WrappedNarrow extends Narrow {

	}

	interface One {

		String ask(String question);

	}

	interface Other {

		String ask(String question);

	}

	interface TwoWidths extends Wide<String>, One {

	}

	@Async
	interface WrappedTwoWidths extends TwoWidths {

	}

	interface Both extends One, Other {

	}

	@Async
	interface WrappedBoth extends Both {

	}

	interface Defaults {

		String ask(String question);

		default String twice(String question) {
			return ask(question).repeat(times());
		}

		default String greeting() {
			return first();
		}

		private int times() {
			return 2;
		}

		static String first() {
			return "Hi";
		}

		@Override
		String toString();

		@Override
		boolean equals(@Nullable Object other);

		@Override
		int hashCode();

	}

	@Async
	interface WrappedDefaults extends Defaults {

	}

	interface WrappedMethod {

		@Async
		String ask(String question);

	}

	interface WrappedParent extends WrappedDefaults {

	}

	interface Throwing {

		String undeclared(@UserPrompt Explosive text);

		String declared(@UserPrompt Explosive text) throws IOException;

	}

	@Async
	interface WrappedThrowing extends Throwing {

	}

	interface Taken {

		String ask(String question);

	}

	// what ServiceClass would call its own
	@SuppressWarnings("checkstyle:TypeName")
	static class Taken__LlmService {

	}

	@Deprecated
	interface Old {

		@Deprecated
		String ask(String question);

	}

	sealed interface Sealed permits Open {

		String ask(String question);

	}

	non-sealed interface Open extends Sealed {

	}

	@LlmService(model = "m")
	@SystemPrompt("Be brief.")
	interface Annotated {

		@Tools(names = { "a", "b" })
		@SystemPrompt("Be long.")
		@UserPrompt("What is {x}?")
		Flux<Token> ask(String x) throws IOException;

		@UserPrompt("{all}")
		String tell(String... all);

	}

	/**
	 * Throws what it is told to when it is read.
	 */
	record Explosive(Throwable what) implements CharSequence {

		@Override
		public int length() {
			return 0;
		}

		@Override
		public char charAt(int index) {
			return ' ';
		}

		@Override
		public CharSequence subSequence(int start, int end) {
			return this;
		}

		@Override
		public String toString() {
			throw Explosive.<RuntimeException>thrown(this.what);
		}

		@SuppressWarnings("unchecked")
		private static <T extends Throwable> T thrown(Throwable what) throws T {
			throw (T) what;
		}

	}

	/**
	 * Loads one class by itself.
	 */
	private static final class OneClassLoader extends ClassLoader {

		private final Class<?> type;

		OneClassLoader(Class<?> type, ClassLoader parent) {
			super(parent);
			this.type = type;
		}

		Class<?> load() throws IOException {
			String file = "/" + this.type.getName().replace('.', '/') + ".class";
			try (InputStream in = Objects.requireNonNull(this.type.getResourceAsStream(file))) {
				byte[] code = StreamUtils.copyToByteArray(in);
				return defineClass(this.type.getName(), code, 0, code.length);
			}
		}

	}

}
