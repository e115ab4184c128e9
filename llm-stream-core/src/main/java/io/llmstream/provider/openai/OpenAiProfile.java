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

package io.llmstream.provider.openai;

import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

import io.llmstream.ReasoningOptions;
import io.llmstream.provider.Capabilities;
import io.llmstream.provider.Capability;
import org.jspecify.annotations.Nullable;

/**
 * What sets one server that speaks the Chat Completions dialect apart from others.
 * Immutable data; a server that the library does not know needs a profile, not a dialect:
 *
 * <pre class="code">
 * OpenAiProfile profile = OpenAiProfile.builder("acme", "Acme AI")
 *     .defaultBaseUrl("https://api.acme.example/v1")
 *     .build();
 * </pre>
 *
 * Without further settings a profile describes a careful guess at an unknown server:
 * {@code max_tokens}, a bearer token, usage asked for, and every capability but a budget
 * of reasoning tokens and cache hints.
 */
public final class OpenAiProfile {

	private final String type;

	private final String displayName;

	private final @Nullable String defaultBaseUrl;

	private final boolean requiresApiKey;

	private final String authHeader;

	private final String authPrefix;

	private final String path;

	private final Map<String, String> headers;

	private final Capabilities capabilities;

	private final String systemRole;

	private final String maxTokensMember;

	private final String seedMember;

	private final String requiredToolChoice;

	private final boolean toolResultNames;

	private final boolean shortToolCallIds;

	private final Map<String, Object> streamOptions;

	private final Map<String, Object> prefillMembers;

	private final ReasoningStyle reasoningStyle;

	private final Map<ReasoningOptions.Effort, String> efforts;

	private final Set<String> replayMembers;

	private final OutputCount outputCount;

	private OpenAiProfile(Builder builder) {
		this.type = builder.type;
		this.displayName = builder.displayName;
		this.defaultBaseUrl = builder.defaultBaseUrl;
		this.requiresApiKey = builder.requiresApiKey;
		this.authHeader = builder.authHeader;
		this.authPrefix = builder.authPrefix;
		this.path = builder.path;
		this.headers = Map.copyOf(builder.headers);
		this.capabilities = builder.capabilities;
		this.systemRole = builder.systemRole;
		this.maxTokensMember = builder.maxTokensMember;
		this.seedMember = builder.seedMember;
		this.requiredToolChoice = builder.requiredToolChoice;
		this.toolResultNames = builder.toolResultNames;
		this.shortToolCallIds = builder.shortToolCallIds;
		this.streamOptions = Collections.unmodifiableMap(new LinkedHashMap<>(builder.streamOptions));
		this.prefillMembers = Collections.unmodifiableMap(new LinkedHashMap<>(builder.prefillMembers));
		this.reasoningStyle = builder.reasoningStyle;
		this.efforts = Collections.unmodifiableMap(new EnumMap<>(builder.efforts));
		this.replayMembers = Collections.unmodifiableSet(new LinkedHashSet<>(builder.replayMembers));
		this.outputCount = builder.outputCount;
	}

	/**
	 * Begin a profile.
	 * @param type the name by which the configuration refers to the server
	 * @param displayName the server, for people to read
	 * @return a builder
	 */
	public static Builder builder(String type, String displayName) {
		return new Builder(type, displayName);
	}

	/**
	 * The name by which the configuration refers to the server.
	 * @return lower case, words joined by hyphens
	 */
	public String type() {
		return this.type;
	}

	/**
	 * The server, for people to read.
	 * @return the name
	 */
	public String displayName() {
		return this.displayName;
	}

	/**
	 * The address that is used where none is configured, with its version.
	 * @return the address, or {@code null} if one must be configured
	 */
	public @Nullable String defaultBaseUrl() {
		return this.defaultBaseUrl;
	}

	/**
	 * Whether the server cannot be used without an API key.
	 * @return whether a key is needed
	 */
	public boolean requiresApiKey() {
		return this.requiresApiKey;
	}

	/**
	 * The header that carries the API key.
	 * @return the name of the header
	 */
	public String authHeader() {
		return this.authHeader;
	}

	/**
	 * What stands before the API key in its header.
	 * @return the prefix, may be empty
	 */
	public String authPrefix() {
		return this.authPrefix;
	}

	/**
	 * What is appended to the base address.
	 * @return the path, begins with a slash
	 */
	public String path() {
		return this.path;
	}

	/**
	 * Headers that every request carries.
	 * @return the headers, may be empty
	 */
	public Map<String, String> headers() {
		return this.headers;
	}

