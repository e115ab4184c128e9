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
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A property of an object that has no Java type of its own, such as the arguments of a
 * method.
 *
 * @param name the property's name
 * @param type its type
 * @param annotated where annotations are looked for, beside those of the type itself
 * @param required whether it must be there
 * @param description what it means, or {@code null} for that of an annotation
 */
public record SchemaProperty(String name, AnnotatedType type, List<AnnotatedElement> annotated, boolean required,
		@Nullable String description) {

	/**
	 * Create a property.
	 */
	public SchemaProperty {
		annotated = List.copyOf(annotated);
	}

}
