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

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

import io.llmstream.LlmStreamClient;
import io.llmstream.LlmStreamClient.PromptSpec;
import io.llmstream.Message;
import io.llmstream.OutputOptions;
import io.llmstream.Part;
import io.llmstream.StreamRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.ResourceLoader;

/**
 * A method of a service that asks a client.
 */
final class ServiceMethod {

	private final ServiceSignature signature;

	private final ServicePrompts prompts;

	private final LlmStreamClient client;

	private final Object[] tools;

	/**
	 * Bind a method to what it works with.
	 * @throws InvalidLlmServiceException if it cannot work with that
	 */
	ServiceMethod(ServiceSignature signature, LlmStreamClient client, ResourceLoader resources, Object[] tools) {
		this.signature = signature;
		this.prompts = signature.prompts(resources);
		this.client = client;
		this.tools = tools;
		if (signature.conversation() != null) {
			signature.conversation().check(client);
		}
		Type written = signature.result().objectType();
		if (written != null) {
			try {
				client.output().check(written);
			}
			catch (IllegalArgumentException ex) {
				throw new InvalidLlmServiceException(
						signature.description() + " returns what a model cannot write: " + ex.getMessage(), ex);
			}
		}
	}

	/**
	 * What the class of the service says when the method is called.
	 */
	String key() {
		return this.signature.key();
	}

	/**
	 * Ask the model, or return what asks it.
	 */
	Object invoke(@Nullable Object[] arguments) {
		PromptSpec prompt = this.client.prompt();
		if (!this.signature.model().isEmpty()) {
			prompt.model(this.signature.model());
		}
		if (this.prompts.system() != null) {
			prompt.system(render(this.prompts.system(), arguments));
		}
		List<Message> messages = new ArrayList<>();
		for (Object argument : arguments(ServiceParameter.Role.MESSAGES, arguments)) {
			messages.addAll(ServiceParameter.several(argument, Message.class));
		}
		prompt.messages(messages);
		user(prompt, arguments, messages.isEmpty());
		if (this.tools.length > 0) {
			prompt.tools(this.tools);
		}
		for (ServiceParameter parameter : this.prompts.parameters()) {
			apply(parameter, arguments[parameter.index()], prompt);
		}
		if (this.signature.conversation() != null) {
			this.signature.conversation().apply(arguments, prompt);
		}
		return this.signature.result().from().apply(prompt);
	}

	private void user(PromptSpec prompt, @Nullable Object[] arguments, boolean alone) {
		List<Part> parts = new ArrayList<>();
		if (this.prompts.user() != null) {
			parts.add(new Part.Text(render(this.prompts.user(), arguments)));
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
		else if (alone) {
			throw new IllegalArgumentException(
					this.signature.description() + " was called without anything that the user says");
		}
	}

	private List<Object> arguments(ServiceParameter.Role role, @Nullable Object[] arguments) {
		List<Object> found = new ArrayList<>();
		for (ServiceParameter parameter : this.prompts.parameters()) {
			Object argument = arguments[parameter.index()];
			if (parameter.role() == role && argument != null && !Optional.empty().equals(argument)) {
				found.add(argument);
			}
		}
		return found;
	}

	private String render(PromptTemplate template, @Nullable Object[] arguments) {
		return template.render((name) -> {
			Integer index = this.prompts.variables().get(name);
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
