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

package io.llmstream.schema;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Calendar;
import java.util.Currency;
import java.util.Date;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The schemas of values that are not made of others.
 */
final class ScalarSchemas {

	private static final Map<Class<?>, String[]> SCHEMAS = new HashMap<>();

	static {
		put("integer", byte.class, Byte.class, short.class, Short.class, int.class, Integer.class, long.class,
				Long.class, BigInteger.class, AtomicInteger.class, AtomicLong.class, OptionalInt.class,
				OptionalLong.class, Year.class);
		put("number", float.class, Float.class, double.class, Double.class, BigDecimal.class, Number.class,
				OptionalDouble.class);
		put("boolean", boolean.class, Boolean.class, AtomicBoolean.class);
		put("string", String.class, CharSequence.class, char.class, Character.class, Locale.class, Currency.class,
				ZoneId.class);
		format("date", LocalDate.class);
		format("date-time", Instant.class, OffsetDateTime.class, ZonedDateTime.class, Date.class, Calendar.class);
		format("time", java.time.OffsetTime.class);
		format("duration", Duration.class, Period.class);
		format("uuid", UUID.class);
		format("uri", URI.class, URL.class);
		// the formats of JSON schema want a time zone, which these have not
		example("An ISO 8601 date and time without a time zone, such as 2026-01-31T09:30:00", LocalDateTime.class);
		example("An ISO 8601 time of day without a time zone, such as 09:30:00", LocalTime.class);
		example("A month, such as 2026-01", YearMonth.class);
		example("Base64", byte[].class);
	}

	private ScalarSchemas() {
	}

	private static void put(String type, Class<?>... classes) {
		for (Class<?> each : classes) {
			SCHEMAS.put(each, new String[] { type });
		}
	}

	private static void format(String format, Class<?>... classes) {
		for (Class<?> each : classes) {
			SCHEMAS.put(each, new String[] { "string", "format", format });
		}
	}

	private static void example(String description, Class<?> type) {
		SCHEMAS.put(type, new String[] { "string", "description", description });
	}

	static boolean isOptional(Class<?> type) {
		return type == OptionalInt.class || type == OptionalLong.class || type == OptionalDouble.class;
	}

	/**
	 * Whether a type is a value of a known kind that is not made of others.
	 */
	static boolean isScalar(Class<?> type) {
		return SCHEMAS.containsKey(type);
	}

	/**
	 * The schema of a value.
	 * @return a new schema, empty if any value will do, or {@code null} if the type is
	 * made of others
	 */
	static @Nullable ObjectNode find(Class<?> type, JsonNodeFactory nodes) {
		if (type == Object.class || JsonNode.class == type) {
			return nodes.objectNode();
		}
		if (type == ObjectNode.class) {
			return nodes.objectNode().put("type", "object");
		}
		String[] members = SCHEMAS.get(type);
		if (members == null) {
			return null;
		}
		ObjectNode schema = nodes.objectNode().put("type", members[0]);
		if (members.length > 1) {
			schema.put(members[1], members[2]);
		}
		return schema;
	}

}
