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
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Knows types that have a schema whatever Jackson says about them: scalars, enums,
 * well-known collections, and records of these that say nothing special. A look at a
 * record takes a hundredth of the time that writing its schema takes, most of which goes
 * into Jackson's view of it, so that an application with many of them starts sooner.
 */
final class SureTypes {

	private static final Set<Class<?>> CONTAINERS = Set.of(List.class, Set.class, Collection.class, ArrayList.class,
			Optional.class);

	private static final Set<Class<?>> MAPS = Set.of(Map.class, HashMap.class, LinkedHashMap.class);

	private static final int MOST_LEVELS = 16;

	/** Is asked again of the same records, by whoever may return them. */
	private static final ClassValue<Boolean> records = new ClassValue<>() {

		@Override
		protected Boolean computeValue(Class<?> type) {
			return isSureRecord(type, List.of());
		}

	};

	private SureTypes() {
	}

	/**
	 * Whether a type surely has a schema. One that is not sure may have one.
	 */
	static boolean contain(Type type) {
		return isSure(type, List.of());
	}

	private static boolean isSure(Type type, List<Class<?>> within) {
		if (type instanceof GenericArrayType array) {
			return isSure(array.getGenericComponentType(), within);
		}
		if (type instanceof ParameterizedType parameterized) {
			Type[] arguments = parameterized.getActualTypeArguments();
			if (MAPS.contains(parameterized.getRawType())) {
				return arguments[0] == String.class && isSure(arguments[1], within);
			}
			return CONTAINERS.contains(parameterized.getRawType()) && isSure(arguments[0], within);
		}
		if (!(type instanceof Class<?> raw)) {
			return false;
		}
		if (raw.isArray()) {
			return ScalarSchemas.isScalar(raw) || isSure(raw.getComponentType(), within);
		}
		return ScalarSchemas.isScalar(raw) || (raw.isEnum() && isSilent(raw)) || (raw.isRecord()
				&& ((within.isEmpty()) ? records.get(raw) : within.contains(raw) || isSureRecord(raw, within)));
	}

	private static boolean isSureRecord(Class<?> type, List<Class<?>> within) {
		// an interface may say that its subtypes are told apart
		if (within.size() == MOST_LEVELS || !isSilent(type) || type.getTypeParameters().length > 0
				|| type.getInterfaces().length > 0 || type.getDeclaredConstructors().length > 1) {
			return false;
		}
		List<Class<?>> path = new ArrayList<>(within);
		path.add(type);
		for (RecordComponent component : type.getRecordComponents()) {
			if (!isSilent(component) || !isSilent(component.getAccessor())
					|| !isSure(component.getGenericType(), path)) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Whether no annotation tells Jackson or the schema something that may be wrong.
	 */
	private static boolean isSilent(AnnotatedElement element) {
		for (Annotation annotation : element.getDeclaredAnnotations()) {
			String name = annotation.annotationType().getName();
			if (name.startsWith("com.fasterxml.") || name.startsWith("tools.jackson.")
					|| name.startsWith("jakarta.validation.constraints.Decimal")) {
				return false;
			}
		}
		return true;
	}

}
