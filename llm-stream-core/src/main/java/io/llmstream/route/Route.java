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

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import io.llmstream.ErrorKind;
import org.jspecify.annotations.Nullable;

/**
 * A name behind which there are several targets, and what to do when one fails. Immutable
 * and safe for use by several threads.
 */
public final class Route {

	private static final Set<ErrorKind> NOT_CURED_BY_ANOTHER = EnumSet.of(ErrorKind.INVALID_REQUEST,
			ErrorKind.CONTENT_BLOCKED, ErrorKind.CONTEXT_TOO_LONG);

	private final String name;

	private final List<RouteTarget> targets;

	private final TargetOrder order;

	private final MidStreamPolicy midStream;

	private final int maxRecoveries;

	private final Set<ErrorKind> failoverOn;

	private final ContinuationSettings continuation;

	private final @Nullable StickySettings sticky;

	private final @Nullable HedgeSettings hedge;

	private Route(Builder builder) {
		this.name = builder.name;
		this.targets = List.copyOf(builder.targets);
		this.order = builder.order;
		this.midStream = builder.midStream;
		this.maxRecoveries = builder.maxRecoveries;
		this.failoverOn = builder.failoverOn;
		this.continuation = builder.continuation;
		this.sticky = builder.sticky;
		this.hedge = builder.hedge;
	}

	/**
	 * Begin a route.
	 * @param name its name, for messages
	 * @return a builder
	 */
	public static Builder builder(String name) {
		return new Builder(name);
	}

	/**
	 * The kinds of failure on which a route goes on with its next target, unless it says
	 * otherwise: all but those that blame the request itself. A conversation that is too
	 * long for one model is too long for others mostly, but may be added.
	 * @return the kinds
	 */
	public static Set<ErrorKind> defaultFailoverOn() {
		return Collections.unmodifiableSet(EnumSet.complementOf(EnumSet.copyOf(NOT_CURED_BY_ANOTHER)));
	}

	/**
	 * The route's name.
	 * @return the name
	 */
	public String name() {
		return this.name;
	}

	/**
	 * The targets, as they are listed.
	 * @return the targets, at least one
	 */
	public List<RouteTarget> targets() {
		return this.targets;
	}

	/**
	 * In which order the targets are tried.
	 * @return the order
	 */
	public TargetOrder order() {
		return this.order;
	}

	/**
	 * What happens when an answer breaks off.
	 * @return the policy
	 */
	public MidStreamPolicy midStream() {
		return this.midStream;
	}

	/**
	 * How many times one answer may be restarted or continued.
	 * @return the number, 0 or more
	 */
	public int maxRecoveries() {
		return this.maxRecoveries;
	}

	/**
	 * On which kinds of failure the route goes on.
	 * @return the kinds
	 */
	public Set<ErrorKind> failoverOn() {
		return this.failoverOn;
	}

	ContinuationSettings continuation() {
		return this.continuation;
	}

	@Nullable StickySettings sticky() {
		return this.sticky;
	}

	@Nullable HedgeSettings hedge() {
		return this.hedge;
	}

	@Override
	public String toString() {
		return "Route[" + this.name + ", " + this.targets + ", " + this.midStream + "]";
	}

	/**
	 * Builds a {@link Route}. Not safe for use by several threads.
	 */
	public static final class Builder {

		private final String name;

		private final List<RouteTarget> targets = new ArrayList<>();

		private TargetOrder order = TargetOrder.ORDERED;

		private MidStreamPolicy midStream = MidStreamPolicy.FAIL;

		private int maxRecoveries = 3;

		private Set<ErrorKind> failoverOn = defaultFailoverOn();

		private ContinuationSettings continuation = ContinuationSettings.defaults();

		private @Nullable StickySettings sticky;

		private @Nullable HedgeSettings hedge;

		private Builder(String name) {
			this.name = name;
		}

		/**
		 * Add targets.
		 * @param targets the targets, in the order in which they are tried
		 * @return this builder
		 */
		public Builder targets(RouteTarget... targets) {
			this.targets.addAll(List.of(targets));
			return this;
		}

		/**
		 * Set in which order the targets are tried.
		 * @param order the order
		 * @return this builder
		 */
		public Builder order(TargetOrder order) {
			this.order = order;
			return this;
		}

		/**
		 * Set what happens when an answer breaks off after a part of it was emitted. With
		 * a single target, that one is asked again.
		 * @param midStream the policy
		 * @return this builder
		 */
		public Builder midStream(MidStreamPolicy midStream) {
			this.midStream = midStream;
			return this;
		}

		/**
		 * Set how many times one answer may be restarted or continued.
		 * @param maxRecoveries the number, 0 or more
		 * @return this builder
		 */
		public Builder maxRecoveries(int maxRecoveries) {
			this.maxRecoveries = maxRecoveries;
			return this;
		}

		/**
		 * Set on which kinds of failure the route goes on.
		 * @param kinds the kinds, in place of the {@link Route#defaultFailoverOn()
		 * default}
		 * @return this builder
		 */
		public Builder failoverOn(Collection<ErrorKind> kinds) {
			Set<ErrorKind> copy = EnumSet.noneOf(ErrorKind.class);
			copy.addAll(kinds);
			this.failoverOn = Collections.unmodifiableSet(copy);
			return this;
		}

		/**
		 * Set how answers are continued.
		 * @param continuation the settings
		 * @return this builder
		 */
		public Builder continuation(ContinuationSettings continuation) {
			this.continuation = continuation;
			return this;
		}

		/**
		 * Set how conversations stay with a target.
		 * @param sticky the settings, or {@code null} if they do not
		 * @return this builder
		 */
		public Builder sticky(@Nullable StickySettings sticky) {
			this.sticky = sticky;
			return this;
		}

		/**
		 * Set when to start the next target beside one that has not spoken yet.
		 * @param hedge the settings, or {@code null} for never
		 * @return this builder
		 */
		public Builder hedge(@Nullable HedgeSettings hedge) {
			this.hedge = hedge;
			return this;
		}

		/**
		 * Build the route.
		 * @return the route
		 * @throws IllegalArgumentException if there is no target, or a value is out of
		 * its range; the message names it
		 */
		public Route build() {
			if (this.targets.isEmpty()) {
				throw new IllegalArgumentException("targets must not be empty");
			}
			if (this.maxRecoveries < 0) {
				throw new IllegalArgumentException("maxRecoveries must be 0 or more, but is " + this.maxRecoveries);
			}
			return new Route(this);
		}

	}

}
