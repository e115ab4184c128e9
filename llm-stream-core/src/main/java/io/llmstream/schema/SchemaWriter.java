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

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedType;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes one schema. A type that contains itself becomes a definition to which it refers;
 * all others stand where they are used, which every provider understands.
 */
final class SchemaWriter {

	private static final int MOST_LEVELS = 64;

	private final JsonNodeFactory nodes = JsonNodeFactory.instance;

	private final JsonMapper mapper;

	private final boolean strict;

	/** The objects that are being written, outermost first. */
	private final Deque<JavaType> path = new ArrayDeque<>();

	/** The definitions that something refers to. */
	private final Map<JavaType, String> names = new HashMap<>();

	private final Map<String, ObjectNode> definitions = new LinkedHashMap<>();

	private final Deque<String> where = new ArrayDeque<>();

	SchemaWriter(JsonMapper mapper, boolean strict) {
		this.mapper = mapper;
		this.strict = strict;
	}

	ObjectNode write(JavaType type) {
		this.where.add(type.getRawClass().getSimpleName());
		ObjectNode root = schema(type, Annotations.of(null, List.of()));
		if (root.has("$ref")) {
			// providers want an object at the root
			root = this.definitions.getOrDefault(this.names.get(type), root).deepCopy();
		}
		return withDefinitions(root);
	}

	ObjectNode write(String name, List<SchemaProperty> properties) {
		this.where.add(name);
		ObjectNode root = object();
		for (SchemaProperty property : properties) {
			Annotations annotations = Annotations.of(property.type(), property.annotated());
			property(root, property.name(), this.mapper.constructType(property.type().getType()), annotations,
					property.required(), property.description());
		}
		return withDefinitions(close(root));
	}

	private ObjectNode withDefinitions(ObjectNode root) {
		if (!this.definitions.isEmpty()) {
			ObjectNode all = root.putObject("$defs");
			this.definitions.forEach(all::set);
		}
		return root;
	}

	private ObjectNode object() {
		ObjectNode object = this.nodes.objectNode();
		object.put("type", "object");
		object.putObject("properties");
		object.putArray("required");
		return object;
	}

	private ObjectNode close(ObjectNode object) {
		if (object.get("required").isEmpty() && !this.strict) {
			object.remove("required");
		}
		object.put("additionalProperties", false);
		return object;
	}

	private void property(ObjectNode object, String name, JavaType type, Annotations annotations, boolean required,
			@Nullable String description) {
		this.where.addLast(name);
		ObjectNode schema = schema(type, annotations);
		String text = (description != null) ? description : annotations.description();
		if (text != null) {
			schema = withDescription(schema, text);
		}
		boolean optional = !required || type.isReferenceType() || ScalarSchemas.isOptional(type.getRawClass());
		if (optional && this.strict) {
			schema = orNull(schema);
		}
		((ObjectNode) object.get("properties")).set(name, schema);
		if (!optional || this.strict) {
			((ArrayNode) object.get("required")).add(name);
		}
		this.where.removeLast();
	}

	private ObjectNode withDescription(ObjectNode schema, String text) {
		ObjectNode described = this.nodes.objectNode();
		if (!schema.has("$ref")) {
			schema.remove("description");
		}
		described.setAll(schema);
		described.put("description", text);
		return described;
	}

	/**
	 * What a property that may be left out looks like where nothing may be left out.
	 */
	private ObjectNode orNull(ObjectNode schema) {
		JsonNode type = schema.get("type");
		if (type == null || !type.isString()) {
			ObjectNode either = this.nodes.objectNode();
			JsonNode description = schema.remove("description");
			either.putArray("anyOf").add(schema).add(this.nodes.objectNode().put("type", "null"));
			if (description != null) {
				either.set("description", description);
			}
			return either;
		}
		schema.putArray("type").add(type).add("null");
		if (schema.get("enum") instanceof ArrayNode values) {
			values.addNull();
		}
		return schema;
	}

	ObjectNode schema(JavaType type, Annotations annotations) {
		Class<?> raw = type.getRawClass();
		ObjectNode scalar = ScalarSchemas.find(raw, this.nodes);
		if (scalar != null) {
			if (scalar.isEmpty() && this.strict) {
				throw unsupported("a property of any type", raw);
			}
			annotations.constrain(scalar, this.strict);
			return scalar;
		}
		if (type.isReferenceType()) {
			return schema(type.getReferencedType(), annotations.argument(0));
		}
		if (type.isEnumType()) {
			return values(raw);
		}
		if (type.isArrayType() || type.isCollectionLikeType() || Iterable.class.isAssignableFrom(raw)) {
			return array(type, annotations);
		}
		if (type.isMapLikeType()) {
			return map(type, annotations);
		}
		return bean(type);
	}

