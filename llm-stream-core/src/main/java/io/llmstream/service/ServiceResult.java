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

import java.lang.reflect.Type;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

import io.llmstream.Completion;
import io.llmstream.LlmStreamClient.PromptSpec;
import io.llmstream.Partial;
import io.llmstream.Token;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.GenericTypeResolver;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.ResolvableType;

/**
 * Turns a request into what a method returns.
 *
 * @param from asks the model
 * @param objectType the type of objects that the model writes, or {@code null} if it
 * writes text
 */
record ServiceResult(Function<PromptSpec, Object> from, @Nullable Type objectType) {

	/**
	 * How many tokens a blocking stream takes in advance.
	 */
	private static final int READ_AHEAD = 16;

	/**
	 * What a method returns.
	 * @param type the type that it returns
	 * @param service the interface, which may say what type variables stand for
	 * @param fail receives what is wrong with it, and throws
	 */
	static ServiceResult of(ResolvableType type, Class<?> service, Consumer<String> fail) {
		Class<?> raw = type.toClass();
		if (raw == void.class || raw == Void.class) {
			fail.accept("returns nothing; return Flux<Token>, Mono<Completion>, Completion or one of the others");
		}
		if (raw == Flux.class || raw == Publisher.class) {
			return several(element(type, fail), service);
		}
		if (raw == Stream.class) {
			ServiceResult several = several(element(type, fail), service);
			return new ServiceResult((prompt) -> ((Flux<?>) several.from.apply(prompt)).toStream(READ_AHEAD),
					several.objectType);
		}
		if (raw == Mono.class) {
			return one(element(type, fail), service);
		}
		if (raw == Partial.class) {
			fail.accept("returns a Partial, which does not grow; return Flux<Partial<...>>");
		}
		if (Token.class.isAssignableFrom(raw)) {
			fail.accept("returns one token; return Flux<Token>");
		}
		ServiceResult one = one(type, service);
		return new ServiceResult((prompt) -> Objects.requireNonNull(((Mono<?>) one.from.apply(prompt)).block()),
				one.objectType);
	}

	private static ResolvableType element(ResolvableType type, Consumer<String> fail) {
		ResolvableType element = type.getGeneric(0);
		if (element == ResolvableType.NONE || element.hasUnresolvableGenerics()
				|| element.getType() instanceof java.lang.reflect.WildcardType) {
			fail.accept("returns " + type + ", of which it is not known what is in it; name the type");
		}
		return element;
	}

	private static ServiceResult several(ResolvableType element, Class<?> service) {
		Class<?> raw = element.toClass();
		if (raw == Token.class) {
			return new ServiceResult(PromptSpec::stream, null);
		}
		if (raw == String.class) {
			return new ServiceResult(PromptSpec::streamText, null);
		}
		if (raw == Partial.class) {
			Type type = resolve(element.getGeneric(0), service);
			return new ServiceResult((prompt) -> prompt.stream(reference(type)), type);
		}
		Type type = resolve(element, service);
		return new ServiceResult((prompt) -> prompt.streamElements(reference(type)), type);
	}

	private static ServiceResult one(ResolvableType type, Class<?> service) {
		Class<?> raw = type.toClass();
		if (raw == Completion.class) {
			return new ServiceResult(PromptSpec::completion, null);
		}
		if (raw == String.class) {
			return new ServiceResult((prompt) -> prompt.completion().map(Completion::text), null);
		}
		Type object = resolve(type, service);
		return new ServiceResult((prompt) -> prompt.object(reference(object)), object);
	}

	private static Type resolve(ResolvableType type, Class<?> service) {
		return GenericTypeResolver.resolveType(type.getType(), service);
	}

	private static ParameterizedTypeReference<Object> reference(Type type) {
		return ParameterizedTypeReference.forType(type);
	}

}
