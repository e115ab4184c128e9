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

package io.llmstream;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * A request to a model, in words that are the same for every provider. Immutable. What is
 * not set is left to the provider; what a provider cannot do is rejected with an
 * {@link UnsupportedOptionException} before anything is sent.
 */
public final class StreamRequest {

	private final List<Message> messages;

	private final List<String> stop;

	private final List<ToolDefinition> tools;

	private final List<ToolCallback> toolCallbacks;

	private final ToolOptions toolOptions;

	private final Map<String, Object> extra;

	private final Map<String, String> headers;

	private final Map<String, String> tags;

	private final @Nullable String model;

	private final @Nullable Double temperature;

	private final @Nullable Double topP;

	private final @Nullable Integer maxOutputTokens;

	private final @Nullable Long seed;

	private final @Nullable ReasoningOptions reasoning;

	private final @Nullable ToolChoice toolChoice;

	private final @Nullable Boolean parallelToolCalls;

	private final @Nullable ResponseFormat responseFormat;

	private StreamRequest(Builder builder) {
		this.messages = List.copyOf(builder.messages);
		this.stop = List.copyOf(builder.stop);
		this.tools = RequestTools.definitions(builder.tools, builder.toolCallbacks);
		this.toolCallbacks = List.copyOf(builder.toolCallbacks);
		this.toolOptions = builder.toolOptions;
		this.extra = RequestMembers.copy(builder.extra);
		this.headers = RequestMembers.copy(builder.headers);
		this.tags = RequestMembers.copy(builder.tags);
		this.model = builder.model;
		this.temperature = builder.temperature;
		this.topP = builder.topP;
		this.maxOutputTokens = builder.maxOutputTokens;
		this.seed = builder.seed;
		this.reasoning = builder.reasoning;
		this.toolChoice = builder.toolChoice;
		this.parallelToolCalls = builder.parallelToolCalls;
		this.responseFormat = builder.responseFormat;
	}

	/**
	 * Begin a request.
	 * @return a builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * A request with one user message.
	 * @param prompt what the user says
	 * @return the request
	 */
	public static StreamRequest of(String prompt) {
		return builder().user(prompt).build();
	}

	/**
	 * Begin a changed copy.
	 * @return a builder that holds the values of this request
	 */
	public Builder mutate() {
		Builder builder = new Builder();
		builder.messages.addAll(this.messages);
		builder.stop.addAll(this.stop);
		builder.tools.addAll(this.tools.subList(0, this.tools.size() - this.toolCallbacks.size()));
		builder.toolCallbacks.addAll(this.toolCallbacks);
		builder.toolOptions = this.toolOptions;
		builder.extra.putAll(this.extra);
		builder.headers.putAll(this.headers);
		builder.tags.putAll(this.tags);
		builder.model = this.model;
		builder.temperature = this.temperature;
		builder.topP = this.topP;
		builder.maxOutputTokens = this.maxOutputTokens;
		builder.seed = this.seed;
		builder.reasoning = this.reasoning;
		builder.toolChoice = this.toolChoice;
		builder.parallelToolCalls = this.parallelToolCalls;
		builder.responseFormat = this.responseFormat;
		return builder;
	}

	/**
	 * The conversation so far.
	 * @return the messages, in order
	 */
	public List<Message> messages() {
		return this.messages;
	}

	/**
	 * Sequences that end the answer; they are not part of it.
	 * @return the sequences, may be empty
	 */
	public List<String> stop() {
		return this.stop;
	}

	/**
	 * Tools that the model may call, those of {@link #toolCallbacks()} included.
	 * @return the tools, may be empty
	 */
	public List<ToolDefinition> tools() {
		return this.tools;
	}

	/**
	 * Tools that are run when the model calls them. Calls of other tools are left to who
	 * reads the stream.
	 * @return the tools, may be empty
	 */
	public List<ToolCallback> toolCallbacks() {
		return this.toolCallbacks;
	}

	/**
	 * The same request for a model that runs no tools: those of {@link #toolCallbacks()}
	 * are definitions alone, and their calls are left to who reads the stream.
	 * @return the request
	 */
	public StreamRequest withoutToolCallbacks() {
		if (this.toolCallbacks.isEmpty()) {
			return this;
		}
		Builder builder = mutate();
		builder.toolCallbacks.clear();
		builder.tools.clear();
		builder.tools.addAll(this.tools);
		return builder.build();
	}

	/**
	 * How tools are run.
	 * @return the options
	 */
	public ToolOptions toolOptions() {
		return this.toolOptions;
	}

	/**
	 * Members that are merged into the provider's request body last, objects member by
	 * member, so that anything a provider offers can be asked for.
	 * @return the members: strings, numbers, booleans, {@code null}, lists and maps of
	 * them
	 */
	public Map<String, Object> extra() {
		return this.extra;
	}

	/**
	 * HTTP headers for this request only.
	 * @return the headers, may be empty
	 */
	public Map<String, String> headers() {
		return this.headers;
	}

