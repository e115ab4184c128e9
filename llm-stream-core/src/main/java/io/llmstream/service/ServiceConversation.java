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

import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import io.llmstream.LlmStreamClient;
import io.llmstream.LlmStreamClient.PromptSpec;
import org.jspecify.annotations.Nullable;

import org.springframework.core.Nullness;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/**
 * The parameter that says to which conversation a request belongs.
 *
 * @param index which parameter it is
 * @param optional whether there may be none
 * @param description the method, for messages
 */
record ServiceConversation(int index, boolean optional, String description) {

	/**
	 * What a method says of conversations.
	 * @return the parameter, or {@code null} if it has none
	 * @throws InvalidLlmServiceException if it cannot be the id of a conversation
	 */
	static @Nullable ServiceConversation of(List<ServiceParameter> parameters, Method method, Class<?> service,
			String description) {
		ServiceConversation found = null;
		for (ServiceParameter parameter : parameters) {
			if (parameter.role() == ServiceParameter.Role.CONVERSATION) {
				if (found != null) {
					throw new InvalidLlmServiceException(description + " has more than one @ConversationId");
				}
				ResolvableType type = ServiceTypes.parameter(method, parameter.index(), service);
				boolean optional = type.toClass() == Optional.class;
				checkType(((optional) ? type.getGeneric(0) : type).toClass(), description);
				found = new ServiceConversation(parameter.index(), optional
						|| Nullness.forParameter(method.getParameters()[parameter.index()]) == Nullness.NULLABLE,
						description);
			}
		}
		return found;
	}

	private static void checkType(Class<?> type, String description) {
		if (!CharSequence.class.isAssignableFrom(type) && type != UUID.class && !type.isEnum()
				&& !Number.class.isAssignableFrom(ClassUtils.resolvePrimitiveIfNecessary(type))) {
			throw new InvalidLlmServiceException(description + " has a @ConversationId of the type "
					+ type.getSimpleName() + "; make it a String, a UUID, a number or an enum");
		}
	}

	/**
	 * Whether a client keeps conversations.
	 * @throws InvalidLlmServiceException if it does not
	 */
	void check(LlmStreamClient client) {
		try {
			// asks nothing, and keeps nothing, before it is subscribed to
			client.prompt().conversation("check");
		}
		catch (IllegalStateException ex) {
			throw new InvalidLlmServiceException(
					this.description + " has a @ConversationId, which its client cannot use: " + ex.getMessage(), ex);
		}
	}

	/**
	 * Set the conversation of a request.
	 * @throws IllegalArgumentException if the id is missing or cannot be one
	 */
	void apply(@Nullable Object[] arguments, PromptSpec prompt) {
		Object argument = arguments[this.index];
		if (argument instanceof Optional<?> value) {
			argument = value.orElse(null);
		}
		if (argument != null) {
			prompt.conversation(ServiceParameter.text(argument));
		}
		else if (!this.optional) {
			throw new IllegalArgumentException(this.description
					+ " was called without its @ConversationId; annotate it with @Nullable if there may be none");
		}
	}

}
