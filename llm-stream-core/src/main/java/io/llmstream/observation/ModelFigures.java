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

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Figures of one model of one provider. Counts are those since the start; percentiles are
 * those of the last answers, of at most 15 minutes.
 *
 * @param provider the provider's name in the configuration
 * @param model the model that answered, or that was asked; empty if it is not known
 * @param attempts how many attempts have ended
 * @param completed how many of them were completed
 * @param failed how many of them failed
 * @param cancelled how many of them were cancelled
 * @param failovers how often another target was asked after one of them
 * @param errors how many failed, by the kind of failure
 * @param inputTokens tokens read, as far as they are known
 * @param outputTokens tokens written, as far as they are known
 * @param samples of how many answers the percentiles are
 * @param timeToFirstTokenP50 the median of the time to the first token, in seconds, or
 * {@code null} without samples
 * @param timeToFirstTokenP95 its 95th percentile
 * @param tokensPerSecondP50 the median of the tokens that were written per second after
 * the first one, or {@code null} without samples
 */
public record ModelFigures(String provider, String model, long attempts, long completed, long failed, long cancelled,
		long failovers, Map<String, Long> errors, long inputTokens, long outputTokens, int samples,
		@Nullable Double timeToFirstTokenP50, @Nullable Double timeToFirstTokenP95,
		@Nullable Double tokensPerSecondP50) {
}
