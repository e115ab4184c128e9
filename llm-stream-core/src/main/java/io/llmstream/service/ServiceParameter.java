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

package io.llmstream.service;

import java.lang.reflect.Array;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.BaseStream;

import io.llmstream.Message;
import io.llmstream.OutputOptions;
import io.llmstream.Part;
import io.llmstream.StreamRequest;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/**
 * What a parameter of a method is for.
 *
 * @param role what it is for
 * @param index which parameter it is
 * @param name its name in the prompts, or the name of a tag
 * @param isText whether it is of a type of text
 * @param isNamed whether its name is known
 */
record ServiceParameter(Role role, int index, String name, boolean isText, boolean isNamed) {

	private static final Set<Role> TEXTS = EnumSet.of(Role.VARIABLE, Role.USER_PROMPT, Role.TAG);

	/**
	 * Understand a parameter.
	 * @param fail receives what is wrong with it, and throws
	 */
	static ServiceParameter of(Parameter parameter, int index, ResolvableType type, Consumer<String> fail) {
		ServiceParameter known = of(parameter, index, type);
		UserPrompt user = parameter.getAnnotation(UserPrompt.class);
		if (user != null && !user.value().isEmpty()) {
			fail.accept("has a template on its parameter " + parameter.getName()
					+ ", which would not be used; annotate the method with it, and the parameter with nothing");
		}
		if (TEXTS.contains(known.role) && isLater(type.toClass())) {
			fail.accept("has a parameter " + parameter.getName() + " of the type " + type.toClass().getSimpleName()
					+ ", which has no text; pass the value that it gives");
		}
		return known;
	}

	private static boolean isLater(Class<?> type) {
		return Publisher.class.isAssignableFrom(type) || Flow.Publisher.class.isAssignableFrom(type)
				|| Future.class.isAssignableFrom(type) || CompletionStage.class.isAssignableFrom(type)
				|| BaseStream.class.isAssignableFrom(type);
	}

	private static ServiceParameter of(Parameter parameter, int index, ResolvableType type) {
		boolean text = CharSequence.class.isAssignableFrom(type.toClass());
		boolean named = parameter.isNamePresent();
		Tag tag = parameter.getAnnotation(Tag.class);
		if (tag != null) {
			return new ServiceParameter(Role.TAG, index, tag.value(), text, true);
		}
		if (parameter.isAnnotationPresent(ConversationId.class)) {
			return new ServiceParameter(Role.CONVERSATION, index, parameter.getName(), text, named);
		}
		Variable variable = parameter.getAnnotation(Variable.class);
		String name = (variable != null) ? variable.value() : parameter.getName();
		boolean said = parameter.isAnnotationPresent(UserPrompt.class);
		// a message or a part is what the user says in its own form
		Role role = (said || variable == null) ? role(type) : Role.VARIABLE;
		if (said && role == Role.VARIABLE) {
			role = Role.USER_PROMPT;
		}
		return new ServiceParameter(role, index, name, text, named || variable != null);
	}

	/**
	 * The same for something else.
	 */
	ServiceParameter as(Role other) {
		return new ServiceParameter(other, this.index, this.name, this.isText, this.isNamed);
	}

	private static Role role(ResolvableType type) {
		Class<?> raw = type.toClass();
		if (CharSequence.class.isAssignableFrom(raw) || raw.isPrimitive()) {
			return Role.VARIABLE;
		}
		Class<?> element = (raw.isArray()) ? type.getComponentType().toClass()
				: (Collection.class.isAssignableFrom(raw)) ? type.as(Collection.class).getGeneric(0).toClass()
						: Object.class;
		if (Message.class == raw || Message.class == element) {
			return Role.MESSAGES;
		}
		if (Part.class.isAssignableFrom(raw) || Part.class.isAssignableFrom(element)) {
			return Role.PARTS;
		}
		if (raw == Consumer.class && type.getGeneric(0).toClass().isAssignableFrom(StreamRequest.Builder.class)) {
			return Role.OPTIONS;
		}
		if (raw == OutputOptions.class) {
			return Role.OUTPUT_OPTIONS;
		}
		return Role.VARIABLE;
	}

	/**
	 * An argument as the text that stands in a prompt: as it is if it is text, a number
	 * or the like, empty if there is none, and as JSON if it is made of others.
	 */
	static String text(@Nullable Object argument) {
		if (argument instanceof Optional<?> optional) {
			return text(optional.orElse(null));
		}
		if (argument == null) {
			return "";
		}
		Class<?> type = argument.getClass();
		boolean simple = argument instanceof CharSequence || argument instanceof Enum || argument instanceof Number
				|| ClassUtils.isPrimitiveOrWrapper(type) || type.getName().startsWith("java.time.")
				|| type.getName().startsWith("java.net.") || argument instanceof java.util.UUID
				|| argument instanceof java.util.Locale;
		return (simple) ? argument.toString() : Json.mapper.writeValueAsString(argument);
	}

	/**
	 * The values of an argument that is one value or several.
	 */
	static <T> List<T> several(@Nullable Object argument, Class<T> type) {
		List<T> all = new ArrayList<>();
		if (argument instanceof Collection<?> values) {
			values.forEach((value) -> all.add(type.cast(value)));
		}
		else if (argument != null && argument.getClass().isArray()) {
			for (int i = 0; i < Array.getLength(argument); i++) {
				all.add(type.cast(Array.get(argument, i)));
			}
		}
		else if (argument != null) {
			all.add(type.cast(argument));
		}
		return all;
	}

	/**
	 * Made when a prompt needs it first, not when an application starts.
	 */
	private static final class Json {

		private static final JsonMapper mapper = JsonMapper.builder().build();

	}

	/**
	 * What parameters are for.
	 */
	enum Role {

		VARIABLE, USER_PROMPT, MESSAGES, PARTS, OPTIONS, OUTPUT_OPTIONS, TAG, CONVERSATION

	}

}
