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

import java.lang.ref.SoftReference;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What an interface says, understood without a client, beans or files, so that another
 * thread can do it before there are any. Immutable, and the same for all factories.
 *
 * @param methods the methods that ask a model
 */
record ServiceDefinition(List<ServiceSignature> methods) {

	/**
	 * What is kept of an interface is of classes of this library, whose class loader an
	 * interface that outlives it must not keep alive. What cannot work is not kept, but
	 * found again.
	 */
	private static final ClassValue<SoftReference<ServiceDefinition>> known = new ClassValue<>() {

		@Override
		protected SoftReference<ServiceDefinition> computeValue(Class<?> service) {
			return new SoftReference<>(read(service));
		}

	};

	/**
	 * What an interface says.
	 * @throws InvalidLlmServiceException if a method cannot work, whatever the client is
	 */
	static ServiceDefinition of(Class<?> service) {
		ServiceDefinition definition = known.get(service).get();
		if (definition == null) {
			known.remove(service);
			definition = read(service);
		}
		return definition;
	}

	private static ServiceDefinition read(Class<?> service) {
		LlmService annotation = service.getAnnotation(LlmService.class);
		String model = (annotation != null) ? annotation.model() : "";
		SystemPrompt system = ServiceAnnotations.find(service, SystemPrompt.class);
		List<Object> tools = new ArrayList<>();
		addTools(ServiceAnnotations.find(service, Tools.class), tools);
		List<ServiceSignature> methods = new ArrayList<>();
		for (Method method : ServiceClass.methods(service)) {
			SystemPrompt own = ServiceAnnotations.find(method, SystemPrompt.class);
			List<Object> all = new ArrayList<>(tools);
			addTools(ServiceAnnotations.find(method, Tools.class), all);
			methods.add(ServiceSignature.read(service, method, model, (own != null) ? own : system, List.copyOf(all)));
		}
		return new ServiceDefinition(List.copyOf(methods));
	}

	private static void addTools(@Nullable Tools annotation, List<Object> tools) {
		if (annotation != null) {
			tools.addAll(List.of(annotation.value()));
			tools.addAll(List.of(annotation.names()));
		}
	}

}
