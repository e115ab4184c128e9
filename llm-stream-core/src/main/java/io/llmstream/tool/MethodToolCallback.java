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

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import io.llmstream.ToolCallback;
import io.llmstream.ToolDefinition;
import io.llmstream.ToolInvocation;
import io.llmstream.schema.JsonSchemaGenerator;
import io.llmstream.schema.SchemaException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

import org.springframework.aop.support.AopUtils;
import org.springframework.core.MethodParameter;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotatedMethod;
import org.springframework.format.datetime.standard.DurationFormatterUtils;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.StringUtils;

/**
 * A {@link Tool} method.
 */
final class MethodToolCallback implements ToolCallback {

	private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

	private static final String DONE = "Done.";

	private final ToolOwner owner;

	private final Supplier<?> bean;

	private final Method method;

	private final List<ToolParameter> parameters = new ArrayList<>();

	private final ToolDefinition definition;

	private final @Nullable Duration timeout;

	private final @Nullable ReactiveAdapter adapter;

	private final @Nullable ToolArguments check;

	MethodToolCallback(Class<?> type, Supplier<?> bean, Method method, @Nullable ToolArguments check) {
		this.owner = new ToolOwner(type);
		this.bean = bean;
		this.check = check;
		try {
			this.method = method;
			Tool tool = AnnotatedElementUtils.findMergedAnnotation(method, Tool.class);
			if (tool == null) {
				throw new IllegalArgumentException("it is not annotated with @Tool");
			}
			Parameter[] declared = method.getParameters();
			// with the annotations of the methods that this one overrides
			for (MethodParameter parameter : new AnnotatedMethod(method).getMethodParameters()) {
				this.parameters.add(new ToolParameter(declared[parameter.getParameterIndex()],
						AnnotatedElementUtils.forAnnotations(parameter.getParameterAnnotations()), this.owner));
			}
			this.definition = definition(tool, method, this.parameters);
			this.timeout = timeout(tool);
			this.adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(method.getReturnType());
		}
		catch (IllegalArgumentException | IllegalStateException ex) {
			throw new IllegalArgumentException(
					"The method " + describe(method) + " cannot be a tool: " + ex.getMessage(), ex);
		}
	}

	private static ToolDefinition definition(Tool tool, Method method, List<ToolParameter> parameters) {
		String name = (tool.name().isEmpty()) ? method.getName() : tool.name();
		if (!NAME.matcher(name).matches()) {
			throw new IllegalArgumentException(
					"'" + name + "' is no name for a tool: use 1 to 64 letters, digits, underscores and hyphens");
		}
		JsonSchemaGenerator generator = (tool.strict()) ? JsonSchemaGenerator.strict() : JsonSchemaGenerator.create();
		String schema;
		try {
			schema = generator.withMapper(ToolJson.MAPPER)
				.schema(name,
						parameters.stream()
							.filter((parameter) -> !parameter.isInvocation())
							.map(ToolParameter::toProperty)
							.toList())
				.toString();
		}
		catch (SchemaException ex) {
			throw new IllegalArgumentException(ex.getMessage(), ex);
		}
		String description = StringUtils.hasText(tool.description()) ? tool.description() : null;
		return new ToolDefinition(name, description, schema, tool.strict());
	}

	private static @Nullable Duration timeout(Tool tool) {
		if (tool.timeout().isEmpty()) {
			return null;
		}
		Duration timeout = DurationFormatterUtils.detectAndParse(tool.timeout());
		if (timeout.isNegative() || timeout.isZero()) {
			throw new IllegalArgumentException("its timeout must be positive");
		}
		return timeout;
	}

	private static String describe(Method method) {
		List<String> types = new ArrayList<>();
		for (Class<?> type : method.getParameterTypes()) {
			types.add(type.getSimpleName());
		}
		return method.getDeclaringClass().getName() + "." + method.getName() + "(" + String.join(", ", types) + ")";
	}

	@Override
	public ToolDefinition definition() {
		return this.definition;
	}

	@Override
	public boolean isBlocking() {
		return this.adapter == null;
	}

	@Override
	public @Nullable Duration timeout() {
		return this.timeout;
	}

	@Override
	public Mono<String> call(ToolInvocation invocation) {
		Integer limit = invocation.request().toolOptions().maxResultLength();
		int size = (limit != null) ? limit : Integer.MAX_VALUE;
		ReactiveAdapter reactive = this.adapter;
		if (reactive == null) {
			return Mono.defer(() -> blocking(invocation, size));
		}
		return Mono.fromCallable(() -> result(reactive, invoke(invocation), size)).flatMap(Function.identity());
	}

	/**
	 * A method that is interrupted mostly throws. Nobody waits for that any more, and
	 * Reactor would log it, with a message that may quote what the model wrote.
	 */
	private Mono<String> blocking(ToolInvocation invocation, int limit) {
		AtomicBoolean cancelled = new AtomicBoolean();
		return Mono.fromCallable(() -> {
			try {
				return text(invoke(invocation), limit);
			}
			catch (Exception ex) {
				if (cancelled.get()) {
					return null;
				}
				throw ex;
			}
		}).doOnCancel(() -> cancelled.set(true));
	}

	private String text(@Nullable Object result, int limit) {
		if (result == null) {
			return (this.method.getReturnType() == void.class) ? DONE : "null";
		}
		return ToolJson.write(result, limit);
	}

	private Mono<String> result(ReactiveAdapter adapter, @Nullable Object result, int limit) {
		if (result == null) {
			throw new IllegalStateException("The method " + describe(this.method) + " returned null");
		}
		if (adapter.isMultiValue()) {
			return new ToolElements(limit).collect(Flux.from(adapter.toPublisher(result)));
		}
		Mono<?> value = (result instanceof CompletableFuture<?> future) ? Mono.fromFuture(future)
				: Mono.from(adapter.toPublisher(result));
		return value.map((each) -> ToolJson.write(each, limit)).switchIfEmpty(Mono.just(empty()));
	}

	private String empty() {
		return (this.owner.element(this.method) == Void.class) ? DONE : "null";
	}

	private @Nullable Object invoke(ToolInvocation invocation) throws Exception {
		Object target = this.bean.get();
		JsonNode json = ToolJson.read(invocation.arguments());
		Object[] arguments = new Object[this.parameters.size()];
		for (int i = 0; i < arguments.length; i++) {
			ToolParameter parameter = this.parameters.get(i);
			arguments[i] = (parameter.isInvocation()) ? invocation : parameter.read(json);
		}
		if (this.check != null) {
			this.check.check(target, this.method, arguments);
		}
		try {
			Method invocable = AopUtils.selectInvocableMethod(this.method, target.getClass());
			ReflectionUtils.makeAccessible(invocable);
			return invocable.invoke(target, arguments);
		}
		catch (InvocationTargetException ex) {
			if (ex.getTargetException() instanceof Exception cause) {
				throw cause;
			}
			throw ex;
		}
	}

	@Override
	public String toString() {
		return describe(this.method);
	}

}
