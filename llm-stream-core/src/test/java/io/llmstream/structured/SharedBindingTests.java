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

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.util.StdConverter;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SharedBinding}: how often Jackson makes an object when every partial
 * is bound.
 */
class SharedBindingTests {

	private static final ThreadLocal<int[]> made = ThreadLocal.withInitial(() -> new int[1]);

	@ParameterizedTest
	@ValueSource(classes = { ListOfNumbers.class, ListOfWords.class, ListOfWrapped.class, CollectionOfNumbers.class,
			Nested.class })
	void anElementOfAnOpenListIsMadeOnce(Class<?> type) {
		String element = (type == ListOfNumbers.class || type == CollectionOfNumbers.class) ? "7"
				: (type == ListOfWords.class) ? "\"w\"" : (type == Nested.class) ? "[7]" : "{\"value\":7}";
		// the last elements are still open when partials show them
		int slack = element.length() + 1;
		assertThat(made(type, element, 10)).isLessThanOrEqualTo(10 * slack);
		assertThat(made(type, element, 1000)).isLessThanOrEqualTo(1000 * slack);
	}

	@Test
	void aListThatIsDeclaredAsAnArrayListIsOne() {
		assertThat(bind(ArrayListOfNumbers.class, "{\"items\":[1,2,").items()).containsExactly(new Count(1),
				new Count(2));
	}

	@Test
	void elementsOfManyTypesAreToldApart() {
		GrowingJson growing = new GrowingJson(false, 100, 1_000_000);
		ObjectReader reader = new OutputMappers(JsonMapper.builder().build()).partial().readerFor(Shapes.class);
		growing
			.accept("{\"shapes\":[{\"kind\":\"circle\",\"radius\":2},{\"kind\":\"square\",\"side\":3},{\"kind\":\"ci");
		Shapes shapes = reader.readValue(new SnapshotParser(growing.snapshot(), null));
		assertThat(shapes.shapes()).containsExactly(new Circle(2), new Square(3));
	}

	@Test
	void elementsOfManyTypesAreBuiltOnce() {
		OutputType output = output(Shapes.class);
		GrowingJson growing = new GrowingJson(false, 100, 1_000_000);
		growing.accept("{\"shapes\":[{\"kind\":\"circle\",\"radius\":2},");
		Shapes early = (Shapes) Objects.requireNonNull(output.bind(growing.snapshot()));
		growing.accept("{\"kind\":\"square\",\"side\":3}");
		Shapes late = (Shapes) Objects.requireNonNull(output.bind(growing.snapshot()));
		assertThat(late.shapes()).containsExactly(new Circle(2), new Square(3));
		assertThat(late.shapes().get(0)).isSameAs(early.shapes().get(0));
	}

	@Test
	void anEarlierPartialDoesNotSeeLaterElements() {
		OutputType output = output(ListOfNumbers.class);
		GrowingJson growing = new GrowingJson(false, 100, 1_000_000);
		growing.accept("{\"items\":[1,2,");
		ListOfNumbers early = (ListOfNumbers) Objects.requireNonNull(output.bind(growing.snapshot()));
		growing.accept("3,4]");
		ListOfNumbers late = (ListOfNumbers) Objects.requireNonNull(output.bind(growing.snapshot()));
		assertThat(early.items()).containsExactly(new Count(1), new Count(2));
		assertThat(late.items()).containsExactly(new Count(1), new Count(2), new Count(3), new Count(4));
		assertThat(late.items().get(0)).isSameAs(early.items().get(0));
	}

	private static <T> T bind(Class<T> type, String json) {
		GrowingJson growing = new GrowingJson(false, 100, 1_000_000);
		OutputType output = output(type);
		Object value = null;
		for (char c : json.toCharArray()) {
			growing.accept(String.valueOf(c));
			value = output.bind(growing.snapshot());
		}
		return type.cast(Objects.requireNonNull(value));
	}

	private static int made(Class<?> type, String element, int count) {
		made.get()[0] = 0;
		bind(type, "{\"items\":[" + String.join(",", Collections.nCopies(count, element)) + "]}");
		assertThat(made.get()[0]).isGreaterThanOrEqualTo(count);
		return made.get()[0];
	}

	private static OutputType output(Class<?> type) {
		return OutputType.of(type, new OutputMappers(JsonMapper.builder().build()));
	}

	record Count(int value) {

		@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
		Count {
			made.get()[0]++;
		}

	}

	record Wrapped(int value) {

		Wrapped {
			made.get()[0]++;
		}

	}

	/** Counts how often a string is read. */
	static class Words extends StdConverter<String, String> {

		@Override
		public String convert(String value) {
			made.get()[0]++;
			return value;
		}

	}

	record ListOfNumbers(List<Count> items) {
	}

	record ListOfWords(@JsonDeserialize(contentConverter = Words.class) List<String> items) {
	}

	record ListOfWrapped(List<Wrapped> items) {
	}

	record CollectionOfNumbers(Collection<Count> items) {
	}

	record Nested(List<List<Count>> items) {
	}

	record ArrayListOfNumbers(ArrayList<Count> items) {
	}

	record Shapes(List<Shape> shapes) {
	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
	@JsonSubTypes({ @JsonSubTypes.Type(name = "circle", value = Circle.class),
			@JsonSubTypes.Type(name = "square", value = Square.class) })
	interface Shape {

	}

	record Circle(int radius) implements Shape {
	}

	record Square(int side) implements Shape {
	}

}