	/**
	 * Tags for the application's own accounts, such as a user or a tenant. Never sent to
	 * a provider.
	 * @return the tags, may be empty
	 */
	public Map<String, String> tags() {
		return this.tags;
	}

	/**
	 * The model to ask; {@code null} for the provider's default model.
	 * @return the value, or {@code null} if it is not set
	 */
	public @Nullable String model() {
		return this.model;
	}

	/**
	 * Sampling temperature, 0 or more; providers allow up to 1 or 2.
	 * @return the value, or {@code null} if it is not set
	 */
	public @Nullable Double temperature() {
		return this.temperature;
	}

	/**
	 * Nucleus sampling: the probability mass to sample from, 0 to 1.
	 * @return the value, or {@code null} if it is not set
	 */
	public @Nullable Double topP() {
		return this.topP;
	}

	/**
	 * How many tokens the answer may have, reasoning included, 1 or more.
	 * @return the value, or {@code null} if it is not set
	 */
	public @Nullable Integer maxOutputTokens() {
		return this.maxOutputTokens;
	}

	/**
	 * Makes sampling repeatable where the provider can.
	 * @return the value, or {@code null} if it is not set
	 */
	public @Nullable Long seed() {
		return this.seed;
	}

	/**
	 * How much to reason.
	 * @return the value, or {@code null} if it is not set
	 */
	public @Nullable ReasoningOptions reasoning() {
		return this.reasoning;
	}

	/**
	 * Whether tools may, must or must not be called.
	 * @return the value, or {@code null} if it is not set
	 */
	public @Nullable ToolChoice toolChoice() {
		return this.toolChoice;
	}

	/**
	 * Whether several tools may be called at once.
	 * @return the value, or {@code null} if it is not set
	 */
	public @Nullable Boolean parallelToolCalls() {
		return this.parallelToolCalls;
	}

	/**
	 * The form that the answer must have; {@code null} for text.
	 * @return the value, or {@code null} if it is not set
	 */
	public @Nullable ResponseFormat responseFormat() {
		return this.responseFormat;
	}

	@Override
	public String toString() {
		return "StreamRequest[model=" + this.model + ", messages=" + this.messages.size() + ", tools="
				+ this.tools.size() + "]";
	}

	/**
	 * Builds a {@link StreamRequest}. Not safe for use by several threads.
	 */
	public static final class Builder {

		private final List<Message> messages = new ArrayList<>();

		private final List<String> stop = new ArrayList<>();

		private final List<ToolDefinition> tools = new ArrayList<>();

		private final List<ToolCallback> toolCallbacks = new ArrayList<>();

		private ToolOptions toolOptions = ToolOptions.DEFAULTS;

		private final Map<String, Object> extra = new LinkedHashMap<>();

		private final Map<String, String> headers = new LinkedHashMap<>();

		private final Map<String, String> tags = new LinkedHashMap<>();

		private @Nullable String model;

		private @Nullable Double temperature;

		private @Nullable Double topP;

		private @Nullable Integer maxOutputTokens;

		private @Nullable Long seed;

		private @Nullable ReasoningOptions reasoning;

		private @Nullable ToolChoice toolChoice;

		private @Nullable Boolean parallelToolCalls;

		private @Nullable ResponseFormat responseFormat;

		private Builder() {
		}

		/**
		 * Add a system message.
		 * @param text what it says
		 * @return this builder
		 */
		public Builder system(String text) {
			return message(Message.system(text));
		}

		/**
		 * Add a user's message.
		 * @param text what it says
		 * @return this builder
		 */
		public Builder user(String text) {
			return message(Message.user(text));
		}

		/**
		 * Add a user's message of several parts, such as text and images.
		 * @param parts what it says
		 * @return this builder
		 */
		public Builder user(Part... parts) {
			return message(Message.user(parts));
		}

		/**
		 * Add a message of the model.
		 * @param text what it said
		 * @return this builder
		 */
		public Builder assistant(String text) {
			return message(Message.assistant(text));
		}

		/**
		 * Add a message.
		 * @param message the message
		 * @return this builder
		 */
		public Builder message(Message message) {
			this.messages.add(message);
			return this;
		}

		/**
		 * Add messages.
		 * @param messages the messages
		 * @return this builder
		 */
		public Builder messages(List<Message> messages) {
			this.messages.addAll(messages);
			return this;
		}

		/**
		 * Change the messages added so far.
		 * @param change receives the list, which it may change
		 * @return this builder
		 */
		public Builder changeMessages(Consumer<List<Message>> change) {
			change.accept(this.messages);
			return this;
		}

		/**
		 * Add sequences that end the answer.
		 * @param sequences the sequences
		 * @return this builder
		 */
		public Builder stop(String... sequences) {
			this.stop.addAll(List.of(sequences));
			return this;
		}

		/**
		 * Add tools that the model may call. The calls are left to who reads the stream.
		 * @param tools the tools
		 * @return this builder
		 */
		public Builder tools(ToolDefinition... tools) {
			this.tools.addAll(List.of(tools));
			return this;
		}

