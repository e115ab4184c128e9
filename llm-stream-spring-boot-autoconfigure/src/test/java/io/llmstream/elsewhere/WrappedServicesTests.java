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

package io.llmstream.elsewhere;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.llmstream.FinishReason;
import io.llmstream.StreamFilter;
import io.llmstream.Token;
import io.llmstream.Usage;
import io.llmstream.autoconfigure.LlmStreamAutoConfiguration;
import io.llmstream.autoconfigure.LlmStreamHttpAutoConfiguration;
import io.llmstream.autoconfigure.service.EnableLlmServices;
import io.llmstream.autoconfigure.service.LlmStreamServicesAutoConfiguration;
import io.llmstream.service.LlmService;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.constraints.NotBlank;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.Mockito;
import reactor.core.publisher.Flux;

import org.springframework.aop.Advisor;
import org.springframework.aop.framework.autoproxy.DefaultAdvisorAutoProxyCreator;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.aop.support.annotation.AnnotationMatchingPointcut;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.validation.annotation.Validated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that services can be wrapped and replaced as any bean can.
 */
class WrappedServicesTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(LlmStreamHttpAutoConfiguration.class, LlmStreamAutoConfiguration.class,
				LlmStreamServicesAutoConfiguration.class))
		.withUserConfiguration(Services.class)
		.withPropertyValues("llm-stream.providers.openai.api-key=key", "llm-stream.providers.openai.model=m");

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void anAspectMayStandAroundAService(boolean proxyTargetClass) {
		this.runner.withUserConfiguration(Aspect.class)
			.withBean(DefaultAdvisorAutoProxyCreator.class, () -> creator(proxyTargetClass))
			.run((context) -> {
				Simple simple = context.getBean(Simple.class);
				assertThat(AopUtils.isCglibProxy(simple)).isEqualTo(proxyTargetClass);
				assertThat(AopUtils.isJdkDynamicProxy(simple)).isEqualTo(!proxyTargetClass);
				assertThat(simple.ask("?")).isEqualTo("Hello");
				assertThat(simple.twice("?")).isEqualTo("HelloHello");
				assertThat(simple).hasToString("LlmService[" + Simple.class.getName() + "]");
				assertThat(context.getBean(Aspect.class).seen).containsExactly("ask", "twice");
			});
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void anAspectFindsTheAnnotationOfAService(boolean proxyTargetClass) {
		this.runner.withUserConfiguration(AnnotationAspect.class)
			.withBean(DefaultAdvisorAutoProxyCreator.class, () -> creator(proxyTargetClass))
			.run((context) -> {
				assertThat(context.getBean(Simple.class).ask("?")).isEqualTo("seen");
				assertThat(context.getBean(Checked.class).ask("?")).isEqualTo("seen");
			});
	}

	@Test
	void argumentsAreValidated() {
		this.runner.withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class)).run((context) -> {
			Checked checked = context.getBean(Checked.class);
			assertThat(checked.ask("?")).isEqualTo("Hello");
			assertThatExceptionOfType(ConstraintViolationException.class).isThrownBy(() -> checked.ask(" "));
		});
	}

	@Test
	void aDefaultMethodMayBeAsynchronous() {
		this.runner.withConfiguration(AutoConfigurations.of(TaskExecutionAutoConfiguration.class))
			.withUserConfiguration(Asynchronous.class)
			.run((context) -> assertThat(context.getBean(Later.class).later("?").get(10, TimeUnit.SECONDS))
				.startsWith("Hello from task-"));
	}

	@Test
	void aServiceMayBeSpiedOn() {
		this.runner.run((context) -> {
			Simple spy = Mockito.spy(context.getBean(Simple.class));
			assertThat(spy.twice("?")).isEqualTo("HelloHello");
			Mockito.verify(spy, Mockito.times(1)).ask("?");
			Mockito.doReturn("Bye").when(spy).ask("?");
			assertThat(spy.twice("?")).isEqualTo("ByeBye");
		});
	}

	@Test
	void aDefaultMethodOfAHiddenInterfaceIsCalledWhateverImplementsIt() {
		this.runner.run((context) -> {
			Checked checked = context.getBean(Checked.class);
			assertThat(Proxy.isProxyClass(checked.getClass())).isTrue();
			assertThat(checked.all("a", "b")).isEqualTo("HelloHello");
			assertThat(context.getBean(Simple.class).twice("a")).isEqualTo("HelloHello");
		});
	}

	@Test
	void twoContextsHaveServicesOfTheirOwn() {
		this.runner.run((first) -> this.runner.run((second) -> {
			Simple one = first.getBean(Simple.class);
			assertThat(Proxy.isProxyClass(one.getClass())).isFalse();
			assertThat(second.getBean(Simple.class)).isNotSameAs(one).hasSameClassAs(one);
			assertThat(one.ask("?")).isEqualTo("Hello");
		}));
	}

	private static DefaultAdvisorAutoProxyCreator creator(boolean proxyTargetClass) {
		DefaultAdvisorAutoProxyCreator creator = new DefaultAdvisorAutoProxyCreator();
		creator.setProxyTargetClass(proxyTargetClass);
		return creator;
	}

	@LlmService
	interface Simple {

		String ask(String question);

		default String twice(String question) {
			return ask(question).repeat(2);
		}

	}

	@LlmService
	@Validated
	interface Checked {

		String ask(@NotBlank String question);

		default String all(String... questions) {
			return Stream.of(questions).map(this::ask).collect(Collectors.joining());
		}

	}

	@LlmService
	interface Later {

		String ask(String question);

		@Async
		default CompletableFuture<String> later(String question) {
			return CompletableFuture.completedFuture(ask(question) + " from " + Thread.currentThread().getName());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableLlmServices(services = { Simple.class, Checked.class, Later.class })
	static class Services {

		@Bean
		StreamFilter model() {
			return (request, next) -> Flux.just(new Token.Text("Hello"),
					new Token.Finish(FinishReason.STOP, null, Usage.reported(1, 1), null, null));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Aspect {

		final List<String> seen = new ArrayList<>();

		@Bean
		Advisor aroundSimple() {
			return new DefaultPointcutAdvisor(new StaticMethodMatcherPointcut() {

				@Override
				public boolean matches(Method method, Class<?> targetClass) {
					return Simple.class.isAssignableFrom(targetClass) && method.getDeclaringClass() != Object.class;
				}

			}, (MethodInterceptor) (invocation) -> {
				if (!invocation.getMethod().getName().equals("toString")) {
					this.seen.add(invocation.getMethod().getName());
				}
				return invocation.proceed();
			});
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class AnnotationAspect {

		@Bean
		Advisor aroundServices() {
			return new DefaultPointcutAdvisor(new AnnotationMatchingPointcut(LlmService.class, true),
					(MethodInterceptor) (invocation) -> "seen");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAsync
	static class Asynchronous {

	}

}
