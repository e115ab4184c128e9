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
import java.lang.reflect.RecordComponent;
import java.util.Map;

import org.springframework.core.ResolvableType;

/**
 * Loads and reflects on what a service consists of, for who does it again later, in less
 * time.
 */
final class ServicePreparation {

	/** As in {@code Flux<Partial<List<Type>>>}. */
	private static final int MOST_GENERICS = 3;

	private static final int MOST_LEVELS = 4;

	private ServicePreparation() {
	}

	/**
	 * Prepare a service.
	 * @param service the interface
	 */
	static void prepare(Class<?> service) {
		if (!ServiceClass.prepare(service)) {
			ServiceProxy.instantiate(service, Map.of());
		}
		for (Method method : service.getMethods()) {
			method.getAnnotations();
			method.getParameterAnnotations();
			prepare(ServiceTypes.returned(method, service), 0);
		}
	}

	private static void prepare(ResolvableType type, int level) {
		ResolvableType inner = type;
		// a type variable may be bounded by itself
		for (int i = 0; i < MOST_GENERICS && inner.hasGenerics(); i++) {
			inner = inner.getGeneric(0);
		}
		Class<?> raw = inner.toClass();
		if (raw.isRecord() && level < MOST_LEVELS) {
			raw.getDeclaredConstructors();
			for (RecordComponent component : raw.getRecordComponents()) {
				prepare(ResolvableType.forType(component.getGenericType()), level + 1);
			}
		}
	}

}
