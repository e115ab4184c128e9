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

package io.llmstream.route;

import java.util.function.Predicate;
import java.util.function.UnaryOperator;

import io.llmstream.LlmStreamClient;
import io.llmstream.StreamRequest;
import io.llmstream.StreamingModel;
import io.llmstream.TargetHealth;
import org.jspecify.annotations.Nullable;

/**
 * One of the models behind a route. Immutable and safe for use by several threads.
 */
public final class RouteTarget {

	private final String name;

	private final StreamingModel streamingModel;

	private final @Nullable String model;

	private final UnaryOperator<StreamRequest> options;

	private final int weight;

	private final Predicate<@Nullable String> prefill;

	private final TargetHealth health;

	private RouteTarget(Builder builder) {
		this.name = builder.name;
		this.streamingModel = builder.streamingModel;
		this.model = builder.model;
		this.options = builder.options;
		this.weight = builder.weight;
		this.prefill = builder.prefill;
		this.health = builder.health;
	}

	/**
	 * Begin a target.
	 * @param name its name, such as the provider's, for messages
	 * @param model answers the requests, with its own retries and time-outs around it
	 * @return a builder
	 */
	public static Builder builder(String name, StreamingModel model) {
		return new Builder(name, model);
	}

	/**
	 * Begin a target that is a client.
	 * @param client answers the requests
	 * @return a builder
	 */
	public static Builder builder(LlmStreamClient client) {
		return new Builder(client.name(), client::stream);
	}

	/**
	 * A target without more settings.
	 * @param client answers the requests
	 * @return the target
	 */
	public static RouteTarget of(LlmStreamClient client) {
		return builder(client).build();
	}

	/**
	 * The target's name.
	 * @return the name
	 */
	public String name() {
		return this.name;
	}

	StreamingModel streamingModel() {
		return this.streamingModel;
	}

	int weight() {
		return this.weight;
	}

	TargetHealth.State health() {
		return this.health.state();
	}

	/**
	 * What to ask this target.
	 */
	StreamRequest prepare(StreamRequest request) {
		StreamRequest own = (this.model != null) ? request.mutate().model(this.model).build() : request;
		return this.options.apply(own);
	}

	boolean prefills(@Nullable String model) {
		return this.prefill.test(model);
	}

	@Override
	public String toString() {
		return "RouteTarget[" + this.name + ((this.model != null) ? ", " + this.model : "") + "]";
	}

	/**
	 * Builds a {@link RouteTarget}. Not safe for use by several threads.
	 */
	public static final class Builder {

		private final String name;

		private final StreamingModel streamingModel;

		private @Nullable String model;

		private UnaryOperator<StreamRequest> options = UnaryOperator.identity();

		private int weight = 1;

		private Predicate<@Nullable String> prefill = (model) -> false;

		private TargetHealth health = () -> TargetHealth.State.UP;

		private Builder(String name, StreamingModel streamingModel) {
			this.name = name;
			this.streamingModel = streamingModel;
		}

		/**
		 * Set the model that this target is asked for, whatever a request names.
		 * @param model the model, or {@code null} for the request's, else the default one
		 * @return this builder
		 */
		public Builder model(@Nullable String model) {
			this.model = model;
			return this;
		}

		/**
		 * Set how requests are changed for this target.
		 * @param options receives a request and returns what to ask; must not block
		 * @return this builder
		 */
		public Builder options(UnaryOperator<StreamRequest> options) {
			this.options = options;
			return this;
		}

		/**
		 * Set how likely this target is tried before others, with
		 * {@link TargetOrder#WEIGHTED}.
		 * @param weight the weight, 1 or more
		 * @return this builder
		 */
		public Builder weight(int weight) {
			this.weight = weight;
			return this;
		}

		/**
		 * Set which models go on with a last message of the assistant instead of
		 * beginning a new one, and answer with the rest alone.
		 * @param prefill receives the model's name, or {@code null} for the target's
		 * default model
		 * @return this builder
		 */
		public Builder prefill(Predicate<@Nullable String> prefill) {
			this.prefill = prefill;
			return this;
		}

		/**
		 * Set what says how the target is doing. Those that are well are tried first.
		 * @param health is asked at the beginning of each stream
		 * @return this builder
		 */
		public Builder health(TargetHealth health) {
			this.health = health;
			return this;
		}

		/**
		 * Build the target.
		 * @return the target
		 * @throws IllegalArgumentException if the weight is out of its range
		 */
		public RouteTarget build() {
			if (this.weight < 1) {
				throw new IllegalArgumentException("weight must be 1 or more, but is " + this.weight);
			}
			return new RouteTarget(this);
		}

	}

}
