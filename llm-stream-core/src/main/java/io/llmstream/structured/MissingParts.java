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

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.deser.DeserializationProblemHandler;
import tools.jackson.databind.deser.ValueInstantiator;
import tools.jackson.databind.jsontype.TypeIdResolver;

/**
 * Leaves out of a partial object what cannot be bound: the name of an enum constant that
 * is half written, an object whose type does not take missing members. Whether all is
 * right is found out when the object is complete.
 */
final class MissingParts extends DeserializationProblemHandler {

	@Override
	public @Nullable Object handleWeirdKey(DeserializationContext context, Class<?> type, String key, String message) {
		return null;
	}

	@Override
	public @Nullable Object handleWeirdStringValue(DeserializationContext context, Class<?> type, String value,
			String message) {
		return null;
	}

	@Override
	public @Nullable Object handleWeirdNumberValue(DeserializationContext context, Class<?> type, Number value,
			String message) {
		return null;
	}

	@Override
	public @Nullable Object handleUnexpectedToken(DeserializationContext context, JavaType type, JsonToken token,
			JsonParser parser, String message) {
		parser.skipChildren();
		return null;
	}

	@Override
	public @Nullable Object handleInstantiationProblem(DeserializationContext context, Class<?> type,
			@Nullable Object argument, Throwable problem) {
		return null;
	}

	@Override
	public @Nullable Object handleMissingInstantiator(DeserializationContext context, Class<?> type,
			ValueInstantiator instantiator, JsonParser parser, String message) {
		parser.skipChildren();
		return null;
	}

	@Override
	public JavaType handleUnknownTypeId(DeserializationContext context, JavaType type, String id,
			TypeIdResolver resolver, String message) {
		return context.constructType(Void.class);
	}

	@Override
	public JavaType handleMissingTypeId(DeserializationContext context, JavaType type, TypeIdResolver resolver,
			String message) {
		return context.constructType(Void.class);
	}

}
