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

package io.llmstream.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.llmstream.ErrorKind;
import io.llmstream.route.MidStreamPolicy;
import io.llmstream.route.TargetOrder;
import org.jspecify.annotations.Nullable;

/**
 * Properties of one route.
 */
public class RouteProperties {

	/**
	 * Targets in the order in which they are tried. Each is the name of a provider, or
	 * says what to ask of one.
	 */
	private List<Target> targets = new ArrayList<>();

	/**
	 * Order in which the targets are tried.
	 */
	private TargetOrder order = TargetOrder.ORDERED;

	/**
	 * What happens when an answer breaks off after a part of it was sent.
	 */
	private MidStreamPolicy midStream = MidStreamPolicy.FAIL;

	/**
	 * Maximum number of times that one answer is restarted or continued.
	 */
	private int maxRecoveries = 3;

	/**
	 * Kinds of failure on which the next target is asked. Defaults to all but
	 * invalid-request, content-blocked and context-too-long.
	 */
	private @Nullable Set<ErrorKind> failoverOn;

	/**
	 * Time to wait for the first token before the next target is asked as well. Not set
	 * means never.
	 */
	private @Nullable Duration hedgeAfter;

	/**
	 * Percentile of the observed times to the first token to wait for instead of
	 * hedge-after, once there are enough.
	 */
	private @Nullable Integer hedgePercentile;

	/**
	 * Number of observed times to the first token from which on the percentile counts.
	 */
	private int hedgeMinSamples = 20;

	/**
	 * Conversations that stay with the target that answered last.
	 */
	private final Sticky sticky = new Sticky();

	/**
	 * Continuation of answers that broke off.
	 */
	private final Continuation continuation = new Continuation();

	public List<Target> getTargets() {
		return this.targets;
	}

	public void setTargets(List<Target> targets) {
		this.targets = targets;
	}

	public TargetOrder getOrder() {
		return this.order;
	}

	public void setOrder(TargetOrder order) {
		this.order = order;
	}

	public MidStreamPolicy getMidStream() {
		return this.midStream;
	}

	public void setMidStream(MidStreamPolicy midStream) {
		this.midStream = midStream;
	}

	public int getMaxRecoveries() {
		return this.maxRecoveries;
	}

	public void setMaxRecoveries(int maxRecoveries) {
		this.maxRecoveries = maxRecoveries;
	}

	public @Nullable Set<ErrorKind> getFailoverOn() {
		return this.failoverOn;
	}

	public void setFailoverOn(@Nullable Set<ErrorKind> failoverOn) {
		this.failoverOn = failoverOn;
	}

	public @Nullable Duration getHedgeAfter() {
		return this.hedgeAfter;
	}

	public void setHedgeAfter(@Nullable Duration hedgeAfter) {
		this.hedgeAfter = hedgeAfter;
	}

	public @Nullable Integer getHedgePercentile() {
		return this.hedgePercentile;
	}

	public void setHedgePercentile(@Nullable Integer hedgePercentile) {
		this.hedgePercentile = hedgePercentile;
	}

	public int getHedgeMinSamples() {
		return this.hedgeMinSamples;
	}

	public void setHedgeMinSamples(int hedgeMinSamples) {
		this.hedgeMinSamples = hedgeMinSamples;
	}

	public Sticky getSticky() {
		return this.sticky;
	}

	public Continuation getContinuation() {
		return this.continuation;
	}

	/**
	 * One of the targets of a route.
	 */
	public static class Target {

		/**
		 * Name of the provider.
		 */
		private @Nullable String provider;

		/**
		 * Model to ask, whatever a request names. Defaults to the request's, else to the
		 * provider's.
		 */
		private @Nullable String model;

		/**
		 * Weight with which the target is drawn, where the order is weighted.
		 */
		private int weight = 1;

		/**
		 * Options that replace those of the request.
		 */
		private final Options options = new Options();

		/**
		 * A target that is no more than the name of a provider.
		 * @param provider the provider's name
		 * @return the target
		 */
		public static Target of(String provider) {
			Target target = new Target();
			target.setProvider(provider);
			return target;
		}

		public @Nullable String getProvider() {
			return this.provider;
		}

		public void setProvider(@Nullable String provider) {
			this.provider = provider;
		}

		public @Nullable String getModel() {
			return this.model;
		}

		public void setModel(@Nullable String model) {
			this.model = model;
		}

		public int getWeight() {
			return this.weight;
		}

		public void setWeight(int weight) {
			this.weight = weight;
		}

		public Options getOptions() {
			return this.options;
		}

	}

	/**
	 * Options of one target, which replace those of the request.
	 */
	public static class Options {

		/**
		 * Sampling temperature.
		 */
		private @Nullable Double temperature;

		/**
		 * Nucleus sampling, from 0 to 1.
		 */
		private @Nullable Double topP;

		/**
		 * Maximum number of tokens of the answer.
		 */
		private @Nullable Integer maxOutputTokens;

		/**
		 * Members to merge into the body of each request.
		 */
		private Map<String, Object> extra = new LinkedHashMap<>();

		public @Nullable Double getTemperature() {
			return this.temperature;
		}

		public void setTemperature(@Nullable Double temperature) {
			this.temperature = temperature;
		}

		public @Nullable Double getTopP() {
			return this.topP;
		}

		public void setTopP(@Nullable Double topP) {
			this.topP = topP;
		}

		public @Nullable Integer getMaxOutputTokens() {
			return this.maxOutputTokens;
		}

		public void setMaxOutputTokens(@Nullable Integer maxOutputTokens) {
			this.maxOutputTokens = maxOutputTokens;
		}

		public Map<String, Object> getExtra() {
			return this.extra;
		}

		public void setExtra(Map<String, Object> extra) {
			this.extra = extra;
		}

	}

	/**
	 * Conversations that stay with the target that answered last.
	 */
	public static class Sticky {

		/**
		 * Tag of a request that names its conversation. Not set means that no
		 * conversation stays.
		 */
		private @Nullable String tag;

		/**
		 * Time after which a conversation without requests is forgotten.
		 */
		private Duration idle = Duration.ofMinutes(30);

		/**
		 * Maximum number of conversations that are remembered.
		 */
		private int maxConversations = 10000;

		public @Nullable String getTag() {
			return this.tag;
		}

		public void setTag(@Nullable String tag) {
			this.tag = tag;
		}

		public Duration getIdle() {
			return this.idle;
		}

		public void setIdle(Duration idle) {
			this.idle = idle;
		}

		public int getMaxConversations() {
			return this.maxConversations;
		}

		public void setMaxConversations(int maxConversations) {
			this.maxConversations = maxConversations;
		}

	}

	/**
	 * Continuation of answers that broke off.
	 */
	public static class Continuation {

		/**
		 * Words with which a model is asked to go on. Defaults to a prompt in English.
		 */
		private @Nullable String prompt;

		/**
		 * Number of characters that a continuation must repeat for them to be dropped.
		 */
		private int minOverlap = 12;

		/**
		 * Maximum number of characters to compare, and to hold back meanwhile.
		 */
		private int maxOverlap = 240;

		public @Nullable String getPrompt() {
			return this.prompt;
		}

		public void setPrompt(@Nullable String prompt) {
			this.prompt = prompt;
		}

		public int getMinOverlap() {
			return this.minOverlap;
		}

		public void setMinOverlap(int minOverlap) {
			this.minOverlap = minOverlap;
		}

		public int getMaxOverlap() {
			return this.maxOverlap;
		}

		public void setMaxOverlap(int maxOverlap) {
			this.maxOverlap = maxOverlap;
		}

	}

}
