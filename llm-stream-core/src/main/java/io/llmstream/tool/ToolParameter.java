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

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Parameter;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

import io.llmstream.ToolException;
import io.llmstream.ToolInvocation;
import io.llmstream.schema.SchemaProperty;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;

import org.springframework.core.Nullness;
import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * A parameter of a tool's method.
 */
final class ToolParameter {

	private final Parameter parameter;

	private final AnnotatedElement annotated;

	private final String name;

	private final JavaType type;

	private final boolean required;

	private final @Nullable String description;

	/**
	 * Create a parameter.
	 * @param parameter the parameter
	 * @param annotated has its annotations, inherited ones included
	 * @param owner the class that has the method, which knows the types of what it
	 * inherits
	 */
	ToolParameter(Parameter parameter, AnnotatedElement annotated, ToolOwner owner) {
		this.parameter = parameter;
		this.annotated = annotated;
		ToolParam annotation = AnnotatedElementUtils.getMergedAnnotation(annotated, ToolParam.class);
		this.name = name(parameter, annotation);
		this.type = owner.type(parameter.getParameterizedType(), parameter.getDeclaringExecutable(),
				"its parameter " + this.name);
		this.required = (annotation == null || annotation.required())
				&& Nullness.forParameter(parameter) != Nullness.NULLABLE && !isOptional(this.type.getRawClass())
				&& !hasNullable(annotated);
		this.description = (annotation != null && !annotation.description().isEmpty()) ? annotation.description()
				: null;
	}

	private static String name(Parameter parameter, @Nullable ToolParam annotation) {
		if (annotation != null && !annotation.name().isEmpty()) {
			return annotation.name();
		}
		if (!parameter.isNamePresent()) {
			throw new IllegalArgumentException(
					"its parameters have no names; compile with -parameters, or set @ToolParam(name = …)");
		}
		return parameter.getName();
	}

	private static boolean isOptional(Class<?> type) {
		return type == Optional.class || type == OptionalInt.class || type == OptionalLong.class
				|| type == OptionalDouble.class;
	}

	private static boolean hasNullable(AnnotatedElement annotated) {
		for (var annotation : annotated.getAnnotations()) {
			if (annotation.annotationType().getSimpleName().equals("Nullable")) {
				return true;
			}
		}
		return false;
	}

	boolean isInvocation() {
		return this.parameter.getType() == ToolInvocation.class;
	}

	SchemaProperty toProperty() {
		return new SchemaProperty(this.name, ToolOwner.annotated(this.parameter.getAnnotatedType(), this.type),
				List.of(this.annotated), this.required, this.description);
	}

	/**
	 * The argument.
	 * @param arguments what the model wrote
	 * @return what the method receives
	 * @throws ToolException if the argument is missing, or not what the schema says
	 */
	@Nullable Object read(JsonNode arguments) {
		JsonNode value = arguments.get(this.name);
		if (value == null || value.isNull()) {
			if (this.required) {
				throw new ToolException("The argument '" + this.name + "' is missing.");
			}
			return missing();
		}
		try {
			return ToolJson.MAPPER.convertValue(value, this.type);
		}
		catch (DatabindException ex) {
			throw new ToolException("The argument '" + this.name + "' is not what its schema says" + at(ex) + ".");
		}
		catch (JacksonException | IllegalArgumentException ex) {
			throw new ToolException("The argument '" + this.name + "' is not what its schema says.");
		}
	}

	private @Nullable Object missing() {
		Class<?> raw = this.type.getRawClass();
		if (raw == Optional.class) {
			return Optional.empty();
		}
		if (raw == OptionalInt.class) {
			return OptionalInt.empty();
		}
		if (raw == OptionalLong.class) {
			return OptionalLong.empty();
		}
		if (raw == OptionalDouble.class) {
			return OptionalDouble.empty();
		}
		if (raw.isPrimitive()) {
			return ToolJson.MAPPER.convertValue((raw == boolean.class) ? (Object) false : (Object) 0, this.type);
		}
		return null;
	}

	/**
	 * Where in the argument, in the model's own words.
	 */
	private String at(DatabindException error) {
		StringBuilder path = new StringBuilder(this.name);
		for (JacksonException.Reference step : error.getPath()) {
			if (step.getPropertyName() != null) {
				path.append('.').append(step.getPropertyName());
			}
			else {
				path.append('[').append(step.getIndex()).append(']');
			}
		}
		return (path.length() > this.name.length()) ? ": see " + path : "";
	}

}
