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

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/**
 * Finds descriptions.
 */
final class Descriptions {

	private Descriptions() {
	}

	static @Nullable String find(Iterable<? extends AnnotatedElement> elements) {
		for (AnnotatedElement element : elements) {
			Description own = element.getAnnotation(Description.class);
			if (own != null) {
				return own.value();
			}
			JsonPropertyDescription jackson = element.getAnnotation(JsonPropertyDescription.class);
			if (jackson != null && !jackson.value().isEmpty()) {
				return jackson.value();
			}
		}
		return null;
	}

	static @Nullable String ofType(Class<?> type) {
		Description own = type.getAnnotation(Description.class);
		if (own != null) {
			return own.value();
		}
		JsonClassDescription jackson = type.getAnnotation(JsonClassDescription.class);
		return (jackson != null && !jackson.value().isEmpty()) ? jackson.value() : null;
	}

}
