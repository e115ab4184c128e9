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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import io.llmstream.LlmStreamClient;
import io.llmstream.LlmStreamClient.PromptSpec;
import io.llmstream.Message;
import io.llmstream.OutputOptions;
import io.llmstream.Part;
import io.llmstream.StreamRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;
import org.springframework.core.io.Resource;
import org.springframework.core.io.ResourceLoader;

/**
 * A method of a service, understood once.
 */
final class ServiceMethod {

	private final LlmStreamClient client;

	private final String model;

	private final List<ServiceParameter> parameters = new ArrayList<>();

	private final Map<String, Integer> variables = new LinkedHashMap<>();

	private final @Nullable PromptTemplate system;

	private final @Nullable PromptTemplate user;

	private final Object[] tools;

	private final @Nullable ServiceConversation conversation;

	private final ServiceResult result;

	private final String description;

	ServiceMethod(Class<?> service, Method method, LlmStreamClient client, ResourceLoader resources, Object[] tools) {
		this.client = client;
		this.tools = tools;
		this.description = describe(service, method);
		LlmService annotation = service.getAnnotation(LlmService.class);
		this.model = (annotation != null) ? annotation.model() : "";
		this.system = system(service, method, resources);
		UserPrompt prompt = ServiceAnnotations.find(method, UserPrompt.class);
		this.user = (prompt != null) ? template(prompt.value(), resources) : null;
		parameters(service, method);
		check();
		this.conversation = ServiceConversation.of(this.parameters, method, service, client, this.description);
		this.result = ServiceResult.of(ServiceTypes.returned(method, service), service, this::fail);
		if (this.result.objectType() != null) {
			try {
				client.output().check(this.result.objectType());
			}
			catch (IllegalArgumentException ex) {
				throw new InvalidLlmServiceException(
						this.description + " returns what a model cannot write: " + ex.getMessage(), ex);
			}
		}
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

	private @Nullable PromptTemplate system(Class<?> service, Method method, ResourceLoader resources) {
		SystemPrompt prompt = ServiceAnnotations.find(method, SystemPrompt.class);
		if (prompt == null) {
			prompt = ServiceAnnotations.find(service, SystemPrompt.class);
		}
		return (prompt != null) ? template(prompt.value(), resources) : null;
	}

	private PromptTemplate template(String value, ResourceLoader resources) {
		if (!value.startsWith(ResourceLoader.CLASSPATH_URL_PREFIX)) {
			if (value.isBlank()) {
				fail("has a prompt without a text");
			}
			return PromptTemplate.parse(value);
		}
		Resource resource = resources.getResource(value);
		try {
			return PromptTemplate.parse(resource.getContentAsString(StandardCharsets.UTF_8).strip());
		}
		catch (IOException ex) {
			throw new InvalidLlmServiceException(this.description + " takes its prompt from " + value
					+ ", which cannot be read; look whether there is such a file on the class path", ex);
		}
	}

	private void parameters(Class<?> service, Method method) {
		Parameter[] all = method.getParameters();
		Class<?>[] resolved = new Class<?>[all.length];
		for (int i = 0; i < all.length; i++) {
			ResolvableType type = ServiceTypes.parameter(method, i, service);
			resolved[i] = type.toClass();
			this.parameters.add(ServiceParameter.of(all[i], i, type));
		}
		// a text that is all there is is what the user says
		if (this.user == null && has(ServiceParameter.Role.USER_PROMPT) == 0
				&& has(ServiceParameter.Role.VARIABLE) == 1) {
			this.parameters.replaceAll((parameter) -> (parameter.role() == ServiceParameter.Role.VARIABLE
					&& CharSequence.class.isAssignableFrom(resolved[parameter.index()])
					&& !isVariable(parameter.name()))
							? new ServiceParameter(ServiceParameter.Role.USER_PROMPT, parameter.index(),
									parameter.name())
							: parameter);
		}
		boolean named = true;
		for (ServiceParameter parameter : this.parameters) {
			if (parameter.role() == ServiceParameter.Role.VARIABLE) {
				named &= all[parameter.index()].isNamePresent()
						|| all[parameter.index()].isAnnotationPresent(Variable.class);
				this.variables.put(parameter.name(), parameter.index());
			}
		}
		if (!named) {
			fail("has parameters whose names are not known; compile with -parameters, or annotate them with @Variable");
		}
	}

	private long has(ServiceParameter.Role role) {
		return this.parameters.stream().filter((parameter) -> parameter.role() == role).count();
	}

	private boolean isVariable(String name) {
		return this.system != null && this.system.variables().contains(name);
	}

	private void check() {
		if (has(ServiceParameter.Role.USER_PROMPT) > 1
				|| (has(ServiceParameter.Role.USER_PROMPT) == 1 && this.user != null)) {
			fail("has more than one @UserPrompt");
		}
		if (this.user == null && has(ServiceParameter.Role.USER_PROMPT) == 0 && has(ServiceParameter.Role.MESSAGES) == 0
				&& has(ServiceParameter.Role.PARTS) == 0) {
			fail("has nothing that the user says; annotate it, or one of its parameters, with @UserPrompt");
		}
		Set<String> needed = new HashSet<>();
		for (PromptTemplate template : new PromptTemplate[] { this.system, this.user }) {
			if (template != null) {
				needed.addAll(template.variables());
			}
		}
		for (String name : needed) {
			if (!this.variables.containsKey(name)) {
				fail("has no parameter for {" + name + "} of its prompt"
						+ ((this.variables.isEmpty()) ? ""
								: "; its parameters are " + String.join(", ", this.variables.keySet()))
						+ ". Text in braces that is no variable is written {{" + name + "}}");
			}
		}
		for (String name : this.variables.keySet()) {
			if (!needed.contains(name)) {
				fail("has a parameter " + name + " that none of its prompts uses; write {" + name
						+ "} where it belongs, or remove it");
			}
		}
	}

	private void fail(String what) {
		throw new InvalidLlmServiceException(this.description + " " + what);
	}

	/**
	 * Ask the model, or return what asks it.
	 */
	Object invoke(@Nullable Object[] arguments) {
		PromptSpec prompt = this.client.prompt();
		if (!this.model.isEmpty()) {
			prompt.model(this.model);
		}
		if (this.system != null) {
			prompt.system(render(this.system, arguments));
		}
		for (Object argument : arguments(ServiceParameter.Role.MESSAGES, arguments)) {
			prompt.messages(ServiceParameter.several(argument, Message.class));
		}
		user(prompt, arguments);
		if (this.tools.length > 0) {
			prompt.tools(this.tools);
		}
		for (ServiceParameter parameter : this.parameters) {
			apply(parameter, arguments[parameter.index()], prompt);
		}
		if (this.conversation != null) {
			this.conversation.apply(arguments, prompt);
		}
		return this.result.from().apply(prompt);
	}

	private void user(PromptSpec prompt, @Nullable Object[] arguments) {
		List<Part> parts = new ArrayList<>();
		if (this.user != null) {
			parts.add(new Part.Text(render(this.user, arguments)));
		}
		for (Object argument : arguments(ServiceParameter.Role.USER_PROMPT, arguments)) {
			parts.add(new Part.Text(ServiceParameter.text(argument)));
		}
		for (Object argument : arguments(ServiceParameter.Role.PARTS, arguments)) {
			parts.addAll(ServiceParameter.several(argument, Part.class));
		}
		if (!parts.isEmpty()) {
			prompt.user(parts.toArray(new Part[0]));
		}
	}

	private List<Object> arguments(ServiceParameter.Role role, @Nullable Object[] arguments) {
		List<Object> found = new ArrayList<>();
		for (ServiceParameter parameter : this.parameters) {
			Object argument = arguments[parameter.index()];
			if (parameter.role() == role && argument != null) {
				found.add(argument);
			}
		}
		return found;
	}

	private String render(PromptTemplate template, @Nullable Object[] arguments) {
		return template.render((name) -> {
			Integer index = this.variables.get(name);
			return (index != null) ? ServiceParameter.text(arguments[index]) : "";
		});
	}

	@SuppressWarnings("unchecked")
	private static void apply(ServiceParameter parameter, @Nullable Object argument, PromptSpec prompt) {
		if (argument == null) {
			return;
		}
		switch (parameter.role()) {
			case TAG -> prompt.tag(parameter.name(), ServiceParameter.text(argument));
			case OPTIONS -> prompt.options((Consumer<StreamRequest.Builder>) argument);
			case OUTPUT_OPTIONS -> prompt.output((OutputOptions) argument);
			default -> {
				// part of the messages
			}
		}
	}

}
