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
import java.util.List;

import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validator;

/**
 * Validates objects by the constraints of Jakarta Bean Validation.
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
		for (ConstraintViolation<Object> violation : this.validator.validate(object)) {
			violations.add(new Violation(violation.getPropertyPath().toString(),
					"@" + violation.getConstraintDescriptor().getAnnotation().annotationType().getSimpleName(),
					violation.getMessage()));
		}
		return violations;
	}

}
