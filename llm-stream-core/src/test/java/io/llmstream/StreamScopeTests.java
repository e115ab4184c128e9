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

package io.llmstream;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import reactor.util.context.Context;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StreamScope}.
 */
class StreamScopeTests {

	private final StreamObserver observer = (outcome) -> {
	};

	private final EmittingThread emitting = new EmittingThread();

	private final LastRead lastRead = new LastRead();

	private final ToolActivity tools = () -> false;

	@Test
	void allThatASubscriptionTellsItsPartsIsUnderOneKeyOfTheContext() {
		Context context = AttemptLedger.afterDelay(full(), Duration.ofSeconds(3));

		assertThat(context.size()).isEqualTo(2);
		assertThat(context.<String>get("other")).isEqualTo("kept");
		assertThat(StreamObserver.from(context)).isSameAs(this.observer);
		assertThat(EmittingThread.from(context)).isSameAs(this.emitting);
		assertThat(LastRead.from(context)).isSameAs(this.lastRead);
		assertThat(ToolActivity.from(context)).isSameAs(this.tools);
		assertThat(AttemptLedger.delay(context)).isEqualTo(Duration.ofSeconds(3));
	}

	@Test
	void whatIsAddedUpstreamIsNotSeenDownstream() {
		Context downstream = this.observer.in(Context.empty());
		Context upstream = this.lastRead.in(downstream);

		assertThat(LastRead.from(downstream)).isNull();
		assertThat(StreamObserver.from(upstream)).isSameAs(this.observer);
	}

	@Test
	void whatRunsToolsIsTakenOutAloneForAStreamOfATool() {
		Context context = ToolActivity.none(full());

		assertThat(ToolActivity.from(context)).isNull();
		assertThat(StreamObserver.from(context)).isSameAs(this.observer);
	}

	@Test
	void aContextWithoutAScopeHasNothing() {
		Context context = Context.empty();

		assertThat(AttemptLedger.from(context)).isNull();
		assertThat(StreamObserver.from(context)).isNull();
		assertThat(EmittingThread.from(context)).isNull();
		assertThat(LastRead.from(context)).isNull();
		assertThat(ToolActivity.from(context)).isNull();
		assertThat(AttemptLedger.delay(context)).isZero();
	}

	private Context full() {
		Context context = new StreamAdmission().in(Context.of("other", "kept"));
		return this.tools.in(this.lastRead.in(this.emitting.in(this.observer.in(context))));
	}

}
