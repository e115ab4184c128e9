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

package io.llmstream.observation;

/**
 * The names of meters and tags for which OpenTelemetry has none.
 */
public final class OwnName {

	/** How long streams take, by client, outcome and kind of failure. A timer. */
	public static final String STREAM_DURATION = "llm.stream.duration";

	/** Time to the first token of streams, by client. A timer. */
	public static final String TIME_TO_FIRST_TOKEN = "llm.stream.time_to_first_token";

	/** How many streams are active, by client. A gauge. */
	public static final String ACTIVE = "llm.stream.active";

	/** Attempts, by provider, model, outcome and kind of failure. A counter. */
	public static final String ATTEMPTS = "llm.stream.attempts";

	/** How often another target was asked, by client and the target that failed. */
	public static final String FAILOVERS = "llm.stream.failovers";

	/**
	 * What was used, by how it is known: {@code reported}, {@code estimated} or
	 * {@code none}. A counter of attempts.
	 */
	public static final String USAGE_KNOWN = "llm.stream.usage.known";

	/**
	 * What attempts cost in US dollars, by client, provider and model. A counter; where
	 * there is no price, there is no counter.
	 */
	public static final String COST = "llm.stream.cost";

	/** Attempts without a price, by client, provider and model. A counter. */
	public static final String UNPRICED = "llm.stream.unpriced";

	/** Entries of the usage ledger that wait to be stored. A gauge. */
	public static final String LEDGER_PENDING = "llm.stream.usage.pending";

	/** How often the store of the usage ledger failed. A counter. */
	public static final String LEDGER_FAILED_WRITES = "llm.stream.usage.failed.writes";

	/** Entries of the usage ledger that were added up with others. A counter. */
	public static final String LEDGER_MERGED = "llm.stream.usage.merged";

	/** Entries of the usage ledger that are lost. A counter. */
	public static final String LEDGER_LOST = "llm.stream.usage.lost";

	/** Streams that budgets refused or ended, by client, budget and reason. A counter. */
	public static final String BUDGET_REFUSALS = "llm.stream.budget.refusals";

	/** How often the store that nodes count budgets in failed. A counter. */
	public static final String BUDGET_STORE_FAILURES = "llm.stream.budget.store.failures";

	/** Connections of browsers to the relay. A gauge. */
	public static final String RELAY_CONNECTIONS = "llm.stream.relay.connections";

	/** Runs that are active. A gauge. */
	public static final String RELAY_RUNS = "llm.stream.relay.runs";

	/** For how long the slowest browser has been keeping a write waiting. A gauge. */
	public static final String RELAY_LAG = "llm.stream.relay.lag";

	/** The span of a route around its targets. */
	public static final String ROUTE = "llm.stream.route";

	/** The provider's name in the configuration. */
	public static final String PROVIDER = "llm.stream.provider";

	/** The name of the client: that of a provider or a route. */
	public static final String CLIENT = "llm.stream.client";

	/** How it ended: {@code completed}, {@code failed} or {@code cancelled}. */
	public static final String OUTCOME = "llm.stream.outcome";

	/** The name of a budget. */
	public static final String BUDGET = "llm.stream.budget";

	/** Why a budget refused, such as {@code used-up}. */
	public static final String BUDGET_REASON = "llm.stream.budget.reason";

	/** How usage is known. */
	public static final String SOURCE = "llm.stream.usage.source";

	private OwnName() {
	}

}
