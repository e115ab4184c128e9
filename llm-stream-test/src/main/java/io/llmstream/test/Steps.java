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

package io.llmstream.test;

import java.util.ArrayList;
import java.util.List;

/**
 * The steps of a script.
 *
 * @param list the steps, in order
 */
record Steps(List<Step> list) {

	static final Steps NONE = new Steps(List.of());

	Steps plus(List<? extends Step> more) {
		List<Step> all = new ArrayList<>(this.list.size() + more.size());
		all.addAll(this.list);
		all.addAll(more);
		return new Steps(List.copyOf(all));
	}

	int toolCalls() {
		return (int) this.list.stream().filter(Step.ToolStart.class::isInstance).count();
	}

	/**
	 * The steps up to and with so many tokens.
	 * @param tokens how many tokens are kept
	 * @return the steps
	 * @throws IllegalArgumentException if there are fewer
	 */
	Steps firstTokens(int tokens) {
		int left = tokens;
		int end = 0;
		while (left > 0 && end < this.list.size()) {
			left -= (this.list.get(end++).isToken()) ? 1 : 0;
		}
		if (left > 0) {
			throw new IllegalArgumentException("The script has fewer than " + tokens + " tokens");
		}
		return new Steps(this.list.subList(0, end));
	}

}
