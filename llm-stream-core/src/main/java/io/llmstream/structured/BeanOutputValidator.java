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

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validator;
import org.jspecify.annotations.Nullable;

/**
 * Validates objects by the constraints of Jakarta Bean Validation: the object itself, or
 * each element of a collection, map, array or {@code Optional}.
 */
public final class BeanOutputValidator implements OutputValidator {

	private final Validator validator;

	/**
	 * Create a validator.
	 * @param validator knows the constraints
	 */
	public BeanOutputValidator(Validator validator) {
		this.validator = validator;
	}

	@Override
	public List<Violation> validate(Object object) {
		List<Violation> violations = new ArrayList<>();
		validate(object, "", violations);
		return violations;
	}

	/**
	 * There is no annotation at the root that would say that its elements are validated.
	 */
	private void validate(@Nullable Object object, String where, List<Violation> violations) {
		if (object instanceof Optional<?> optional) {
			validate(optional.orElse(null), where, violations);
		}
		else if (object instanceof Object[] array) {
			validate(Arrays.asList(array), where, violations);
		}
		else if (object != null) {
			validateOne(object, where, violations);
			if (object instanceof Collection<?> elements) {
				int index = 0;
				for (Object element : elements) {
					validate(element, where + "[" + index + "]", violations);
					index++;
				}
			}
			else if (object instanceof Map<?, ?> map) {
				map.forEach((key, value) -> validate(value, at(where, String.valueOf(key)), violations));
			}
		}
	}

	private void validateOne(Object object, String where, List<Violation> violations) {
		for (ConstraintViolation<Object> violation : this.validator.validate(object)) {
			violations.add(new Violation(at(where, violation.getPropertyPath().toString()),
					"@" + violation.getConstraintDescriptor().getAnnotation().annotationType().getSimpleName(),
					violation.getMessage()));
		}
	}

	private static String at(String where, String property) {
		return (where.isEmpty() || property.isEmpty()) ? where + property : where + "." + property;
	}

}
