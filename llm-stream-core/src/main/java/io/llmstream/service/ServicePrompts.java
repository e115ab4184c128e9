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

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * What a method says to a model, and what its parameters are for in that.
 *
 * @param system the system message
 * @param user what the user says, unless parameters say it
 * @param parameters the parameters
 * @param variables the names of those that stand in a prompt, and which parameters they
 * are
 */
record ServicePrompts(@Nullable PromptTemplate system, @Nullable PromptTemplate user, List<ServiceParameter> parameters,
		Map<String, Integer> variables) {

	/**
	 * Put prompts and parameters together.
	 * @param fail receives what is wrong with them, and throws
	 */
	static ServicePrompts of(@Nullable PromptTemplate system, @Nullable PromptTemplate user,
			List<ServiceParameter> parameters, Consumer<String> fail) {
		List<ServiceParameter> all = parameters;
		// a text that is all there is is what the user says
		if (user == null && has(ServiceParameter.Role.USER_PROMPT, all) == 0
				&& has(ServiceParameter.Role.VARIABLE, all) == 1) {
			all = new ArrayList<>(parameters.size());
			for (ServiceParameter parameter : parameters) {
				boolean said = parameter.role() == ServiceParameter.Role.VARIABLE && parameter.isText()
						&& (system == null || !system.variables().contains(parameter.name()));
				all.add((said) ? parameter.as(ServiceParameter.Role.USER_PROMPT) : parameter);
			}
		}
		Map<String, Integer> variables = new LinkedHashMap<>();
		boolean named = true;
		for (ServiceParameter parameter : all) {
			if (parameter.role() == ServiceParameter.Role.VARIABLE) {
				named &= parameter.isNamed();
				variables.put(parameter.name(), parameter.index());
			}
		}
		if (!named) {
			fail.accept(
					"has parameters whose names are not known; compile with -parameters, or annotate them with @Variable");
		}
		ServicePrompts prompts = new ServicePrompts(system, user, Collections.unmodifiableList(all),
				Collections.unmodifiableMap(variables));
		prompts.check(fail);
		return prompts;
	}

	private static int has(ServiceParameter.Role role, List<ServiceParameter> parameters) {
		int count = 0;
		for (ServiceParameter parameter : parameters) {
			count += (parameter.role() == role) ? 1 : 0;
		}
		return count;
	}

	private void check(Consumer<String> fail) {
		int users = has(ServiceParameter.Role.USER_PROMPT, this.parameters);
		if (users > 1 || (users == 1 && this.user != null)) {
			fail.accept("has more than one @UserPrompt");
		}
		if (this.user == null && users == 0 && has(ServiceParameter.Role.MESSAGES, this.parameters) == 0
				&& has(ServiceParameter.Role.PARTS, this.parameters) == 0) {
			fail.accept("has nothing that the user says; annotate it, or one of its parameters, with @UserPrompt");
		}
		Set<String> needed = new HashSet<>();
		for (PromptTemplate template : new PromptTemplate[] { this.system, this.user }) {
			if (template != null) {
				needed.addAll(template.variables());
			}
		}
		for (String name : needed) {
			if (!this.variables.containsKey(name)) {
				fail.accept("has no parameter for {" + name + "} of its prompt"
						+ ((this.variables.isEmpty()) ? ""
								: "; its parameters are " + String.join(", ", this.variables.keySet()))
						+ ". Text in braces that is no variable is written {{" + name + "}}");
			}
		}
		for (String name : this.variables.keySet()) {
			if (!needed.contains(name)) {
				fail.accept("has a parameter " + name + " that none of its prompts uses; write {" + name
						+ "} where it belongs, or remove it");
			}
		}
	}

}
