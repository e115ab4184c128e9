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

import java.lang.reflect.Method;
import java.util.Collection;
import java.util.List;
import java.util.Map;

import io.llmstream.Partial;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

import org.springframework.core.ResolvableType;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ServiceTypes}.
 */
class ServiceTypesTests {

	@ParameterizedTest
	@ValueSource(classes = { Shelf.class, Library.class, Atlas.class, Raw.class })
	void typesAreWhatSpringSaysThatTheyAre(Class<?> service) {
		for (Method method : service.getMethods()) {
			assertSame(ServiceTypes.returned(method, service), ResolvableType.forMethodReturnType(method, service));
			for (int i = 0; i < method.getParameterCount(); i++) {
				assertSame(ServiceTypes.parameter(method, i, service),
						ResolvableType.forMethodParameter(method, i, service));
			}
		}
	}

	private static void assertSame(ResolvableType type, ResolvableType expected) {
		assertThat(type).hasToString(expected.toString());
		assertThat(type.toClass()).isEqualTo(expected.toClass());
		assertThat(type.hasUnresolvableGenerics()).isEqualTo(expected.hasUnresolvableGenerics());
		assertThat(type.getComponentType()).hasToString(expected.getComponentType().toString());
		assertThat(type.getGenerics().length).isEqualTo(expected.getGenerics().length);
		for (int i = 0; i < type.getGenerics().length; i++) {
			assertSame(type.getGeneric(i), expected.getGeneric(i));
		}
	}

	interface Shelf<T, P> {

		Flux<Partial<T>> grow(String question, int most);

		Map<String, List<T>> look(Collection<? extends P> parts, T[] all, List<T>[] lists, Collection<?> any);

		<E extends Number> E compare(E one, T other, List<E> all);

		void put(T one);

	}

	interface Library<T> extends Shelf<T, Number> {

	}

	interface Atlas extends Library<List<String>> {

		List<String>[] pages(String[] names);

	}

	@SuppressWarnings("rawtypes")
	interface Raw extends Shelf {

	}

}
