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

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.core.annotation.AnnotationAttributes;
import org.springframework.core.annotation.AnnotationUtils;

/**
 * Turns annotations into keywords. Those of Jakarta Bean Validation are read by their
 * names, so that nothing is needed on the class path.
 */
final class Constraints {

	private static final String VALIDATION = "jakarta.validation.constraints.";

	private Constraints() {
	}

	static @Nullable AnnotatedType argument(@Nullable AnnotatedType type, int index) {
		if (type instanceof AnnotatedArrayType array) {
			return array.getAnnotatedGenericComponentType();
		}
		if (type instanceof AnnotatedParameterizedType parameterized
				&& index < parameterized.getAnnotatedActualTypeArguments().length) {
			return parameterized.getAnnotatedActualTypeArguments()[index];
		}
		return null;
	}

	static boolean isNullable(SchemaWriter.Annotations where) {
		for (Annotation annotation : all(where)) {
			if (annotation.annotationType().getSimpleName().equals("Nullable")) {
				return true;
			}
		}
		return false;
	}

	static void apply(SchemaWriter.Annotations where, ObjectNode schema, boolean strict) {
		for (Annotation annotation : all(where)) {
			String name = annotation.annotationType().getName();
			if (name.startsWith(VALIDATION)) {
				apply(name.substring(VALIDATION.length()), AnnotationUtils.getAnnotationAttributes(null, annotation),
						schema, strict);
			}
			else if (name.startsWith("org.hibernate.validator.constraints.")) {
				if (name.endsWith(".URL")) {
					schema.put("format", "uri");
				}
			}
		}
	}

	private static List<Annotation> all(SchemaWriter.Annotations where) {
		List<Annotation> all = new ArrayList<>();
		if (where.type() != null) {
			all.addAll(List.of(where.type().getAnnotations()));
		}
		for (AnnotatedElement element : where.elements()) {
			all.addAll(List.of(element.getAnnotations()));
		}
		return all;
	}

	private static void apply(String constraint, AnnotationAttributes attributes, ObjectNode schema, boolean strict) {
		String type = schema.path("type").asString("");
		switch (constraint) {
			case "Size" ->
				size(type, attributes.<Integer>getNumber("min"), attributes.<Integer>getNumber("max"), schema, strict);
			case "NotEmpty" -> size(type, 1, Integer.MAX_VALUE, schema, strict);
			case "NotBlank" -> {
				size(type, 1, Integer.MAX_VALUE, schema, strict);
				if (!schema.has("pattern")) {
					schema.put("pattern", "\\S");
				}
			}
			case "Min" -> limit(type, "minimum", BigDecimal.valueOf(attributes.<Long>getNumber("value")), schema);
			case "Max" -> limit(type, "maximum", BigDecimal.valueOf(attributes.<Long>getNumber("value")), schema);
			case "DecimalMin" -> limit(type, (attributes.getBoolean("inclusive")) ? "minimum" : "exclusiveMinimum",
					new BigDecimal(attributes.getString("value")), schema);
			case "DecimalMax" -> limit(type, (attributes.getBoolean("inclusive")) ? "maximum" : "exclusiveMaximum",
					new BigDecimal(attributes.getString("value")), schema);
			case "Positive" -> limit(type, "exclusiveMinimum", BigDecimal.ZERO, schema);
			case "PositiveOrZero" -> limit(type, "minimum", BigDecimal.ZERO, schema);
			case "Negative" -> limit(type, "exclusiveMaximum", BigDecimal.ZERO, schema);
			case "NegativeOrZero" -> limit(type, "maximum", BigDecimal.ZERO, schema);
			case "Pattern" -> pattern(type, attributes.getString("regexp"), schema);
			case "Email" -> text(type, "format", "email", schema);
			default -> {
				// says nothing that a schema could
			}
		}
	}

	private static void size(String type, int min, int max, ObjectNode schema, boolean strict) {
		String of = switch (type) {
			case "string" -> "Length";
			case "array" -> "Items";
			case "object" -> "Properties";
			default -> "";
		};
		// strict mode knows no length of a text
		if (of.isEmpty() || (strict && !of.equals("Items"))) {
			return;
		}
		if (min > 0) {
			schema.put("min" + of, Math.max(min, schema.path("min" + of).asInt(0)));
		}
		if (max != Integer.MAX_VALUE) {
			schema.put("max" + of, max);
		}
	}

	private static void limit(String type, String keyword, BigDecimal value, ObjectNode schema) {
		if (!type.equals("integer") && !type.equals("number")) {
			return;
		}
		if (value.stripTrailingZeros().scale() <= 0 && value.abs().compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0) {
			schema.put(keyword, value.longValue());
		}
		else {
			schema.put(keyword, value);
		}
	}

	/**
	 * {@code @Pattern} means the whole text, the keyword any part of it.
	 */
	private static void pattern(String type, String regexp, ObjectNode schema) {
		boolean whole = regexp.startsWith("^") && regexp.endsWith("$");
		text(type, "pattern", (whole) ? regexp : "^(?:" + regexp + ")$", schema);
	}

	private static void text(String type, String keyword, String value, ObjectNode schema) {
		if (type.equals("string")) {
			schema.put(keyword, value);
		}
	}

}
