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
import java.math.MathContext;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import io.llmstream.usage.Budget;
import io.llmstream.usage.BudgetUse;
import io.llmstream.usage.Budgets;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * How much of budgets is used, for people and programs to read.
 */
final class BudgetTable {

	static final int DEFAULT_LIMIT = 100;

	/** How many values are looked at for those that have used most. */
	private static final int MOST_VALUES = 1_000;

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private final Budgets budgets;

	BudgetTable(Budgets budgets) {
		this.budgets = budgets;
	}

	/**
	 * What is used and free. Waits for the store of the budgets.
	 */
	Map<String, Object> report(@Nullable String value, int limit) {
		Map<String, Object> report = new LinkedHashMap<>();
		report.put("currency", "USD");
		report.put("budgets",
				Flux.fromIterable(this.budgets.all())
					.flatMapSequential((budget) -> report(budget, value, limit))
					.collectList()
					.block(TIMEOUT));
		report.put("storeFailures", this.budgets.storeFailures());
		return report;
	}

	private Mono<Map<String, Object>> report(Budget budget, @Nullable String value, int limit) {
		Flux<BudgetUse> uses = (value != null) ? this.budgets.use(budget, value).flux()
				: this.budgets.uses(budget, Math.max(MOST_VALUES, limit + 1));
		Map<String, Object> report = new LinkedHashMap<>();
		report.put("budget", budget.name());
		if (budget.tag() != null) {
			report.put("tag", budget.tag());
		}
		report.put("unit", word(budget.unit()));
		report.put("period", word(budget.period()));
		report.put("limit", amount(budget, budget.limit()));
		return uses.collectList().map((all) -> {
			report.put("values",
					all.stream()
						.sorted(Comparator.comparing(BudgetTable::part).reversed())
						.limit(limit)
						.map(BudgetTable::report)
						.toList());
			report.put("truncated", all.size() > limit);
			return report;
		}).onErrorResume((ex) -> {
			report.put("unavailable", true);
			return Mono.just(report);
		});
	}

	private static BigDecimal part(BudgetUse use) {
		BigDecimal all = use.used().add(use.reserved());
		return (use.limit().signum() > 0) ? all.divide(use.limit(), MathContext.DECIMAL64) : all;
	}

	private static Map<String, Object> report(BudgetUse use) {
		Map<String, Object> report = new LinkedHashMap<>();
		report.put("value", use.value());
		report.put("used", amount(use.budget(), use.used()));
		report.put("reserved", amount(use.budget(), use.reserved()));
		report.put("free", amount(use.budget(), use.free()));
		report.put("limit", amount(use.budget(), use.limit()));
		report.put("resets", use.resets().toString());
		return report;
	}

	/** Money is a string, so that it is not rounded by who reads it. */
	private static Object amount(Budget budget, BigDecimal amount) {
		return (budget.unit() == Budget.Unit.TOKENS) ? (Object) amount.longValue()
				: amount.stripTrailingZeros().toPlainString();
	}

	private static String word(Enum<?> value) {
		return value.name().toLowerCase(Locale.ROOT);
	}

}
