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

import java.math.BigDecimal;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Currency;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what a partial shows while a value is half written.
 */
class PartialValueTests {

	static Stream<Arguments> values() {
		return Stream.of(value(new TypeReference<Holder<Level>>() {
		}, "\"HIGH\""), value(new TypeReference<Holder<List<Level>>>() {
		}, "[\"LOW\",\"HIGH\"]"), value(new TypeReference<Holder<Level[]>>() {
		}, "[\"LOW\",\"HIGH\"]"), value(new TypeReference<Holder<Set<Level>>>() {
		}, "[\"LOW\",\"HIGH\"]"), value(new TypeReference<Holder<EnumSet<Level>>>() {
		}, "[\"LOW\",\"HIGH\"]"), value(new TypeReference<Holder<Collection<Set<Level>>>>() {
		}, "[[\"LOW\"],[\"HIGH\",\"LOW\"]]"), value(new TypeReference<Holder<Map<String, Level>>>() {
		}, "{\"a\":\"LOW\",\"b\":\"HIGH\"}"), value(new TypeReference<Holder<Map<Level, Level>>>() {
		}, "{\"LOW\":\"LOW\",\"HIGH\":\"HIGH\"}"), value(new TypeReference<Holder<Optional<Level>>>() {
		}, "\"HIGH\""), value(new TypeReference<Holder<List<Shape>>>() {
		}, "[{\"kind\":\"circle\",\"level\":\"HIGH\"}]"), value(new TypeReference<Holder<UUID>>() {
		}, "\"123e4567-e89b-12d3-a456-426614174000\""), value(new TypeReference<Holder<Set<UUID>>>() {
		}, "[\"123e4567-e89b-12d3-a456-426614174000\"]"), value(new TypeReference<Holder<URI>>() {
		}, "\"https://example.org/a%20b?c=d\""), value(new TypeReference<Holder<URL>>() {
		}, "\"https://example.org/a%20b?c=d\""), value(new TypeReference<Holder<Locale>>() {
		}, "\"de-AT\""), value(new TypeReference<Holder<Currency>>() {
		}, "\"EUR\""), value(new TypeReference<Holder<LocalDate>>() {
		}, "\"2026-01-31\""), value(new TypeReference<Holder<Instant>>() {
		}, "\"2026-01-31T10:00:00.5Z\""), value(new TypeReference<Holder<Duration>>() {
		}, "\"PT1H30M\""), value(new TypeReference<Holder<byte[]>>() {
		}, "\"AQIDBA==\""), value(new TypeReference<Holder<char[]>>() {
		}, "\"abc\""), value(new TypeReference<Holder<Character>>() {
		}, "\"a\""), value(new TypeReference<Holder<Integer>>() {
		}, "-120"), value(new TypeReference<Holder<Long>>() {
		}, "12"), value(new TypeReference<Holder<Double>>() {
		}, "-1.5e-3"), value(new TypeReference<Holder<BigDecimal>>() {
		}, "1.50"), value(new TypeReference<Holder<Boolean>>() {
		}, "true"), value(new TypeReference<Holder<Object>>() {
		}, "\"text\""), value(new TypeReference<Holder<Code>>() {
		}, "\"A-1\""), value(new TypeReference<Primitives>() {
		}, "1,\"letter\":\"c\",\"yes\":true,\"real\":1.5"));
	}

	private static Arguments value(TypeReference<? extends Titled> type, String value) {
		return Arguments.of(type, value);
	}

	@ParameterizedTest
	@MethodSource("values")
	void whatWasThereDoesNotVanishWhileAValueIsWritten(TypeReference<? extends Titled> type, String value) {
		JsonMapper mapper = JsonMapper.builder().build();
		String json = "{\"title\":\"Printer\",\"value\":" + value + ",\"end\":\"x\"}";
		OutputType output = OutputType.of(type.getType(), new OutputMappers(mapper));
		GrowingJson growing = new GrowingJson(false, 100, 1_000_000);
		Titled last = null;
		for (int i = 0; i < json.length(); i++) {
			growing.accept(json.substring(i, i + 1));
			last = (Titled) output.bind(growing.snapshot());
			if (i >= "{\"title\":\"Printer\"".length()) {
				assertThat(last).as(json.substring(0, i + 1)).isNotNull();
				assertThat(last.title()).isEqualTo("Printer");
			}
		}
		assertThat(last).usingRecursiveComparison().isEqualTo(mapper.readValue(json, type));
	}

