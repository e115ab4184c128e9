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

package io.llmstream.autoconfigure.service;

import java.lang.reflect.Method;
import java.util.LinkedHashSet;
import java.util.Set;

import io.llmstream.schema.JsonSchemaGenerator;
import io.llmstream.service.LlmService;
import io.llmstream.service.SystemPrompt;
import io.llmstream.service.UserPrompt;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.core.ResolvableType;
import org.springframework.core.io.ResourceLoader;

/**
 * Keeps in native images what services need: their proxies, their prompts, and the types
 * that models write.
 */
final class LlmServiceAotProcessor implements BeanRegistrationAotProcessor {

	private final BindingReflectionHintsRegistrar binding = new BindingReflectionHintsRegistrar();

	@Override
	public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean bean) {
		Class<?> type = bean.getBeanClass();
		String factory = bean.getMergedBeanDefinition().getFactoryBeanName();
		boolean service = type.isInterface() && (type.isAnnotationPresent(LlmService.class)
				|| LlmStreamServicesAutoConfiguration.FACTORY.equals(factory));
		if (!service) {
			return null;
		}
		if (LlmStreamServicesAutoConfiguration.FACTORY.equals(factory)) {
			// no code can be written for it; the factory method, which it stands for,
			// stays
			bean.getMergedBeanDefinition().setInstanceSupplier(null);
		}
		return (context, code) -> contribute(type, context.getRuntimeHints());
	}

	private void contribute(Class<?> service, RuntimeHints hints) {
		hints.proxies().registerJdkProxy(service);
		hints.reflection().registerType(service, MemberCategory.INVOKE_DECLARED_METHODS);
		SystemPrompt system = service.getAnnotation(SystemPrompt.class);
		if (system != null) {
			resource(system.value(), hints);
		}
		for (Method method : service.getMethods()) {
			system = method.getAnnotation(SystemPrompt.class);
			if (system != null) {
				resource(system.value(), hints);
			}
			UserPrompt user = method.getAnnotation(UserPrompt.class);
			if (user != null) {
				resource(user.value(), hints);
			}
			Set<Class<?>> types = new LinkedHashSet<>();
			collect(ResolvableType.forMethodReturnType(method, service), types);
			for (int i = 0; i < method.getParameterCount(); i++) {
				collect(ResolvableType.forMethodParameter(method, i, service), types);
			}
			types.forEach((type) -> register(type, hints));
		}
	}

	private void register(Class<?> type, RuntimeHints hints) {
		this.binding.registerReflectionHints(hints.reflection(), type);
		try {
			JsonSchemaGenerator.create()
				.classes(type)
				.forEach((part) -> this.binding.registerReflectionHints(hints.reflection(), part));
		}
		catch (IllegalArgumentException | JacksonException ex) {
			// is no object that a model writes, such as a parameter, or will fail the
			// start
		}
	}

	private static void resource(String prompt, RuntimeHints hints) {
		if (prompt.startsWith(ResourceLoader.CLASSPATH_URL_PREFIX)) {
			String path = prompt.substring(ResourceLoader.CLASSPATH_URL_PREFIX.length());
			hints.resources().registerPattern((path.startsWith("/")) ? path.substring(1) : path);
		}
	}

	/**
	 * The types of the application that occur in a type.
	 */
	private static void collect(ResolvableType type, Set<Class<?>> types) {
		Class<?> raw = type.resolve();
		if (raw == null) {
			return;
		}
		if (raw.isArray()) {
			collect(type.getComponentType(), types);
			return;
		}
		String name = raw.getName();
		if (!raw.isPrimitive() && !name.startsWith("java.") && !name.startsWith("reactor.")
				&& !name.startsWith("org.reactivestreams.") && !name.startsWith("tools.jackson.")
				&& raw.getPackage() != io.llmstream.Token.class.getPackage()) {
			types.add(raw);
		}
		for (ResolvableType generic : type.getGenerics()) {
			collect(generic, types);
		}
	}

}
