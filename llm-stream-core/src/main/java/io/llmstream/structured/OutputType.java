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

import java.lang.reflect.Type;
import java.util.List;
import java.util.Set;

import io.llmstream.ResponseFormat;
import io.llmstream.schema.JsonSchemaGenerator;
import io.llmstream.schema.SchemaException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A type whose objects a model writes: its schema, and how its JSON is bound. Made once
 * for each type, and safe for use by several threads.
 * <p>
 * Providers want an object at the root of a schema. Other types, such as lists, are the
 * only member of one.
 */
final class OutputType {

	private final JavaType type;

	private final @Nullable String member;

	private final @Nullable ObjectNode schema;

	private final boolean strict;

	private final RequiredMembers required;

	private final Set<String> typeProperties;

	private final ObjectReader partial;

	private final ObjectReader whole;

	private final ObjectReader element;

	private OutputType(OutputMappers mappers, JavaType type) {
		this.type = type;
		ObjectNode plain = JsonSchemaGenerator.create().withMapper(mappers.whole()).schema(type);
		this.member = (plain.isEmpty() || isObject(plain)) ? null : (type.isCollectionLikeType()) ? "items" : "value";
		ObjectNode described = null;
		try {
			described = JsonSchemaGenerator.strict().withMapper(mappers.whole()).schema(type);
		}
		catch (SchemaException ex) {
			// what has no strict schema, such as a map, has one of the other kind
		}
		this.typeProperties = TypeProperties.of(plain);
		this.strict = described != null;
		boolean anything = plain.isEmpty();
		ObjectNode whole = wrap(plain);
		this.schema = (anything) ? null : (described != null) ? wrap(described) : whole;
		this.required = new RequiredMembers(whole);
		this.partial = mappers.partial().readerFor(type);
		this.whole = mappers.whole().readerFor(type);
		this.element = (type.getContentType() != null) ? mappers.whole().readerFor(type.getContentType()) : this.whole;
	}

	static OutputType of(Type type, OutputMappers mappers) {
		return new OutputType(mappers, mappers.whole().constructType(type));
	}

	static OutputType listOf(Type elementType, OutputMappers mappers) {
		return new OutputType(mappers,
				mappers.whole()
					.getTypeFactory()
					.constructCollectionType(List.class, mappers.whole().constructType(elementType)));
	}

	private static boolean isObject(ObjectNode schema) {
		return "object".equals(schema.path("type").asString(""));
	}

	private ObjectNode wrap(ObjectNode schema) {
		if (this.member == null) {
			return schema;
		}
		ObjectNode wrapper = JsonNodeFactory.instance.objectNode().put("type", "object");
		JsonNode definitions = schema.remove("$defs");
		wrapper.putObject("properties").set(this.member, schema);
		wrapper.putArray("required").add(this.member);
		wrapper.put("additionalProperties", false);
		if (definitions != null) {
			wrapper.set("$defs", definitions);
		}
		return wrapper;
	}

	/**
	 * What to ask for.
	 */
	ResponseFormat format(ResponseFormat.Mode mode) {
		if (this.schema == null) {
			return ResponseFormat.JSON_OBJECT.withMode(mode);
		}
		return new ResponseFormat(name(this.type), this.schema.toString(), this.strict, mode);
	}

	private static String name(JavaType type) {
		JavaType content = type.getContentType();
		String name = (content != null) ? name(content) + "_" + type.getRawClass().getSimpleName()
				: type.getRawClass().getSimpleName();
		String clean = name.replaceAll("[^A-Za-z0-9_-]", "_");
		return (clean.length() > 64) ? clean.substring(0, 64) : clean;
	}

	/**
	 * The member of the root that is the object, or {@code null} if it is the root.
	 */
	@Nullable String member() {
		return this.member;
	}

	/**
	 * Whether a document may be an array: models forget what is around it.
	 */
	boolean takesArrays() {
		return this.member != null && this.type.isCollectionLikeType();
	}

	/**
	 * The object as far as it can be bound.
	 */
	@Nullable Object bind(JsonSnapshot snapshot) {
		SnapshotParser parser = new SnapshotParser(snapshot, null).hide(this.typeProperties);
		try {
			return (parser.begin(this.member)) ? this.partial.readValue(parser) : null;
		}
		catch (JacksonException ex) {
			// the whole will tell what is wrong
			return null;
		}
	}

	/**
	 * The whole object.
	 * @throws OutputProblemException if it is not what was asked for
	 */
	Object bindWhole(JsonSnapshot snapshot) {
		JsonContainer root = snapshot.root();
		boolean bare = this.member != null && !root.isObject();
		String missing = (bare) ? this.required.missingInMember(root, String.valueOf(this.member))
				: this.required.missing(root);
		if (missing != null) {
			throw new OutputProblemException(new OutputProblem(missing));
		}
		SnapshotParser parser = new SnapshotParser(snapshot, null);
		parser.begin(this.member);
		return bind(this.whole, parser);
	}

	static Object bind(ObjectReader reader, SnapshotParser parser) {
		Object value;
		try {
			value = reader.readValue(parser);
		}
		catch (JacksonException ex) {
			throw new OutputProblemException(problem(ex));
		}
		if (value == null) {
			throw new OutputProblemException(new OutputProblem("it is null"));
		}
		return value;
	}

	private static OutputProblem problem(JacksonException ex) {
		StringBuilder where = new StringBuilder();
		if (ex instanceof DatabindException databind) {
			for (JacksonException.Reference step : databind.getPath()) {
				if (step.getPropertyName() != null) {
					where.append((where.isEmpty()) ? "" : ".").append(step.getPropertyName());
				}
				else {
					where.append('[').append(step.getIndex()).append(']');
				}
			}
		}
		Class<?> target = (ex instanceof MismatchedInputException mismatch) ? mismatch.getTargetType() : null;
		String place = (where.isEmpty()) ? "the value" : where.toString();
		return new OutputProblem(
				place + ((target != null) ? " is no " + target.getSimpleName() : " does not fit the type"),
				place + ": " + ex.getOriginalMessage());
	}

	/**
	 * The number of elements that are complete, of a list.
	 */
	int completeElements(JsonSnapshot snapshot) {
		SnapshotParser parser = new SnapshotParser(snapshot, null);
		return (parser.begin(this.member) && parser.isExpectedStartArrayToken()) ? parser.completeElements() : -1;
	}

	/**
	 * An element of a list, which is complete.
	 * @throws OutputProblemException if it is not what was asked for
	 */
	Object bindElement(JsonSnapshot snapshot, int index) {
		String missing = this.required.missingInElement(element(snapshot, index).closedContainer(), this.member, index);
		if (missing != null) {
			throw new OutputProblemException(new OutputProblem(missing));
		}
		return bind(this.element, element(snapshot, index));
	}

	private SnapshotParser element(JsonSnapshot snapshot, int index) {
		SnapshotParser parser = new SnapshotParser(snapshot, null);
		parser.begin(this.member);
		parser.skipElements(index);
		parser.nextToken();
		return parser;
	}

	String simpleName() {
		return name(this.type);
	}

	@Override
	public String toString() {
		return this.type.toCanonical();
	}

}