	private ObjectNode values(Class<?> type) {
		ObjectNode schema = this.nodes.objectNode();
		boolean text = true;
		ArrayNode values = this.nodes.arrayNode();
		for (Object constant : type.getEnumConstants()) {
			JsonNode value = this.mapper.valueToTree(constant);
			text &= value.isString();
			values.add(value);
		}
		if (text) {
			schema.put("type", "string");
		}
		schema.set("enum", values);
		return schema;
	}

	private ObjectNode array(JavaType type, Annotations annotations) {
		ObjectNode schema = this.nodes.objectNode().put("type", "array");
		JavaType element = (type.getContentType() != null) ? type.getContentType() : type.containedTypeOrUnknown(0);
		this.where.addLast("[]");
		Annotations inner = annotations.argument(0);
		ObjectNode items = schema(element, inner);
		if (this.strict && inner.isNullable()) {
			items = orNull(items);
		}
		this.where.removeLast();
		schema.set("items", items);
		if (java.util.Set.class.isAssignableFrom(type.getRawClass()) && !this.strict) {
			schema.put("uniqueItems", true);
		}
		annotations.constrain(schema, this.strict);
		return schema;
	}

	private ObjectNode map(JavaType type, Annotations annotations) {
		if (this.strict) {
			throw unsupported("a Map", type.getRawClass());
		}
		ObjectNode schema = this.nodes.objectNode().put("type", "object");
		this.where.addLast("{}");
		JavaType key = type.getKeyType();
		if (key != null && key.isEnumType()) {
			schema.set("propertyNames", this.nodes.objectNode().set("enum", values(key.getRawClass()).get("enum")));
		}
		JavaType value = (type.getContentType() != null) ? type.getContentType() : type.containedTypeOrUnknown(1);
		schema.set("additionalProperties", schema(value, annotations.argument(1)));
		this.where.removeLast();
		annotations.constrain(schema, this.strict);
		return schema;
	}

	private ObjectNode bean(JavaType type) {
		if (this.path.contains(type)) {
			return this.nodes.objectNode().put("$ref", "#/$defs/" + this.names.computeIfAbsent(type, this::name));
		}
		if (this.path.size() == MOST_LEVELS) {
			throw new SchemaException(at() + " is nested too deeply");
		}
		if (!BeanProperties.isDescribable(type)) {
			throw unsupported("a type that has no properties of its own", type.getRawClass());
		}
		this.path.addLast(type);
		ObjectNode object = object();
		for (BeanProperties.Property property : BeanProperties.of(type, this.mapper)) {
			property(object, property.name(), property.type(), property.annotations(), property.required(),
					property.description());
		}
		close(object);
		this.path.removeLast();
		String description = BeanProperties.description(type.getRawClass());
		if (description != null) {
			object = withDescription(object, description);
		}
		String name = this.names.get(type);
		if (name == null) {
			return object;
		}
		this.definitions.put(name, object);
		return this.nodes.objectNode().put("$ref", "#/$defs/" + name);
	}

	private String name(JavaType type) {
		String simple = type.getRawClass().getSimpleName();
		String name = simple;
		for (int i = 2; this.names.containsValue(name); i++) {
			name = simple + i;
		}
		return name;
	}

	private SchemaException unsupported(String what, Class<?> type) {
		String mode = (this.strict) ? "a strict JSON schema" : "a JSON schema";
		return new SchemaException(
				at() + " is " + what + " (" + type.getName() + "), which " + mode + " cannot describe");
	}

	private String at() {
		return String.join(".", this.where).replace(".[]", "[]").replace(".{}", "{}");
	}

	/**
	 * Where annotations are looked for: the type as it is used, and what uses it.
	 */
	record Annotations(@Nullable AnnotatedType type, List<AnnotatedElement> elements) {

		static Annotations of(@Nullable AnnotatedType type, List<AnnotatedElement> elements) {
			return new Annotations(type, elements);
		}

		Annotations argument(int index) {
			return new Annotations(Constraints.argument(this.type, index), List.of());
		}

		@Nullable String description() {
			return Descriptions.find(this.elements);
		}

		boolean isNullable() {
			return Constraints.isNullable(this);
		}

		void constrain(ObjectNode schema, boolean strict) {
			Constraints.apply(this, schema, strict);
		}

	}

}