	@Test
	void aConstantIsThereWhenItsNameIsComplete() {
		assertThat(bind(new TypeReference<Holder<Level>>() {
		}, "\"HIGH")).isNull();
		assertThat(bind(new TypeReference<Holder<Level>>() {
		}, "\"HIGH\"")).isEqualTo(Level.HIGH);
		assertThat(bind(new TypeReference<Holder<List<Level>>>() {
		}, "[\"LOW\",\"HIGH")).isEqualTo(List.of(Level.LOW));
		assertThat(bind(new TypeReference<Holder<Set<Level>>>() {
		}, "[\"LOW\",\"HIGH")).isEqualTo(Set.of(Level.LOW));
		assertThat(bind(new TypeReference<Holder<URI>>() {
		}, "\"https://example.org")).isNull();
	}

	@Test
	void whatIsWrongIsLeftOutAlone() {
		assertThat(bind(new TypeReference<Holder<Level>>() {
		}, "\"\"")).isNull();
		assertThat(bind(new TypeReference<Holder<Set<Level>>>() {
		}, "[\"NONE\",\"LOW\"]")).isEqualTo(Set.of(Level.LOW));
		assertThat(bind(new TypeReference<Holder<UUID>>() {
		}, "\"123e4567-e89b-12d3-a456-zzzzzzzzzzzz\"")).isNull();
		assertThat(bind(new TypeReference<Holder<URI>>() {
		}, "\"a%\"")).isNull();
	}

	@Test
	void aRootThatIsASetGrowsToo() {
		OutputType output = OutputType.of(new TypeReference<Set<Level>>() {
		}.getType(), new OutputMappers(JsonMapper.builder().build()));
		GrowingJson growing = new GrowingJson(true, 100, 1_000_000);
		growing.accept("{\"items\":[\"LOW\",\"");
		assertThat(output.bind(growing.snapshot())).isEqualTo(Set.of(Level.LOW));
		growing.accept("HI");
		assertThat(output.bind(growing.snapshot())).isEqualTo(Set.of(Level.LOW));
		growing.accept("GH\"");
		assertThat(output.bind(growing.snapshot())).isEqualTo(Set.of(Level.LOW, Level.HIGH));
	}

	private static @Nullable Object bind(TypeReference<? extends Holder<?>> type, String value) {
		GrowingJson growing = new GrowingJson(false, 100, 1_000_000);
		growing.accept("{\"title\":\"Printer\",\"value\":" + value);
		Object bound = OutputType.of(type.getType(), new OutputMappers(JsonMapper.builder().build()))
			.bind(growing.snapshot());
		Holder<?> holder = (Holder<?>) Objects.requireNonNull(bound);
		assertThat(holder.title()).isEqualTo("Printer");
		return holder.value();
	}

	interface Titled {

		@Nullable String title();

	}

	record Holder<T>(@Nullable String title, @Nullable T value, @Nullable String end) implements Titled {
	}

	record Primitives(@Nullable String title, int value, char letter, boolean yes, double real,
			@Nullable String end) implements Titled {
	}

	enum Level {

		LOW, HIGH, HIGHEST

	}

	record Code(String text) {

		@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
		Code {
			if (text.length() < 3) {
				throw new IllegalArgumentException("too short");
			}
		}

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
	@JsonSubTypes(@JsonSubTypes.Type(name = "circle", value = Circle.class))
	interface Shape {

	}

	record Circle(@Nullable Level level) implements Shape {
	}

}
