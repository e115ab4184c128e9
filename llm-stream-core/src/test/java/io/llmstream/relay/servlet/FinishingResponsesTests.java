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

package io.llmstream.relay.servlet;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FinishingResponses}.
 */
class FinishingResponsesTests {

	private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);

	private final FinishingResponses responses = new FinishingResponses(this.now::get);

	private FinishingResponses.Response finishing() {
		FinishingResponses.Response response = this.responses.response();
		response.finishing();
		return response;
	}

	@Test
	void thoseCountThatAreNotFinished() {
		this.responses.response();
		FinishingResponses.Response one = finishing();
		FinishingResponses.Response other = finishing();
		assertThat(this.responses.pending()).isEqualTo(2);
		one.finished();
		one.finished();
		assertThat(this.responses.pending()).isEqualTo(1);
		other.finished();
		assertThat(this.responses.pending()).isZero();
	}

	@Test
	void oneThatIsFinishedBeforeItsLastEventNeverCounts() {
		FinishingResponses.Response response = this.responses.response();
		response.finished();
		response.finishing();
		assertThat(this.responses.pending()).isZero();
		finishing().finished();
		assertThat(this.responses.pending()).isZero();
	}

	@Test
	void oneThatIsNeverToldToBeFinishedIsNotWaitedForLong() {
		finishing();
		this.now.addAndGet(Duration.ofMillis(1_900).toNanos());
		assertThat(this.responses.pending()).isEqualTo(1);
		this.now.addAndGet(Duration.ofMillis(100).toNanos());
		assertThat(this.responses.pending()).isZero();
	}

}
