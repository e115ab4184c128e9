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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.NameTransformer;

/**
 * Writes one schema. A type that contains itself becomes a definition to which it refers;
 * all others stand where they are used, which every provider understands.
 */
final class SchemaWriter {

	private static final int MOST_LEVELS = 64;

	private static final String DEFINITIONS = "#/$defs/";

	private final JsonNodeFactory nodes = JsonNodeFactory.instance;

	private final JsonMapper mapper;

	private final boolean strict;

	/** The objects that are being written, outermost first. */
	private final Deque<Object> path = new ArrayDeque<>();

	/** The types whose properties are being written into an object around them. */
	private final Deque<JavaType> unwrapping = new ArrayDeque<>();

	/** The definitions that something refers to. */
	private final Map<Object, String> names = new HashMap<>();

	private final Map<String, ObjectNode> definitions = new LinkedHashMap<>();

	private final Deque<String> where = new ArrayDeque<>();

	private final Set<Class<?>> classes = new LinkedHashSet<>();

	SchemaWriter(JsonMapper mapper, boolean strict) {
		this.mapper = mapper;
		this.strict = strict;
	}

	ObjectNode write(JavaType type) {
		this.where.add(type.getRawClass().getSimpleName());
		ObjectNode root = schema(type, Annotations.of(null, List.of()));
		if (root.has("$ref")) {
			// providers want an object at the root
			String name = root.path("$ref").asString().substring(DEFINITIONS.length());
			root = this.definitions.getOrDefault(name, root).deepCopy();
		}
		return withDefinitions(root);
	}

	ObjectNode write(String name, List<SchemaProperty> properties) {
		this.where.add(name);
		ObjectNode root = SchemaNodes.object();
		for (SchemaProperty property : properties) {
			Annotations annotations = Annotations.of(property.type(), property.annotated());
			property(root, property.name(), this.mapper.constructType(property.type().getType()), annotations,
					property.required(), property.description());
		}
		return withDefinitions(SchemaNodes.close(root, this.strict));
	}

	/**
	 * The classes of the objects that were described.
	 */
	Set<Class<?>> classes() {
		return this.classes;
	}

	private ObjectNode withDefinitions(ObjectNode root) {
		if (!this.definitions.isEmpty()) {
			ObjectNode all = root.putObject("$defs");
			this.definitions.forEach(all::set);
		}
		return root;
	}

