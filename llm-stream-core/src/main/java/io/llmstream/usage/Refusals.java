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

import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners of refusals.
 */
final class Refusals {

	private static final Logger logger = LoggerFactory.getLogger(Budgets.class);

	private final List<BudgetListener> listeners;

	Refusals(List<BudgetListener> listeners) {
		this.listeners = List.copyOf(listeners);
	}

	void tell(String client, Budget budget, BudgetListener.Reason reason) {
		for (BudgetListener listener : this.listeners) {
			try {
				listener.refused(client, budget, reason);
			}
			catch (RuntimeException ex) {
				logger.warn("A listener of budgets failed: {}", listener.getClass().getName(), ex);
			}
		}
	}

}
