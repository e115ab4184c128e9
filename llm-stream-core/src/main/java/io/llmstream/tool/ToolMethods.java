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

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

import io.llmstream.ToolCallback;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * Makes tools of the {@link Tool} methods of objects.
 */
public final class ToolMethods {

	private ToolMethods() {
	}

	/**
	 * The tools of an object, in the order of their names.
	 * @param bean an object with {@link Tool} methods, in its class or what it inherits
	 * or implements; proxies of Spring are looked behind, and called
	 * @return the tools
	 * @throws IllegalArgumentException if there is none, or if a method cannot be a tool;
	 * the message names the method
	 */
	public static List<ToolCallback> of(Object bean) {
		return of(bean, null);
	}

	/**
	 * The tools of an object, with a check of their arguments.
	 * @param bean an object with {@link Tool} methods
	 * @param check checks the arguments of each call, or {@code null}
	 * @return the tools
	 * @throws IllegalArgumentException if there is none, or if a method cannot be a tool;
	 * the message names the method
	 */
	public static List<ToolCallback> of(Object bean, @Nullable ToolArguments check) {
		return of(AopUtils.getTargetClass(bean), () -> bean, check);
	}

	/**
	 * The tools of an object that may not exist yet.
	 * @param type its class, with {@link Tool} methods; not that of a proxy
	 * @param bean gives the object, asked with each call
	 * @param check checks the arguments of each call, or {@code null}
	 * @return the tools
	 * @throws IllegalArgumentException if there is none, or if a method cannot be a tool;
	 * the message names the method
	 */
	public static List<ToolCallback> of(Class<?> type, Supplier<?> bean, @Nullable ToolArguments check) {
		Map<String, ToolCallback> tools = new TreeMap<>();
		for (Method method : find(type)) {
			ToolCallback tool = new MethodToolCallback(type, bean, method, check);
			ToolCallback other = tools.put(tool.definition().name(), tool);
			if (other != null) {
				throw new IllegalArgumentException("The tools " + other + " and " + tool
						+ " have the same name; set @Tool(name = …) for one of them");
			}
		}
		if (tools.isEmpty()) {
			throw new IllegalArgumentException(type.getName() + " has no method with @Tool");
		}
		return List.copyOf(tools.values());
	}

	/**
	 * The methods of a class that are tools.
	 * @param type the class
	 * @return the methods, may be empty
	 */
	public static List<Method> find(Class<?> type) {
		return new ArrayList<>(MethodIntrospector.selectMethods(type,
				(Method method) -> AnnotatedElementUtils.hasAnnotation(method, Tool.class)));
	}

}
