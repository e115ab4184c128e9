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
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.BeanPropertyDefinition;
import tools.jackson.databind.introspect.ClassIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.util.NameTransformer;

import org.springframework.core.Nullness;

/**
 * The properties of a record or bean, as Jackson reads them.
 */
final class BeanProperties {

	private BeanProperties() {
	}

	/**
	 * Whether something can be said of a type.
	 */
	static boolean isDescribable(JavaType type) {
		Class<?> raw = type.getRawClass();
		return !raw.isPrimitive() && !raw.isAnnotation() && raw != Class.class && raw != Void.class
				&& !raw.getName().startsWith("java.") && !raw.isInterface()
				&& !(Modifier.isAbstract(raw.getModifiers()));
	}

	static @Nullable String description(Class<?> type) {
		return Descriptions.ofType(type);
	}

	static List<Property> of(JavaType type, JsonMapper mapper) {
		DeserializationConfig config = mapper.deserializationConfig();
		ClassIntrospector introspector = config.classIntrospectorInstance();
		AnnotatedClass annotated = introspector.introspectClassAnnotations(type);
		BeanDescription bean = introspector.introspectForDeserialization(type, annotated);
		List<Property> properties = new ArrayList<>();
		for (BeanPropertyDefinition definition : bean.findProperties()) {
			if (definition.couldDeserialize() && !bean.getIgnoredPropertyNames().contains(definition.getName())) {
				AnnotatedMember member = mutator(definition);
				NameTransformer unwrapped = (member != null)
						? config.getAnnotationIntrospector().findUnwrappingNameTransformer(config, member) : null;
				properties.add(property(type.getRawClass(), definition, unwrapped));
			}
		}
		return properties;
	}

	private static Property property(Class<?> bean, BeanPropertyDefinition definition,
			@Nullable NameTransformer unwrapped) {
		List<AnnotatedElement> elements = new ArrayList<>();
		AnnotatedType type = null;
		Nullness nullness = Nullness.UNSPECIFIED;
		AnnotatedParameter argument = definition.getConstructorParameter();
		if (argument != null) {
			Parameter parameter = parameter(argument);
			elements.add(parameter);
			type = parameter.getAnnotatedType();
			nullness = Nullness.forParameter(parameter);
		}
		if (definition.hasField()) {
			Field field = definition.getField().getAnnotated();
			elements.add(field);
			type = (type != null) ? type : field.getAnnotatedType();
			nullness = (nullness != Nullness.UNSPECIFIED) ? nullness : Nullness.forField(field);
		}
		if (definition.hasSetter()) {
			Method setter = definition.getSetter().getAnnotated();
			elements.add(setter);
			elements.add(setter.getParameters()[0]);
			type = (type != null) ? type : setter.getAnnotatedParameterTypes()[0];
		}
		if (definition.hasGetter()) {
			elements.add(definition.getGetter().getAnnotated());
		}
		RecordComponent component = component(bean, definition.getInternalName());
		if (component != null) {
			elements.add(component);
			elements.add(component.getAccessor());
			type = component.getAnnotatedType();
		}
		SchemaWriter.Annotations annotations = SchemaWriter.Annotations.of(type, elements);
		boolean required = nullness != Nullness.NULLABLE && !annotations.isNullable();
		// Jackson makes up a name where an argument is unwrapped
		String name = (argument != null && unwrapped != null) ? parameter(argument).getName() : definition.getName();
		return new Property(name, mutatorType(definition), annotations, required,
				definition.getMetadata().getDescription(), unwrapped, argument != null);
	}

	private static JavaType mutatorType(BeanPropertyDefinition definition) {
		return (mutator(definition) instanceof AnnotatedParameter argument) ? argument.getType()
				: definition.getPrimaryType();
	}

	private static @Nullable AnnotatedMember mutator(BeanPropertyDefinition definition) {
		AnnotatedParameter argument = definition.getConstructorParameter();
		return (argument != null) ? argument : definition.getMutator();
	}

	private static Parameter parameter(AnnotatedParameter argument) {
		AnnotatedElement owner = argument.getOwner().getAnnotated();
		Executable executable = (owner instanceof Constructor<?> constructor) ? constructor : (Method) owner;
		return executable.getParameters()[argument.getIndex()];
	}

	private static @Nullable RecordComponent component(Class<?> bean, String name) {
		if (bean.isRecord()) {
			for (RecordComponent component : bean.getRecordComponents()) {
				if (component.getName().equals(name)) {
					return component;
				}
			}
		}
		return null;
	}

	/**
	 * A property.
	 *
	 * @param unwrapped gives the properties of its type the names that they have in this
	 * object, where they stand instead of the property; {@code null} if they do not
	 * @param argument whether it is an argument of the constructor
	 */
	record Property(String name, JavaType type, SchemaWriter.Annotations annotations, boolean required,
			@Nullable String description, @Nullable NameTransformer unwrapped, boolean argument) {
	}

}
