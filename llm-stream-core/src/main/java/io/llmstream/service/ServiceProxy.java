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

import java.lang.invoke.MethodHandles;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Implements a service with a proxy of the JDK, where {@link ServiceClass} cannot.
 *
 * @param service the interface
 * @param methods its abstract methods and what they do
 */
record ServiceProxy(Class<?> service, Map<Method, ServiceMethod> methods) implements InvocationHandler {

	/**
	 * Create a proxy.
	 * @param service the interface
	 * @param methods its abstract methods and what they do
	 * @return the proxy
	 */
	static Object instantiate(Class<?> service, Map<Method, ServiceMethod> methods) {
		return Proxy.newProxyInstance(service.getClassLoader(), new Class<?>[] { service },
				new ServiceProxy(service, methods));
	}

	@Override
	public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
			throws Throwable {
		ServiceMethod known = this.methods.get(method);
		if (known != null) {
			return known.invoke((arguments != null) ? arguments : new Object[0]);
		}
		if (method.isDefault()) {
			return invokeDefault(proxy, method, (arguments != null) ? arguments : new Object[0]);
		}
		return switch (method.getName()) {
			case "equals" -> arguments != null && proxy == arguments[0];
			case "hashCode" -> System.identityHashCode(proxy);
			default -> "LlmService[" + this.service.getName() + "]";
		};
	}

	private static @Nullable Object invokeDefault(Object proxy, Method method, @Nullable Object[] arguments)
			throws Throwable {
		Class<?> owner = method.getDeclaringClass();
		if (Modifier.isPublic(owner.getModifiers())) {
			return InvocationHandler.invokeDefault(proxy, method, arguments);
		}
		// may be called by nobody outside of its package, and that is asked even where
		// the method was made accessible
		return MethodHandles.privateLookupIn(owner, MethodHandles.lookup())
			.unreflectSpecial(method, owner)
			.asFixedArity()
			.bindTo(proxy)
			.invokeWithArguments(arguments);
	}

}
