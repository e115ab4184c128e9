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

import io.llmstream.StreamRequest;
import io.llmstream.Usage;
import org.jspecify.annotations.Nullable;

/**
 * What the attempts of one answer used together.
 */
final class UsageSum {

	private @Nullable Usage sum;

	void add(Usage usage) {
		this.sum = with(usage);
	}

	void reset() {
		this.sum = null;
	}

	/**
	 * A request for the rest of an answer may use what is left of its output limit, as
	 * far as it is known.
	 */
	StreamRequest limit(StreamRequest request) {
		Integer limit = request.maxOutputTokens();
		if (limit == null || this.sum == null || this.sum.outputTokens() == 0) {
			return request;
		}
		return request.mutate().maxOutputTokens((int) Math.max(1, limit - this.sum.outputTokens())).build();
	}

	/**
	 * The sum with the usage of the last attempt. An attempt that broke off often does
	 * not know what it used; then the figures are those of the others, and no more than
	 * an estimate.
	 */
	Usage with(Usage last) {
		if (this.sum == null) {
			return last;
		}
		Usage both = this.sum.plus(last);
		return (both.source() == Usage.Source.NONE && both.totalTokens() > 0)
				? new Usage(both.inputTokens(), both.outputTokens(), both.cachedInputTokens(),
						both.cacheWriteInputTokens(), both.reasoningTokens(), Usage.Source.ESTIMATED)
				: both;
	}

}
