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

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;
import org.springframework.core.io.Resource;
import org.springframework.core.io.ResourceLoader;

/**
 * What a method of a service says of itself, understood once. Immutable. Prompts that are
 * files are read by each factory, as it may find others.
 */
final class ServiceSignature {

	private final Method method;

	private final String key;

	private final String description;

	private final String model;

	private final @Nullable String system;

	private final @Nullable String user;

	private final List<Object> tools;

	private final List<ServiceParameter> parameters;

	private final @Nullable ServiceConversation conversation;

	private final ServiceResult result;

	/** Is missing where files have to be read. */
	private final @Nullable ServicePrompts prompts;

	private ServiceSignature(Class<?> service, Method method, String model, @Nullable SystemPrompt system,
			List<Object> tools) {
		this.method = method;
		this.key = ServiceClass.key(method);
		this.description = describe(service, method);
		this.model = model;
		this.system = (system != null) ? system.value() : null;
		UserPrompt user = ServiceAnnotations.find(method, UserPrompt.class);
		this.user = (user != null) ? user.value() : null;
		this.tools = tools;
		this.parameters = parameters(service, method);
		this.prompts = (isFile(this.system) || isFile(this.user)) ? null : read(null);
		this.conversation = ServiceConversation.of(this.parameters, method, service, this.description);
		this.result = ServiceResult.of(ServiceTypes.returned(method, service), service, this::fail);
	}

	/**
	 * Read what a method says.
	 * @param service the interface
	 * @param method the method
	 * @param model the model to ask, which is empty for the client's
	 * @param system the system message of the method or the interface
	 * @param tools the names of tools, and the classes of beans with tools
	 * @return what it says
	 * @throws InvalidLlmServiceException if it cannot work, whatever the client is
	 */
	static ServiceSignature read(Class<?> service, Method method, String model, @Nullable SystemPrompt system,
			List<Object> tools) {
		return new ServiceSignature(service, method, model, system, tools);
	}

	Method method() {
		return this.method;
	}

	/**
	 * What the class of the service says when the method is called.
	 */
	String key() {
		return this.key;
	}

	String description() {
		return this.description;
	}

	/**
	 * The model to ask, which is empty for the client's.
	 */
	String model() {
		return this.model;
	}

	@Nullable ServiceConversation conversation() {
		return this.conversation;
	}

	ServiceResult result() {
		return this.result;
	}

	/**
	 * The tools that a model may call.
	 * @param beans finds the bean of a class
	 */
	Object[] tools(Function<Class<?>, Object> beans) {
		Object[] found = this.tools.toArray();
		for (int i = 0; i < found.length; i++) {
			if (found[i] instanceof Class<?> type) {
				found[i] = beans.apply(type);
			}
		}
		return found;
	}

	/**
	 * What is said to a model.
	 * @param resources finds files
	 * @throws InvalidLlmServiceException if a file cannot be read, or parameters do not
	 * match what it says
	 */
	ServicePrompts prompts(ResourceLoader resources) {
		return (this.prompts != null) ? this.prompts : read(resources);
	}

	private ServicePrompts read(@Nullable ResourceLoader resources) {
		return ServicePrompts.of(template(this.system, resources), template(this.user, resources), this.parameters,
				this::fail);
	}

	private static boolean isFile(@Nullable String prompt) {
		return prompt != null && prompt.startsWith(ResourceLoader.CLASSPATH_URL_PREFIX);
	}

	private @Nullable PromptTemplate template(@Nullable String prompt, @Nullable ResourceLoader resources) {
		if (prompt == null) {
			return null;
		}
		if (resources == null || !isFile(prompt)) {
			if (prompt.isBlank()) {
				fail("has a prompt without a text");
			}
			return PromptTemplate.parse(prompt);
		}
		Resource resource = resources.getResource(prompt);
		try {
			return PromptTemplate.parse(resource.getContentAsString(StandardCharsets.UTF_8).strip());
		}
		catch (IOException ex) {
			throw new InvalidLlmServiceException(this.description + " takes its prompt from " + prompt
					+ ", which cannot be read; look whether there is such a file on the class path", ex);
		}
	}

	private List<ServiceParameter> parameters(Class<?> service, Method method) {
		Parameter[] all = method.getParameters();
		List<ServiceParameter> parameters = new ArrayList<>(all.length);
		for (int i = 0; i < all.length; i++) {
			ResolvableType type = ServiceTypes.parameter(method, i, service);
			parameters.add(ServiceParameter.of(all[i], i, type, this::fail));
		}
		return List.copyOf(parameters);
	}

	private static String describe(Class<?> service, Method method) {
		StringBuilder text = new StringBuilder("The method ").append(service.getName())
			.append('.')
			.append(method.getName())
			.append('(');
		String separator = "";
		for (Class<?> type : method.getParameterTypes()) {
			text.append(separator).append(type.getSimpleName());
			separator = ", ";
		}
		return text.append(')').toString();
	}

	private void fail(String what) {
		throw new InvalidLlmServiceException(this.description + " " + what);
	}

}