	/**
	 * What the server can do.
	 * @return the capabilities
	 */
	public Capabilities capabilities() {
		return this.capabilities;
	}

	/**
	 * The role of system messages.
	 * @return {@code system}, or {@code developer}
	 */
	public String systemRole() {
		return this.systemRole;
	}

	/**
	 * The member that limits the output.
	 * @return {@code max_tokens}, or {@code max_completion_tokens}
	 */
	public String maxTokensMember() {
		return this.maxTokensMember;
	}

	/**
	 * The member for the seed.
	 * @return {@code seed}, or the server's own word
	 */
	public String seedMember() {
		return this.seedMember;
	}

	/**
	 * The word for "some tool must be called".
	 * @return {@code required}, or the server's own word
	 */
	public String requiredToolChoice() {
		return this.requiredToolChoice;
	}

	/**
	 * Whether the result of a tool must repeat the tool's name.
	 * @return whether names are written
	 */
	public boolean toolResultNames() {
		return this.toolResultNames;
	}

	/**
	 * Whether ids of tool calls must have exactly nine letters and digits. Ids that other
	 * providers gave are then replaced, each always by the same one.
	 * @return whether ids are made short
	 */
	public boolean shortToolCallIds() {
		return this.shortToolCallIds;
	}

	/**
	 * The members of {@code stream_options}.
	 * @return the members; empty to leave {@code stream_options} out
	 */
	public Map<String, Object> streamOptions() {
		return this.streamOptions;
	}

	/**
	 * What a request must carry whose last message is the model's own, so that the model
	 * goes on with it.
	 * @return the members, may be empty
	 */
	public Map<String, Object> prefillMembers() {
		return this.prefillMembers;
	}

	/**
	 * How the server wants to be asked to reason.
	 * @return the style
	 */
	public ReasoningStyle reasoningStyle() {
		return this.reasoningStyle;
	}

	/**
	 * The server's words for how hard to think.
	 * @return the words; what has none is rejected
	 */
	public Map<ReasoningOptions.Effort, String> efforts() {
		return this.efforts;
	}

	/**
	 * Members of an answer, with its reasoning, that later requests must carry.
	 * @return names such as {@code reasoning_content}, may be empty
	 */
	public Set<String> replayMembers() {
		return this.replayMembers;
	}

	/**
	 * What the server's {@code completion_tokens} count.
	 * @return the convention
	 */
	public OutputCount outputCount() {
		return this.outputCount;
	}

	@Override
	public String toString() {
		return "OpenAiProfile[" + this.type + "]";
	}

	/**
	 * Builds an {@link OpenAiProfile}. Not safe for use by several threads.
	 */
	public static final class Builder {

		private final String type;

		private final String displayName;

		private final Map<String, String> headers = new LinkedHashMap<>();

		private final Map<String, Object> streamOptions = new LinkedHashMap<>();

		private final Map<String, Object> prefillMembers = new LinkedHashMap<>();

		private final Map<ReasoningOptions.Effort, String> efforts = new EnumMap<>(ReasoningOptions.Effort.class);

		private final Set<String> replayMembers = new LinkedHashSet<>();

		private @Nullable String defaultBaseUrl;

		private boolean requiresApiKey;

		private String authHeader = "Authorization";

		private String authPrefix = "Bearer ";

		private String path = "/chat/completions";

		private Capabilities capabilities = Capabilities.all()
			.without(Capability.REASONING_BUDGET, Capability.CACHE_HINTS);

		private String systemRole = "system";

		private String maxTokensMember = "max_tokens";

		private String seedMember = "seed";

		private String requiredToolChoice = "required";

		private boolean toolResultNames;

		private boolean shortToolCallIds;

		private ReasoningStyle reasoningStyle = ReasoningStyle.EFFORT;

		private OutputCount outputCount = OutputCount.INCLUDES_REASONING;

		private Builder(String type, String displayName) {
			this.type = type;
			this.displayName = displayName;
			this.streamOptions.put("include_usage", true);
			efforts("none", "minimal", "low", "medium", "high", "high");
		}

		/**
		 * Set the address that is used where none is configured.
		 * @param url the address with its version, without a slash at its end
		 * @return this builder
		 */
		public Builder defaultBaseUrl(String url) {
			this.defaultBaseUrl = url;
			return this;
		}

		/**
		 * Say that the server cannot be used without an API key.
		 * @return this builder
		 */
		public Builder requiresApiKey() {
			this.requiresApiKey = true;
			return this;
		}

		/**
		 * Set how the API key is sent; by default as a bearer token.
		 * @param header the name of the header
		 * @param prefix what stands before the key
		 * @return this builder
		 */
		public Builder authentication(String header, String prefix) {
			this.authHeader = header;
			this.authPrefix = prefix;
			return this;
		}

