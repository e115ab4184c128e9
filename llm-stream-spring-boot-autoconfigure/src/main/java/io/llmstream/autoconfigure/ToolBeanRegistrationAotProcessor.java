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
import java.lang.reflect.Type;
import java.util.List;
import java.util.Set;

import io.llmstream.schema.JsonSchemaGenerator;
import io.llmstream.schema.SchemaException;
import io.llmstream.tool.ToolMethods;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.core.GenericTypeResolver;
import org.springframework.util.ClassUtils;

/**
 * Keeps the methods of tools in native images, and the types that they take and return.
 */
final class ToolBeanRegistrationAotProcessor implements BeanRegistrationAotProcessor {

	@Override
	public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean registeredBean) {
		Class<?> type = ClassUtils.getUserClass(registeredBean.getBeanClass());
		List<Method> methods = ToolMethods.find(type);
		if (methods.isEmpty()) {
			return null;
		}
		return (context, code) -> {
			ReflectionHints hints = context.getRuntimeHints().reflection();
			BindingReflectionHintsRegistrar binding = new BindingReflectionHintsRegistrar();
			for (Method method : methods) {
				hints.registerMethod(method, ExecutableMode.INVOKE);
				for (Type declared : method.getGenericParameterTypes()) {
					Type parameter = GenericTypeResolver.resolveType(declared, type);
					binding.registerReflectionHints(hints, parameter);
					subtypes(parameter).forEach((part) -> binding.registerReflectionHints(hints, part));
				}
				if (method.getReturnType() != void.class) {
					binding.registerReflectionHints(hints,
							GenericTypeResolver.resolveType(method.getGenericReturnType(), type));
				}
			}
		};
	}

	/**
	 * What the type of a parameter does not name but its schema does.
	 */
	private static Set<Class<?>> subtypes(Type parameter) {
		try {
			return JsonSchemaGenerator.create().classes(parameter);
		}
		catch (SchemaException ex) {
			// comes from elsewhere than the model, or will fail the start
			return Set.of();
		}
	}

}
