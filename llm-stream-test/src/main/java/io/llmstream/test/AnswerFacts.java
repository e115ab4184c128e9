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

import java.util.concurrent.atomic.AtomicInteger;

import io.llmstream.Usage;
import org.jspecify.annotations.Nullable;

/**
 * What a provider says about an answer as a whole.
 *
 * @param number tells answers apart
 * @param model the model that answers
 * @param usage what the answer uses, or {@code null} if the provider does not say
 * @param usageAsked whether the request asked for usage, where a wire needs to be asked
 * @param endMark whether the wire's end mark is sent, where there is one
 */
record AnswerFacts(int number, String model, @Nullable Usage usage, boolean usageAsked, boolean endMark) {

	private static final AtomicInteger NUMBERS = new AtomicInteger();

	/** A fixed moment, so that the same script gives the same bytes. */
	static final long CREATED = 1_790_000_000L;

	static AnswerFacts of(Script script, String model, boolean usageAsked) {
		return new AnswerFacts(NUMBERS.incrementAndGet(), model, script.usage(), usageAsked, script.endMark());
	}

	String id(String prefix) {
		return prefix + String.format("%08x", this.number);
	}

}
