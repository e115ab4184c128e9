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

package io.llmstream.usage;

import java.util.Map;
import java.util.TreeMap;

import io.llmstream.ErrorKind;
import io.llmstream.StreamOutcome;
import io.llmstream.Usage;
import org.jspecify.annotations.Nullable;

/**
 * What entries have in common that are kept as one sum.
 */
record UsageKey(String route, String provider, @Nullable String requestedModel, @Nullable String model,
		Map<String, String> tags, StreamOutcome.End outcome, @Nullable ErrorKind errorKind, Usage.Source source) {

	/** Stands for values of which there are too many. */
	static final String OTHER = "(other)";

	static UsageKey of(UsageEntry entry) {
		return new UsageKey(entry.route(), entry.provider(), entry.requestedModel(), entry.model(), entry.tags(),
				entry.outcome(), entry.errorKind(), entry.usage().source());
	}

	/**
	 * The same with no tag's value told.
	 */
	UsageKey withoutTagValues() {
		Map<String, String> others = new TreeMap<>();
		this.tags.keySet().forEach((name) -> others.put(name, OTHER));
		return new UsageKey(this.route, this.provider, this.requestedModel, this.model, others, this.outcome,
				this.errorKind, this.source);
	}

	/**
	 * The same with nothing that a request can choose.
	 */
	UsageKey coarse() {
		return new UsageKey(this.route, this.provider, null, OTHER, Map.of(), this.outcome, this.errorKind,
				this.source);
	}

	String value(UsageDimension dimension) {
		String tag = dimension.tagName();
		String value = (tag != null) ? this.tags.get(tag) : switch (dimension.name()) {
			case "route" -> this.route;
			case "provider" -> this.provider;
			case "model" -> this.model;
			case "requested-model" -> this.requestedModel;
			case "outcome" -> UsageDimension.word(this.outcome);
			case "error" -> UsageDimension.word(this.errorKind);
			default -> UsageDimension.word(this.source);
		};
		return (value != null) ? value : "";
	}

}