	private void property(ObjectNode object, String name, JavaType type, Annotations annotations, boolean required,
			@Nullable String description) {
		this.where.addLast(name);
		ObjectNode schema = schema(type, annotations);
		String text = (description != null) ? description : annotations.description();
		if (text != null) {
			if (this.strict && schema.has("$ref")) {
				// OpenAI takes nothing beside a reference
				ObjectNode either = this.nodes.objectNode();
				either.putArray("anyOf").add(schema);
				schema = either;
			}
			schema = SchemaNodes.withDescription(schema, text);
		}
		boolean optional = !required || type.isReferenceType() || ScalarSchemas.isOptional(type.getRawClass());
		if (optional && this.strict) {
			schema = SchemaNodes.orNull(schema);
		}
		((ObjectNode) object.get("properties")).set(name, schema);
		if (!optional || this.strict) {
			((ArrayNode) object.get("required")).add(name);
		}
		this.where.removeLast();
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
		Subtypes subtypes = subtypes(type);
		if (subtypes == null) {
			return bean(type, null, "");
		}
		return (subtypes.all().size() == 1)
				? bean(subtypes.all().get(0).type(), subtypes.property(), subtypes.all().get(0).id())
				: oneOf(type, subtypes);
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
			items = SchemaNodes.orNull(items);
		}
		this.where.removeLast();
		schema.set("items", items);
		if (Set.class.isAssignableFrom(type.getRawClass()) && !this.strict) {
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

	private @Nullable Subtypes subtypes(JavaType type) {
		try {
			return Subtypes.find(type, this.mapper);
		}
		catch (IllegalArgumentException ex) {
			throw new SchemaException(
					at() + " is a " + type.getRawClass().getName() + ", whose subtypes " + ex.getMessage());
		}
	}

	/**
	 * One of several objects, each of which says first what it is.
	 */
	private ObjectNode oneOf(JavaType type, Subtypes subtypes) {
		Object key = subtypes;
		if (this.path.contains(key)) {
			return reference(key, type);
		}
		this.path.addLast(key);
		ObjectNode either = this.nodes.objectNode();
		ArrayNode all = either.putArray("anyOf");
		for (Subtypes.Subtype subtype : subtypes.all()) {
			all.add(bean(subtype.type(), subtypes.property(), subtype.id()));
		}
		this.path.removeLast();
		return named(key, either, type);
	}

	private ObjectNode bean(JavaType type, @Nullable String typeProperty, String typeId) {
		if (this.path.contains(type)) {
			return reference(type, type);
		}
		if (this.path.size() == MOST_LEVELS) {
			throw new SchemaException(at() + " is nested too deeply");
		}
		if (!BeanProperties.isDescribable(type)) {
			throw unsupported("a type that has no properties of its own", type.getRawClass());
		}
		this.path.addLast(type);
		this.classes.add(type.getRawClass());
		ObjectNode object = SchemaNodes.object();
		if (typeProperty != null) {
			// an enum of one instead of "const", which not all providers know
			ObjectNode id = this.nodes.objectNode().put("type", "string");
			id.putArray("enum").add(typeId);
			((ObjectNode) object.get("properties")).set(typeProperty, id);
			((ArrayNode) object.get("required")).add(typeProperty);
		}
		properties(object, type, typeProperty, NameTransformer.NOP, true);
		SchemaNodes.close(object, this.strict);
		this.path.removeLast();
		return named(type, object, type);
	}

	private void properties(ObjectNode object, JavaType type, @Nullable String typeProperty, NameTransformer names,
			boolean required) {
		for (BeanProperties.Property property : BeanProperties.of(type, this.mapper)) {
			String name = names.transform(property.name());
			NameTransformer unwrapped = property.unwrapped();
			if (unwrapped != null && (property.argument() || isBean(property.type()))) {
				unwrap(object, property, NameTransformer.chainedTransformer(names, unwrapped),
						required && property.required());
			}
			else if (!name.equals(typeProperty)) {
				if (object.get("properties").has(name)) {
					throw new SchemaException(at() + " has two properties named " + name);
				}
				property(object, name, property.type(), property.annotations(), required && property.required(),
						property.description());
			}
		}
	}

	/**
	 * The properties of a {@code @JsonUnwrapped} property stand where it would.
	 */
	private void unwrap(ObjectNode object, BeanProperties.Property property, NameTransformer names, boolean required) {
		this.where.addLast(property.name());
		JavaType type = property.type();
		if (!isBean(type)) {
			throw new SchemaException(at() + " is unwrapped, but has no properties");
		}
		if (this.unwrapping.contains(type)) {
			throw new SchemaException(at() + " is unwrapped into itself");
		}
		if (subtypes(type) != null) {
			throw unsupported("an unwrapped type that has subtypes", type.getRawClass());
		}
		this.unwrapping.addLast(type);
		this.classes.add(type.getRawClass());
		properties(object, type, null, names, required);
		this.unwrapping.removeLast();
		this.where.removeLast();
	}

	/**
	 * Whether a type is written by its properties: Jackson unwraps no other.
	 */
	private boolean isBean(JavaType type) {
		return ScalarSchemas.find(type.getRawClass(), this.nodes) == null && !type.isReferenceType()
				&& !type.isEnumType() && !type.isContainerType() && !Iterable.class.isAssignableFrom(type.getRawClass())
				&& (BeanProperties.isDescribable(type) || subtypes(type) != null);
	}

	private ObjectNode reference(Object key, JavaType type) {
		return this.nodes.objectNode().put("$ref", DEFINITIONS + this.names.computeIfAbsent(key, (any) -> name(type)));
	}

	/**
	 * A schema that is written, or a reference to it if it refers to itself.
	 */
	private ObjectNode named(Object key, ObjectNode schema, JavaType type) {
		String description = BeanProperties.description(type.getRawClass());
		ObjectNode described = (description != null) ? SchemaNodes.withDescription(schema, description) : schema;
		String name = this.names.get(key);
		if (name == null) {
			return described;
		}
		this.definitions.put(name, described);
		return this.nodes.objectNode().put("$ref", DEFINITIONS + name);
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
		String hint = (type.isSealed())
				? "; tell its subtypes apart with" + " @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = \"type\")"
				: "";
		return new SchemaException(
				at() + " is " + what + " (" + type.getName() + "), which " + mode + " cannot describe" + hint);
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
