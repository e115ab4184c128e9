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

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import io.llmstream.StreamRequest;
import io.llmstream.TargetHealth;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TargetSelection}, {@link StickyChoices} and {@link TargetPlan}.
 */
class TargetSelectionTests {

	private final AtomicLong clock = new AtomicLong();

	private final Deque<Double> random = new ArrayDeque<>();

	private TargetHealth.State healthOfA = TargetHealth.State.UP;

	private final RouteTarget a = new TestTarget("a").builder().weight(1).health(() -> this.healthOfA).build();

	private final RouteTarget b = new TestTarget("b").builder().weight(3).build();

	private final RouteTarget c = new TestTarget("c").builder().weight(6).build();

	private TargetSelection selection(Route.Builder route) {
		return new TargetSelection(route.targets(this.a, this.b, this.c).build(), this.random::remove, this.clock::get);
	}

	private static StreamRequest request(String conversation) {
		return StreamRequest.builder().user("hi").tag("conversation", conversation).build();
	}

	@Test
	void targetsAreTriedAsListed() {
		assertThat(selection(Route.builder("r")).order(StreamRequest.of("hi"))).containsExactly(this.a, this.b, this.c);
	}

	@Test
	void targetsThatAreNotWellComeLast() {
		TargetSelection selection = selection(Route.builder("r"));
		this.healthOfA = TargetHealth.State.LIMITED;
		assertThat(selection.order(StreamRequest.of("hi"))).containsExactly(this.b, this.c, this.a);
	}

	@Test
	void heavierTargetsAreDrawnMoreOften() {
		TargetSelection selection = selection(Route.builder("r").order(TargetOrder.WEIGHTED));
		this.random.addAll(List.of(0.05, 0.5, 0.15, 0.0, 0.45, 0.3));
		assertThat(selection.order(StreamRequest.of("hi"))).containsExactly(this.a, this.c, this.b);
		assertThat(selection.order(StreamRequest.of("hi"))).containsExactly(this.b, this.a, this.c);
		assertThat(selection.order(StreamRequest.of("hi"))).containsExactly(this.c, this.b, this.a);
	}

	@Test
	void aConversationStaysWithWhoAnsweredIt() {
		TargetSelection selection = selection(Route.builder("r").sticky(StickySettings.defaults()));
		selection.answered(request("1"), this.c);
		assertThat(selection.order(request("1"))).containsExactly(this.c, this.a, this.b);
		assertThat(selection.order(request("2"))).containsExactly(this.a, this.b, this.c);
		assertThat(selection.order(StreamRequest.of("hi"))).containsExactly(this.a, this.b, this.c);
	}

	@Test
	void aConversationLeavesATargetThatIsNotWell() {
		TargetSelection selection = selection(Route.builder("r").sticky(StickySettings.defaults()));
		selection.answered(request("1"), this.a);
		this.healthOfA = TargetHealth.State.DOWN;
		assertThat(selection.order(request("1"))).containsExactly(this.b, this.c, this.a);
	}

	@Test
	void idleConversationsAreForgotten() {
		StickyChoices choices = new StickyChoices(new StickySettings("t", Duration.ofMinutes(1), 10), this.clock::get);
		choices.remember("1", this.a);
		choices.remember("2", this.b);
		this.clock.addAndGet(Duration.ofSeconds(40).toNanos());
		assertThat(choices.find("1")).isSameAs(this.a);
		this.clock.addAndGet(Duration.ofSeconds(40).toNanos());
		assertThat(choices.find("2")).isNull();
		assertThat(choices.find("1")).isSameAs(this.a);
		assertThat(choices.size()).isEqualTo(1);
	}

	@Test
	void noMoreConversationsAreRememberedThanMayBe() {
		StickyChoices choices = new StickyChoices(new StickySettings("t", Duration.ofMinutes(1), 2), this.clock::get);
		choices.remember("1", this.a);
		choices.remember("2", this.b);
		choices.find("1");
		choices.remember("3", this.c);
		assertThat(choices.find("2")).isNull();
		assertThat(choices.find("1")).isSameAs(this.a);
		assertThat(choices.find("3")).isSameAs(this.c);
	}

	@Test
	void afterATargetThatBrokeOffTheOthersComeFirst() {
		TargetPlan plan = new TargetPlan(List.of(this.a, this.b, this.c));
		assertThat(plan.next()).isSameAs(this.a);
		plan.failedToBegin(this.a);
		assertThat(plan.next()).isSameAs(this.b);
		plan.brokeOff(this.b);
		assertThat(plan.next()).isSameAs(this.c);
		assertThat(plan.next()).isSameAs(this.b);
		assertThat(plan.next()).isSameAs(this.a);
		assertThat(plan.next()).isNull();
	}

	@Test
	void aPercentileNeedsItsSamples() {
		FirstTokenTimes times = new FirstTokenTimes();
		for (int i = 1; i < 20; i++) {
			times.add(Duration.ofMillis(i).toNanos());
		}
		assertThat(times.percentile(95, 20)).isNull();
		times.add(Duration.ofMillis(20).toNanos());
		assertThat(times.percentile(95, 20)).isEqualTo(Duration.ofMillis(19));
		for (int i = 0; i < FirstTokenTimes.MAX_SAMPLES; i++) {
			times.add(Duration.ofSeconds(1).toNanos());
		}
		assertThat(times.percentile(50, 20)).isEqualTo(Duration.ofSeconds(1));
	}

}
