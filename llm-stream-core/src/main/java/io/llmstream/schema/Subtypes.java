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

import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.NamedType;

/**
 * The types that a value of a type may have, as Jackson tells them apart: by a property
 * that names the type.
 *
 * @param property the name of the property
 * @param all the types, none of which is abstract
 */
record Subtypes(String property, List<Subtype> all) {

	/**
	 * Find the subtypes of a type.
	 * @return the subtypes, the type itself among them if there are values of it, or
	 * {@code null} if Jackson does not tell any apart
	 * @throws IllegalArgumentException if a model cannot be told how to name the type;
	 * the message continues "whose subtypes"
	 */
	static @Nullable Subtypes find(JavaType type, JsonMapper mapper) {
		DeserializationConfig config = mapper.deserializationConfig();
		AnnotatedClass annotated = config.classIntrospectorInstance().introspectClassAnnotations(type);
		JsonTypeInfo.Value info = config.getAnnotationIntrospector().findPolymorphicTypeInfo(config, annotated);
		if (info == null || info.getIdType() == JsonTypeInfo.Id.NONE) {
			return null;
		}
		boolean simple = info.getIdType() == JsonTypeInfo.Id.SIMPLE_NAME;
		if (!simple && info.getIdType() != JsonTypeInfo.Id.NAME) {
			throw new IllegalArgumentException("are told apart by " + info.getIdType()
					+ "; tell them apart by name, with @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)");
		}
		if (info.getInclusionType() != JsonTypeInfo.As.PROPERTY
				&& info.getInclusionType() != JsonTypeInfo.As.EXISTING_PROPERTY) {
			throw new IllegalArgumentException("are named by a " + info.getInclusionType()
					+ "; name them by a property, with @JsonTypeInfo(include = JsonTypeInfo.As.PROPERTY)");
		}
		List<Subtype> all = new ArrayList<>();
		for (NamedType named : config.getSubtypeResolver().collectAndResolveSubtypesByTypeId(config, annotated)) {
			// a type knows those beside it as well
			if (!Modifier.isAbstract(named.getType().getModifiers())
					&& type.getRawClass().isAssignableFrom(named.getType())) {
				String id = (named.hasName()) ? named.getName() : defaultId(named.getType(), simple);
				all.add(new Subtype(id, config.getTypeFactory().constructSpecializedType(type, named.getType())));
			}
		}
		if (all.isEmpty()) {
			throw new IllegalArgumentException("are not known; name them with @JsonSubTypes, or seal the type");
		}
		all.sort(Comparator.comparing(Subtype::id));
		return new Subtypes(info.getPropertyName(), List.copyOf(all));
	}

	/**
	 * What Jackson calls a type that has no name.
	 */
	private static String defaultId(Class<?> type, boolean simple) {
		String name = type.getName();
		int end = (simple) ? Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) : name.lastIndexOf('.');
		return name.substring(end + 1);
	}

	/**
	 * A type that a value may have.
	 *
	 * @param id what the property says
	 * @param type the type
	 */
	record Subtype(String id, JavaType type) {
	}

}
