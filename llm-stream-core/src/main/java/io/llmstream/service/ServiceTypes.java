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
import java.lang.reflect.Type;

import org.springframework.core.ResolvableType;

/**
 * Resolves what methods take and return, as an interface sees it that may say what type
 * variables of its parents stand for. Spring's methods for methods do the same, but wrap
 * each type in proxies that can be serialized, which costs more than all else that is
 * done with a type here.
 */
final class ServiceTypes {

	private ServiceTypes() {
	}

	static ResolvableType returned(Method method, Class<?> service) {
		return resolve(method.getGenericReturnType(), method, service);
	}

	static ResolvableType parameter(Method method, int index, Class<?> service) {
		return resolve(method.getGenericParameterTypes()[index], method, service);
	}

	private static ResolvableType resolve(Type type, Method method, Class<?> service) {
		// most are classes, of which there is nothing to resolve
		return (type instanceof Class<?> known) ? ResolvableType.forClass(known)
				: ResolvableType.forType(type, ResolvableType.forClass(service).as(method.getDeclaringClass()));
	}

}
