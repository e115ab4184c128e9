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

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.llmstream.usage.BudgetStoreFailurePolicy;
import io.llmstream.usage.UsagePeriod;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Properties of budgets.
 */
@ConfigurationProperties("llm-stream.budgets")
public class BudgetProperties {

	/**
	 * What may be used. A stream must be within all of them.
	 */
	private List<Limit> limits = new ArrayList<>();

	/**
	 * How many tokens are reserved for an answer whose request sets no limit.
	 */
	private int reservedOutputTokens = 1_000;

	/**
	 * Where is counted: in the memory of each node, or in Redis, by all nodes together.
	 */
	private Store store = Store.MEMORY;

	/**
	 * What becomes of new streams while the store does not answer: each node counts by
	 * itself, all may start, or none.
	 */
	private BudgetStoreFailurePolicy onStoreFailure = BudgetStoreFailurePolicy.LOCAL;

	private final Redis redis = new Redis();

	public List<Limit> getLimits() {
		return this.limits;
	}

	public void setLimits(List<Limit> limits) {
		this.limits = limits;
	}

	public int getReservedOutputTokens() {
		return this.reservedOutputTokens;
	}

	public void setReservedOutputTokens(int reservedOutputTokens) {
		this.reservedOutputTokens = reservedOutputTokens;
	}

	public Store getStore() {
		return this.store;
	}

	public void setStore(Store store) {
		this.store = store;
	}

	public BudgetStoreFailurePolicy getOnStoreFailure() {
		return this.onStoreFailure;
	}

	public void setOnStoreFailure(BudgetStoreFailurePolicy onStoreFailure) {
		this.onStoreFailure = onStoreFailure;
	}

	public Redis getRedis() {
		return this.redis;
	}

	/**
	 * Where budgets can be counted.
	 */
	public enum Store {

		/** In the memory of each node. */
		MEMORY,

		/** In Redis, by all nodes together. */
		REDIS

	}

	/**
	 * Properties of budgets that are counted in Redis.
	 */
	public static class Redis {

		/**
		 * What the keys begin with. The same on all nodes.
		 */
		private String keyPrefix = "llm-stream:budgets";

		/**
		 * How long Redis may take to answer before it counts as failed.
		 */
		private Duration timeout = Duration.ofSeconds(1);

		/**
		 * How long a stream holds what it has reserved, if the node dies that it is on.
		 * Should be longer than streams take.
		 */
		private Duration lease = Duration.ofMinutes(15);

		public String getKeyPrefix() {
			return this.keyPrefix;
		}

		public void setKeyPrefix(String keyPrefix) {
			this.keyPrefix = keyPrefix;
		}

		public Duration getTimeout() {
			return this.timeout;
		}

		public void setTimeout(Duration timeout) {
			this.timeout = timeout;
		}

		public Duration getLease() {
			return this.lease;
		}

		public void setLease(Duration lease) {
			this.lease = lease;
		}

	}

	/**
	 * What may be used in a period.
	 */
	public static class Limit {

		/**
		 * Name of the budget in messages. Made from the others unless set.
		 */
		private @Nullable String name;

		/**
		 * Tag whose values have this budget each, such as user. All streams share it
		 * unless set.
		 */
		private @Nullable String tag;

		/**
		 * How many tokens may be used in a period, those that are read and those that are
		 * written. Either this or the cost is set.
		 */
		private @Nullable Long tokens;

		/**
		 * How many US dollars may be spent in a period. Either this or the tokens are
		 * set.
		 */
		private @Nullable BigDecimal cost;

		/**
		 * Limits of single values of the tag, in the place of that for all. Values with
		 * other characters than letters, digits, dashes and underscores are written in
		 * brackets, such as "[anna@example.com]".
		 */
		private Map<String, BigDecimal> overrides = new LinkedHashMap<>();

		/**
		 * Period of the calendar after which the budget is there anew.
		 */
		private @Nullable UsagePeriod period;

		public @Nullable String getName() {
			return this.name;
		}

		public void setName(@Nullable String name) {
			this.name = name;
		}

		public @Nullable String getTag() {
			return this.tag;
		}

		public void setTag(@Nullable String tag) {
			this.tag = tag;
		}

		public @Nullable Long getTokens() {
			return this.tokens;
		}

		public void setTokens(@Nullable Long tokens) {
			this.tokens = tokens;
		}

		public @Nullable BigDecimal getCost() {
			return this.cost;
		}

		public void setCost(@Nullable BigDecimal cost) {
			this.cost = cost;
		}

		public Map<String, BigDecimal> getOverrides() {
			return this.overrides;
		}

		public void setOverrides(Map<String, BigDecimal> overrides) {
			this.overrides = overrides;
		}

		public @Nullable UsagePeriod getPeriod() {
			return this.period;
		}

		public void setPeriod(@Nullable UsagePeriod period) {
			this.period = period;
		}

	}

}
