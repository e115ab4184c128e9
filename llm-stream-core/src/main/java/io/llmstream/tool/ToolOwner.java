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

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.type.TypeFactory;

import org.springframework.core.ResolvableType;

/**
 * The class of an object with tools, which says what the type variables of the methods
 * are that it inherits.
 *
 * @param type the class
 */
record ToolOwner(Class<?> type) {

	/**
	 * A type that a method names.
	 * @param named the type
	 * @param member the method
	 * @param what what is of this type, for the message
	 * @return the type, without variables
	 * @throws IllegalArgumentException if it is not known what a variable stands for
	 */
	JavaType type(Type named, Member member, String what) {
		ResolvableType declaring = ResolvableType.forClass(this.type).as(member.getDeclaringClass());
		Type unknown = unknown(named, declaring);
		if (unknown != null) {
			throw new IllegalArgumentException(what + " is of a type with the variable " + unknown + ", and "
					+ this.type.getName() + " does not say what that is; extend the class, and say it there");
		}
		TypeFactory types = ToolJson.MAPPER.getTypeFactory();
		JavaType owner = types.constructType(this.type).findSuperType(member.getDeclaringClass());
		return (owner != null) ? types.resolveMemberType(named, owner.getBindings()) : types.constructType(named);
	}

	/**
	 * The element type of what a method returns, such as that of a {@code Mono}.
	 */
	Class<?> element(Method method) {
		return ResolvableType.forMethodReturnType(method, this.type).getGeneric(0).resolve(Object.class);
	}

	/**
	 * The first variable that stands for anything. One with a bound is its bound.
	 */
	private static @Nullable Type unknown(Type type, ResolvableType declaring) {
		if (type instanceof TypeVariable<?>) {
			return (ResolvableType.forType(type, declaring).resolve() == null) ? type : null;
		}
		if (type instanceof GenericArrayType array) {
			return unknown(array.getGenericComponentType(), declaring);
		}
		Type[] parts = (type instanceof ParameterizedType parameterized) ? parameterized.getActualTypeArguments()
				: (type instanceof WildcardType wildcard) ? wildcard.getUpperBounds() : new Type[0];
		for (Type part : parts) {
			Type unknown = unknown(part, declaring);
			if (unknown != null) {
				return unknown;
			}
		}
		return null;
	}

	/**
	 * A type as it is used, without its variables.
	 */
	static AnnotatedType annotated(AnnotatedType used, JavaType type) {
		return (ToolJson.MAPPER.constructType(used.getType()).equals(type)) ? used : new Resolved(used, type);
	}

	/**
	 * A type that a variable stands for, with the annotations of its use.
	 */
	private record Resolved(AnnotatedType used, Type type) implements AnnotatedParameterizedType {

		@Override
		public Type getType() {
			return this.type;
		}

		@Override
		public AnnotatedType[] getAnnotatedActualTypeArguments() {
			return (this.used instanceof AnnotatedParameterizedType parameterized)
					? parameterized.getAnnotatedActualTypeArguments() : new AnnotatedType[0];
		}

		@Override
		public @Nullable AnnotatedType getAnnotatedOwnerType() {
			return this.used.getAnnotatedOwnerType();
		}

		@Override
		public <A extends Annotation> @Nullable A getAnnotation(Class<A> annotation) {
			return this.used.getAnnotation(annotation);
		}

		@Override
		public Annotation[] getAnnotations() {
			return this.used.getAnnotations();
		}

		@Override
		public Annotation[] getDeclaredAnnotations() {
			return this.used.getDeclaredAnnotations();
		}

	}

}
