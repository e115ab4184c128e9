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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import io.llmstream.usage.Budget;
import io.llmstream.usage.UsagePeriod;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * Budgets of the configuration.
 */
final class BudgetMapper {

	private static final PropertyChecks checks = new PropertyChecks("llm-stream.budgets.");

	private BudgetMapper() {
	}

	static List<Budget> budgets(BudgetProperties properties) {
		checks.check(properties.getReservedOutputTokens() > 0, "reserved-output-tokens",
				properties.getReservedOutputTokens(), "must be positive", "1000");
		List<Budget> budgets = new ArrayList<>();
		for (int i = 0; i < properties.getLimits().size(); i++) {
			Budget budget = budget(properties.getLimits().get(i), "limits[" + i + "].");
			checks.check(budgets.stream().noneMatch((other) -> isSame(budget, other)), "limits[" + i + "].name",
					budget.name(), "must be another one, as there is a budget of this name, tag, unit and period",
					budget.name() + " too");
			budgets.add(budget);
		}
		return budgets;
	}

	private static boolean isSame(Budget one, Budget other) {
		return one.name().equals(other.name()) && Objects.equals(one.tag(), other.tag()) && one.unit() == other.unit()
				&& one.period() == other.period();
	}

	private static Budget budget(BudgetProperties.Limit limit, String prefix) {
		Long tokens = limit.getTokens();
		BigDecimal cost = limit.getCost();
		if (tokens != null && cost != null) {
			throw checks.invalid(prefix + "cost", "is set, and so is " + prefix + "tokens; a budget has one of them",
					cost.toPlainString());
		}
		BigDecimal most = (tokens != null) ? BigDecimal.valueOf(tokens) : cost;
		if (most == null) {
			throw checks.invalid(prefix + "tokens", "is not set, and neither is " + prefix + "cost", "100000");
		}
		UsagePeriod period = limit.getPeriod();
		if (period == null) {
			throw checks.invalid(prefix + "period", "is not set", "day");
		}
		String tag = StringUtils.hasText(limit.getTag()) ? limit.getTag().strip() : null;
		if (tag == null && !limit.getOverrides().isEmpty()) {
			throw checks.invalid(prefix + "tag", "is not set, so that it is not known whose overrides there are",
					"user");
		}
		Budget.Unit unit = (tokens != null) ? Budget.Unit.TOKENS : Budget.Unit.COST;
		try {
			return new Budget(name(limit, tag, unit, period), tag, unit, most, Map.copyOf(limit.getOverrides()),
					period);
		}
		catch (IllegalArgumentException ex) {
			throw checks.invalid(prefix + ((tokens != null) ? "tokens" : "cost"),
					"or an override is wrong: " + ex.getMessage(), (tokens != null) ? "100000" : "5.00");
		}
	}

	private static String name(BudgetProperties.Limit limit, @Nullable String tag, Budget.Unit unit,
			UsagePeriod period) {
		if (StringUtils.hasText(limit.getName())) {
			return limit.getName().strip();
		}
		return (unit + " per " + ((tag != null) ? tag + " and " : "") + period).toLowerCase(Locale.ROOT);
	}

}
