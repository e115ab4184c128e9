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

package io.llmstream.autoconfigure;

import java.lang.reflect.Method;
import java.util.Set;
import java.util.TreeSet;

import io.llmstream.ToolException;
import io.llmstream.tool.ToolArguments;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validator;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.beans.factory.ObjectProvider;

/**
 * Holds the arguments of tools to the constraints of Jakarta Bean Validation, and tells
 * the model what is wrong with them.
 */
final class ValidatedToolArguments implements ToolArguments {

	private final ObjectProvider<Validator> validator;

	ValidatedToolArguments(ObjectProvider<Validator> validator) {
		this.validator = validator;
	}

	@Override
	public void check(Object bean, Method method, @Nullable Object[] arguments) {
		Object target = AopProxyUtils.getSingletonTarget(bean);
		Set<ConstraintViolation<Object>> violations = this.validator.getObject()
			.forExecutables()
			.validateParameters((target != null) ? target : bean, method, arguments);
		if (!violations.isEmpty()) {
			Set<String> messages = new TreeSet<>();
			for (ConstraintViolation<Object> violation : violations) {
				String path = violation.getPropertyPath().toString();
				messages.add(path.substring(path.indexOf('.') + 1) + " " + violation.getMessage());
			}
			throw new ToolException("The arguments are wrong: " + String.join("; ", messages) + ".");
		}
	}

}
