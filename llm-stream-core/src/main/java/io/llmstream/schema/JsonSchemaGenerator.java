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

import java.lang.reflect.Type;
import java.util.List;
import java.util.Set;

import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the JSON schema (draft 2020-12) of a Java type: records and beans with the names
 * that Jackson gives their properties, enums, collections, arrays, {@code Map},
 * {@code Optional}, numbers, text, dates, and anything that contains itself.
 * <p>
 * A property is required unless it is an {@code Optional} or may be {@code null}
 * ({@code @Nullable}, of JSpecify or another library). {@link Description} and Jackson's
 * annotations describe; the constraints of Jakarta Bean Validation become keywords
 * ({@code @Size}, {@code @Min}, {@code @Max}, {@code @DecimalMin}, {@code @DecimalMax},
 * {@code @Positive}, {@code @PositiveOrZero}, {@code @Negative}, {@code @NegativeOrZero},
 * {@code @Pattern}, {@code @Email}, {@code @NotBlank}, {@code @NotEmpty},
 * {@code @NotNull}), on elements of a collection too.
 * <p>
 * A type whose subtypes Jackson tells apart by a property
 * ({@code @JsonTypeInfo(use = Id.NAME)} with {@code @JsonSubTypes}, or a sealed type) is
 * an {@code anyOf} of these. The property comes first in each, as an {@code enum} of the
 * one name that it has there: providers know that keyword, and not all of them
 * {@code const}. Other ways to tell subtypes apart, by class names or by what they
 * contain, cannot be described to a model, and are a {@link SchemaException}.
 * <p>
 * The properties of a {@code @JsonUnwrapped} property stand in the object around it, as
 * Jackson reads them, and are optional if it is.
 * <p>
 * Safe for use by several threads. Makes a new schema with each call; callers keep it.
 */
public final class JsonSchemaGenerator {

	private final JsonMapper mapper;

	private final boolean strict;

	private JsonSchemaGenerator(JsonMapper mapper, boolean strict) {
		this.mapper = mapper;
		this.strict = strict;
	}

	/**
	 * A generator for schemas as they are mostly used: what is not required may be left
	 * out.
	 * @return the generator
	 */
	public static JsonSchemaGenerator create() {
		return new JsonSchemaGenerator(Plain.mapper, false);
	}

	/**
	 * A generator for providers that hold the model to the schema (OpenAI's
	 * <a href="https://platform.openai.com/docs/guides/structured-outputs">strict
	 * mode</a>): all properties are required, and those that may be left out otherwise
	 * may be {@code null}; no further properties are allowed; keywords that the mode does
	 * not know are left out. A {@code Map} or a property of any type cannot be described,
	 * and is a {@link SchemaException}.
	 * @return the generator
	 */
	public static JsonSchemaGenerator strict() {
		return new JsonSchemaGenerator(Plain.mapper, true);
	}

	/**
	 * The same generator for the names that a mapper of yours gives to properties.
	 * @param mapper will read what the model writes
	 * @return the generator
	 */
	public JsonSchemaGenerator withMapper(JsonMapper mapper) {
		return new JsonSchemaGenerator(mapper, this.strict);
	}

	/**
	 * Whether a type has a schema that is no strict one, as far as a look tells that
	 * costs next to nothing: that of a scalar, an enum, a collection, or a record made of
	 * these without annotations of Jackson. For those who want to know early which types
	 * have none, and write the schemas later.
	 * @param type the type
	 * @return whether it surely has a schema; {@code false} if only {@link #schema(Type)}
	 * tells
	 */
	public static boolean surelyDescribes(Type type) {
		return SureTypes.contain(type);
	}

	/**
	 * The schema of a type.
	 * @param type the type, generic ones included
	 * @return a new schema
	 * @throws SchemaException if the type, or one that it contains, has no schema
	 */
	public ObjectNode schema(Type type) {
		return new SchemaWriter(this.mapper, this.strict).write(this.mapper.constructType(type));
	}

	/**
	 * The classes of the objects that the schema of a type describes, subtypes included:
	 * those that a native image must keep for it.
	 * @param type the type, generic ones included
	 * @return the classes
	 * @throws SchemaException if the type, or one that it contains, has no schema
	 */
	public Set<Class<?>> classes(Type type) {
		SchemaWriter writer = new SchemaWriter(this.mapper, this.strict);
		writer.write(this.mapper.constructType(type));
		return Set.copyOf(writer.classes());
	}

	/**
	 * The schema of an object that has no Java type of its own.
	 * @param name what the object is, for messages
	 * @param properties its properties, in order
	 * @return a new schema of type {@code object}
	 * @throws SchemaException if a type that it contains has no schema
	 */
	public ObjectNode schema(String name, List<SchemaProperty> properties) {
		return new SchemaWriter(this.mapper, this.strict).write(name, properties);
	}

	/**
	 * Does what Jackson does by itself, but in the order in which properties are
	 * declared. Made with the first schema: a start that only asks what surely has one
	 * needs none.
	 */
	private static final class Plain {

		private static final JsonMapper mapper = JsonMapper.builder()
			.disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
			.build();

	}

}
