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
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.core.io.Resource;

/**
 * Properties of the usage ledger.
 */
@ConfigurationProperties("llm-stream.usage")
public class UsageProperties {

	/**
	 * Whether what streams use, cost and take is written down.
	 */
	private boolean enabled = true;

	/**
	 * Where it is kept.
	 */
	private Store store = Store.MEMORY;

	/**
	 * Time zone whose calendar days and months follow. The same on all nodes.
	 */
	private ZoneId timeZone = ZoneOffset.UTC;

	/**
	 * Tag that holds the name of who is logged in. Empty for none.
	 */
	private String principalTag = "user";

	/**
	 * How many entries may wait to be stored before those that are alike are added up.
	 */
	private int bufferSize = 10_000;

	/**
	 * How many entries are written to a database at once.
	 */
	private int batchSize = 500;

	/**
	 * How long entries wait for a batch to fill before they are written to a database.
	 */
	private Duration flushInterval = Duration.ofSeconds(1);

	/**
	 * How long a shutdown waits for entries to be stored.
	 */
	private Duration shutdownTimeout = Duration.ofSeconds(5);

	private final Memory memory = new Memory();

	/**
	 * Prices of models. The first one that fits counts, and goes before the price file.
	 */
	private List<Price> prices = new ArrayList<>();

	/**
	 * File with prices, in the form of LiteLLM's model_prices_and_context_window.json.
	 */
	private @Nullable Resource priceFile;

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public Store getStore() {
		return this.store;
	}

	public void setStore(Store store) {
		this.store = store;
	}

	public ZoneId getTimeZone() {
		return this.timeZone;
	}

	public void setTimeZone(ZoneId timeZone) {
		this.timeZone = timeZone;
	}

	public String getPrincipalTag() {
		return this.principalTag;
	}

	public void setPrincipalTag(String principalTag) {
		this.principalTag = principalTag;
	}

	public int getBufferSize() {
		return this.bufferSize;
	}

	public void setBufferSize(int bufferSize) {
		this.bufferSize = bufferSize;
	}

	public int getBatchSize() {
		return this.batchSize;
	}

	public void setBatchSize(int batchSize) {
		this.batchSize = batchSize;
	}

	public Duration getFlushInterval() {
		return this.flushInterval;
	}

	public void setFlushInterval(Duration flushInterval) {
		this.flushInterval = flushInterval;
	}

	public Duration getShutdownTimeout() {
		return this.shutdownTimeout;
	}

	public void setShutdownTimeout(Duration shutdownTimeout) {
		this.shutdownTimeout = shutdownTimeout;
	}

	public Memory getMemory() {
		return this.memory;
	}

	public List<Price> getPrices() {
		return this.prices;
	}

	public void setPrices(List<Price> prices) {
		this.prices = prices;
	}

	public @Nullable Resource getPriceFile() {
		return this.priceFile;
	}

	public void setPriceFile(@Nullable Resource priceFile) {
		this.priceFile = priceFile;
	}

	/**
	 * Where the ledger can be kept.
	 */
	public enum Store {

		/** In memory, of a fixed size, until the application ends. */
		MEMORY,

		/** In a database. */
		JDBC

	}

	/**
	 * Properties of the ledger in memory.
	 */
	public static class Memory {

		/**
		 * How many sums are kept: one for each minute and each combination of route,
		 * provider, model, tags and outcome. Where there are more, older ones become sums
		 * of hours, days and months.
		 */
		private int maxSums = 20_000;

		/**
		 * How many of the latest entries are kept one by one.
		 */
		private int maxEntries = 1_000;

		public int getMaxSums() {
			return this.maxSums;
		}

		public void setMaxSums(int maxSums) {
			this.maxSums = maxSums;
		}

		public int getMaxEntries() {
			return this.maxEntries;
		}

		public void setMaxEntries(int maxEntries) {
			this.maxEntries = maxEntries;
		}

	}

	/**
	 * Prices in US dollars for a million tokens.
	 */
	public static class Rates {

		/**
		 * Price of a million tokens that are read, in US dollars.
		 */
		private @Nullable BigDecimal input;

		/**
		 * Price of a million tokens that are written, in US dollars.
		 */
		private @Nullable BigDecimal output;

		/**
		 * Price of a million tokens that are read from a prompt cache, in US dollars. As
		 * much as others unless set.
		 */
		private @Nullable BigDecimal cachedInput;

		/**
		 * Price of a million tokens that are written to a prompt cache, in US dollars. As
		 * much as others that are read unless set.
		 */
		private @Nullable BigDecimal cacheWrite;

		/**
		 * Price of a million tokens of reasoning, in US dollars. As much as others that
		 * are written unless set.
		 */
		private @Nullable BigDecimal reasoning;

		public @Nullable BigDecimal getInput() {
			return this.input;
		}

		public void setInput(@Nullable BigDecimal input) {
			this.input = input;
		}

		public @Nullable BigDecimal getOutput() {
			return this.output;
		}

		public void setOutput(@Nullable BigDecimal output) {
			this.output = output;
		}

		public @Nullable BigDecimal getCachedInput() {
			return this.cachedInput;
		}

		public void setCachedInput(@Nullable BigDecimal cachedInput) {
			this.cachedInput = cachedInput;
		}

		public @Nullable BigDecimal getCacheWrite() {
			return this.cacheWrite;
		}

		public void setCacheWrite(@Nullable BigDecimal cacheWrite) {
			this.cacheWrite = cacheWrite;
		}

		public @Nullable BigDecimal getReasoning() {
			return this.reasoning;
		}

		public void setReasoning(@Nullable BigDecimal reasoning) {
			this.reasoning = reasoning;
		}

	}

	/**
	 * The price of a model.
	 */
	public static class Price extends Rates {

		/**
		 * Name of the provider, or kind of its server. Any unless set.
		 */
		private @Nullable String provider;

		/**
		 * Name of the model, or what it begins with and an asterisk.
		 */
		private @Nullable String model;

		/**
		 * Prices of long prompts.
		 */
		private List<Tier> tiers = new ArrayList<>();

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

		public List<Tier> getTiers() {
			return this.tiers;
		}

		public void setTiers(List<Tier> tiers) {
			this.tiers = tiers;
		}

	}

	/**
	 * The price of long prompts, for all of their tokens.
	 */
	public static class Tier extends Rates {

		/**
		 * How many tokens the prompt must exceed.
		 */
		private long above;

		public long getAbove() {
			return this.above;
		}

		public void setAbove(long above) {
			this.above = above;
		}

	}

}