		/**
		 * Add tools that are run when the model calls them.
		 * @param tools the tools
		 * @return this builder
		 */
		public Builder toolCallbacks(List<? extends ToolCallback> tools) {
			this.toolCallbacks.addAll(tools);
			return this;
		}

		/**
		 * Set how tools are run.
		 * @param toolOptions the options; they take the place of those set before
		 * @return this builder
		 */
		public Builder toolOptions(ToolOptions toolOptions) {
			this.toolOptions = toolOptions;
			return this;
		}

		/**
		 * Add a member to be merged into the provider's request body last.
		 * @param name the member's name
		 * @param value a string, number, boolean, list or map of them
		 * @return this builder
		 */
		public Builder extra(String name, Object value) {
			this.extra.put(name, value);
			return this;
		}

		/**
		 * Add members to be merged into the provider's request body last.
		 * @param members the members
		 * @return this builder
		 */
		public Builder extra(Map<String, ?> members) {
			this.extra.putAll(members);
			return this;
		}

		/**
		 * Add an HTTP header for this request only.
		 * @param name the header's name
		 * @param value its value
		 * @return this builder
		 */
		public Builder header(String name, String value) {
			this.headers.put(name, value);
			return this;
		}

		/**
		 * Add a tag for the application's own accounts.
		 * @param name the tag's name
		 * @param value its value
		 * @return this builder
		 */
		public Builder tag(String name, String value) {
			this.tags.put(name, value);
			return this;
		}

		/**
		 * Set the model to ask; {@code null} for the provider's default model.
		 * @param model the value, or {@code null} to leave it to the provider
		 * @return this builder
		 */
		public Builder model(@Nullable String model) {
			this.model = model;
			return this;
		}

		/**
		 * Set sampling temperature, 0 or more; providers allow up to 1 or 2.
		 * @param temperature the value, or {@code null} to leave it to the provider
		 * @return this builder
		 */
		public Builder temperature(@Nullable Double temperature) {
			this.temperature = temperature;
			return this;
		}

		/**
		 * Set nucleus sampling: the probability mass to sample from, 0 to 1.
		 * @param topP the value, or {@code null} to leave it to the provider
		 * @return this builder
		 */
		public Builder topP(@Nullable Double topP) {
			this.topP = topP;
			return this;
		}

		/**
		 * Set how many tokens the answer may have, reasoning included, 1 or more.
		 * @param maxOutputTokens the value, or {@code null} to leave it to the provider
		 * @return this builder
		 */
		public Builder maxOutputTokens(@Nullable Integer maxOutputTokens) {
			this.maxOutputTokens = maxOutputTokens;
			return this;
		}

		/**
		 * Set the seed, which makes sampling repeatable where the provider can.
		 * @param seed the value, or {@code null} to leave it to the provider
		 * @return this builder
		 */
		public Builder seed(@Nullable Long seed) {
			this.seed = seed;
			return this;
		}

		/**
		 * Set how much to reason.
		 * @param reasoning the value, or {@code null} to leave it to the provider
		 * @return this builder
		 */
		public Builder reasoning(@Nullable ReasoningOptions reasoning) {
			this.reasoning = reasoning;
			return this;
		}

		/**
		 * Set whether tools may, must or must not be called.
		 * @param toolChoice the value, or {@code null} to leave it to the provider
		 * @return this builder
		 */
		public Builder toolChoice(@Nullable ToolChoice toolChoice) {
			this.toolChoice = toolChoice;
			return this;
		}

		/**
		 * Set whether several tools may be called at once.
		 * @param parallelToolCalls the value, or {@code null} to leave it to the provider
		 * @return this builder
		 */
		public Builder parallelToolCalls(@Nullable Boolean parallelToolCalls) {
			this.parallelToolCalls = parallelToolCalls;
			return this;
		}

		/**
		 * Set the form that the answer must have; {@code null} for text.
		 * @param responseFormat the value, or {@code null} to leave it to the provider
		 * @return this builder
		 */
		public Builder responseFormat(@Nullable ResponseFormat responseFormat) {
			this.responseFormat = responseFormat;
			return this;
		}

		/**
		 * Build the request.
		 * @return the request
		 * @throws IllegalArgumentException if a value is out of its range; the message
		 * names it
		 */
		public StreamRequest build() {
			check(this.temperature == null || (this.temperature >= 0 && Double.isFinite(this.temperature)),
					"temperature must be 0 or more", this.temperature);
			check(this.topP == null || (this.topP >= 0 && this.topP <= 1), "topP must be from 0 to 1", this.topP);
			check(this.maxOutputTokens == null || this.maxOutputTokens >= 1, "maxOutputTokens must be 1 or more",
					this.maxOutputTokens);
			return new StreamRequest(this);
		}

		private static void check(boolean condition, String message, @Nullable Object value) {
			if (!condition) {
				throw new IllegalArgumentException(message + ", but is " + value);
			}
		}

	}

}
