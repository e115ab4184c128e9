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

package io.llmstream.provider;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.llmstream.ErrorKind;
import io.llmstream.Message;
import io.llmstream.Part;
import io.llmstream.StreamFailure;
import io.llmstream.StreamRequest;
import io.llmstream.ToolChoice;
import io.llmstream.ToolDefinition;
import io.llmstream.UnsupportedOptionException;
import org.jspecify.annotations.Nullable;

/**
 * What a kind of server can do. Used to reject at once what it cannot, and to write the
 * table of providers.
 *
 * @param set the capabilities
 * @param prefillModels patterns of the names, in lower case, of the models that go on
 * with a last message of the assistant and answer with the rest alone; a pattern may
 * match a part of the name
 */
public record Capabilities(Set<Capability> set, List<Pattern> prefillModels) {

	/**
	 * Create capabilities.
	 */
	public Capabilities {
		set = Collections.unmodifiableSet((set.isEmpty()) ? EnumSet.noneOf(Capability.class) : EnumSet.copyOf(set));
		prefillModels = List.copyOf(prefillModels);
	}

	/**
	 * Create capabilities of a server none of whose models goes on with a last message of
	 * the assistant.
	 * @param set the capabilities
	 */
	public Capabilities(Set<Capability> set) {
		this(set, List.of());
	}

	/**
	 * Everything.
	 * @return the capabilities
	 */
	public static Capabilities all() {
		return new Capabilities(EnumSet.allOf(Capability.class));
	}

	/**
	 * These, without some.
	 * @param without what the server cannot do
	 * @return changed capabilities
	 */
	public Capabilities without(Capability... without) {
		Set<Capability> rest = EnumSet.noneOf(Capability.class);
		rest.addAll(this.set);
		rest.removeAll(List.of(without));
		return new Capabilities(rest, this.prefillModels);
	}

	/**
	 * These, with models that go on with a last message of the assistant.
	 * @param models patterns of their names, in lower case
	 * @return changed capabilities
	 */
	public Capabilities withPrefill(String... models) {
		return new Capabilities(this.set, Stream.of(models).map(Pattern::compile).toList());
	}

	/**
	 * Whether a model goes on with a last message of the assistant instead of beginning a
	 * new one, and answers with the rest alone. Said only of those that are known to.
	 * @param model the model's name
	 * @return whether it does
	 */
	public boolean prefills(String model) {
		String name = model.toLowerCase(Locale.ROOT);
		return this.prefillModels.stream().anyMatch((pattern) -> pattern.matcher(name).find());
	}

	/**
	 * Whether the server can do something.
	 * @param capability what to ask for
	 * @return whether it can
	 */
	public boolean has(Capability capability) {
		return this.set.contains(capability);
	}

	/**
	 * Reject what a request asks for and the server cannot do.
	 * @param request the request
	 * @param provider the provider's name in the configuration
	 * @throws UnsupportedOptionException that names the provider and the option
	 */
	public void check(StreamRequest request, String provider) {
		Check check = new Check(request, provider);
		check.option(request.temperature(), Capability.TEMPERATURE, "temperature");
		check.option(request.topP(), Capability.TOP_P, "topP");
		check.option(request.maxOutputTokens(), Capability.MAX_OUTPUT_TOKENS, "maxOutputTokens");
		check.option(request.seed(), Capability.SEED, "seed");
		check.option((request.stop().isEmpty()) ? null : "", Capability.STOP, "stop");
		check.option((request.tools().isEmpty()) ? null : "", Capability.TOOLS, "tools");
		check.option((request.tools().stream().anyMatch(ToolDefinition::strict)) ? "" : null, Capability.STRICT_TOOLS,
				"strict tools");
		check.option((ToolChoice.AUTO.equals(request.toolChoice())) ? null : request.toolChoice(),
				Capability.TOOL_CHOICE, "toolChoice");
		check.option(request.parallelToolCalls(), Capability.PARALLEL_TOOL_CALLS, "parallelToolCalls");
		if (request.reasoning() != null) {
			check.option(request.reasoning().effort(), Capability.REASONING_EFFORT, "reasoning.effort");
			check.option(request.reasoning().budgetTokens(), Capability.REASONING_BUDGET, "reasoning.budgetTokens");
			check.option((Boolean.TRUE.equals(request.reasoning().show())) ? "" : null, Capability.REASONING_OUTPUT,
					"reasoning.show");
		}
		if (request.responseFormat() != null) {
			boolean schema = request.responseFormat().schema() != null;
			check.option("", (schema) ? Capability.JSON_SCHEMA : Capability.JSON_OBJECT,
					(schema) ? "responseFormat with a schema" : "responseFormat JSON object");
		}
		for (Message message : request.messages()) {
			for (Part part : message.parts()) {
				check.place(part, message.role());
				if (part instanceof Part.Image image) {
					check.option("", (image.url() != null) ? Capability.IMAGE_URL : Capability.IMAGE_DATA,
							(image.url() != null) ? "images by url" : "images");
				}
			}
		}
	}

	/**
	 * The exception for an option that a provider cannot do.
	 * @param request the request
	 * @param provider the provider's name in the configuration
	 * @param option the option
	 * @return the exception
	 */
	public static UnsupportedOptionException unsupported(StreamRequest request, String provider, String option) {
		return (UnsupportedOptionException) StreamFailure
			.of(ErrorKind.UNSUPPORTED_OPTION, provider, "does not support " + option + "; leave it out of the request")
			.model(request.model())
			.toException();
	}

	private final class Check {

		private final StreamRequest request;

		private final String provider;

		Check(StreamRequest request, String provider) {
			this.request = request;
			this.provider = provider;
		}

		// no provider takes these, and some dialects would have to leave them out
		void place(Part part, Message.Role role) {
			String where = " in " + role.name().toLowerCase(Locale.ROOT) + " messages";
			if (part instanceof Part.ToolCall && role != Message.Role.ASSISTANT) {
				throw unsupported(this.request, this.provider, "tool calls" + where);
			}
			if (part instanceof Part.ToolResult && (role == Message.Role.SYSTEM || role == Message.Role.ASSISTANT)) {
				throw unsupported(this.request, this.provider, "tool results" + where);
			}
		}

		void option(@Nullable Object value, Capability capability, String option) {
			if (value != null && !has(capability)) {
				throw unsupported(this.request, this.provider, option);
			}
		}

	}

}