		/**
		 * Set what is appended to the base address; {@code /chat/completions} by default.
		 * @param path the path, begins with a slash
		 * @return this builder
		 */
		public Builder path(String path) {
			this.path = path;
			return this;
		}

		/**
		 * Add a header that every request carries.
		 * @param name the header's name
		 * @param value its value
		 * @return this builder
		 */
		public Builder header(String name, String value) {
			this.headers.put(name, value);
			return this;
		}

		/**
		 * Set what the server can do.
		 * @param capabilities the capabilities
		 * @return this builder
		 */
		public Builder capabilities(Capabilities capabilities) {
			this.capabilities = capabilities;
			return this;
		}

		/**
		 * Take capabilities away.
		 * @param without what the server cannot do
		 * @return this builder
		 */
		public Builder without(Capability... without) {
			this.capabilities = this.capabilities.without(without);
			return this;
		}

		/**
		 * Set the role of system messages.
		 * @param role the role
		 * @return this builder
		 */
		public Builder systemRole(String role) {
			this.systemRole = role;
			return this;
		}

		/**
		 * Set the member that limits the output.
		 * @param member the member's name
		 * @return this builder
		 */
		public Builder maxTokensMember(String member) {
			this.maxTokensMember = member;
			return this;
		}

		/**
		 * Set the member for the seed.
		 * @param member the member's name
		 * @return this builder
		 */
		public Builder seedMember(String member) {
			this.seedMember = member;
			return this;
		}

		/**
		 * Set the word for "some tool must be called".
		 * @param word the word
		 * @return this builder
		 */
		public Builder requiredToolChoice(String word) {
			this.requiredToolChoice = word;
			return this;
		}

		/**
		 * Say that the result of a tool must repeat the tool's name.
		 * @return this builder
		 */
		public Builder toolResultNames() {
			this.toolResultNames = true;
			return this;
		}

		/**
		 * Say that ids of tool calls must have exactly nine letters and digits.
		 * @return this builder
		 */
		public Builder shortToolCallIds() {
			this.shortToolCallIds = true;
			return this;
		}

		/**
		 * Add a member of {@code stream_options}.
		 * @param name the member's name
		 * @param value its value
		 * @return this builder
		 */
		public Builder streamOption(String name, Object value) {
			this.streamOptions.put(name, value);
			return this;
		}

		/**
		 * Say that every model goes on with a last message of its own, if the request
		 * carries these members.
		 * @param members the members
		 * @return this builder
		 */
		public Builder prefill(Map<String, ?> members) {
			this.prefillMembers.putAll(members);
			this.capabilities = this.capabilities.withPrefill(".");
			return this;
		}

		/**
		 * Leave {@code stream_options} out, for a server that reports usage unasked, or
		 * rejects members that it does not know.
		 * @return this builder
		 */
		public Builder noStreamOptions() {
			this.streamOptions.clear();
			return this;
		}

		/**
		 * Set how the server wants to be asked to reason.
		 * @param style the style
		 * @return this builder
		 */
		public Builder reasoningStyle(ReasoningStyle style) {
			this.reasoningStyle = style;
			return this;
		}

		/**
		 * Set the server's words for how hard to think.
		 * @param words one for each {@link ReasoningOptions.Effort}, in its order;
		 * {@code null} for what the server has no word for
		 * @return this builder
		 * @throws IllegalArgumentException if their number is not that of the efforts
		 */
		public Builder efforts(@Nullable String... words) {
			ReasoningOptions.Effort[] all = ReasoningOptions.Effort.values();
			if (words.length != all.length) {
				throw new IllegalArgumentException("There must be " + all.length + " words, but are " + words.length);
			}
			this.efforts.clear();
			for (int i = 0; i < all.length; i++) {
				String word = words[i];
				if (word != null) {
					this.efforts.put(all[i], word);
				}
			}
			return this;
		}

		/**
		 * Name members of an answer, with its reasoning, that later requests must carry.
		 * @param members the members' names
		 * @return this builder
		 */
		public Builder replay(String... members) {
			Collections.addAll(this.replayMembers, members);
			return this;
		}

		/**
		 * Set what the server's {@code completion_tokens} count.
		 * @param count the convention
		 * @return this builder
		 */
		public Builder outputCount(OutputCount count) {
			this.outputCount = count;
			return this;
		}

		/**
		 * Build the profile.
		 * @return the profile
		 */
		public OpenAiProfile build() {
			return new OpenAiProfile(this);
		}

	}

}
