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

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import io.llmstream.observation.GenAiConvention;
import io.llmstream.observation.GenAiName;
import io.llmstream.test.Script;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.WebApplicationType;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is exported by OTLP has the names of the conventions, read from their one table.
 */
class OtlpExportTests {

	@ParameterizedTest
	@EnumSource
	void metersAndSpansHaveTheNamesOfTheConvention(GenAiConvention convention) {
		try (OtlpReceiver receiver = new OtlpReceiver()) {
			ask(receiver, convention);
			Map<String, Metric> metrics = receiver.metrics()
				.stream()
				.collect(Collectors.toMap(Metric::getName, (metric) -> metric, (one, other) -> other, TreeMap::new));
			for (String name : GenAiName.all(GenAiName.Use.TIMER, convention)) {
				HistogramDataPoint point = metrics.get(name).getHistogram().getDataPoints(0);
				assertThat(point.getExplicitBoundsList()).as(name).startsWith(0.01, 0.02).endsWith(40.96, 81.92);
				assertThat(metrics.get(name).getUnit()).startsWith("s");
			}
			for (String name : GenAiName.all(GenAiName.Use.TOKEN_HISTOGRAM, convention)) {
				assertThat(metrics.get(name).getHistogram().getDataPoints(0).getExplicitBoundsList()).as(name)
					.startsWith(1.0, 4.0)
					.endsWith(67108864.0);
			}
			for (String name : GenAiName.all(GenAiName.Use.TOKEN_COUNTER, convention)) {
				assertThat(metrics.get(name).getSum().getIsMonotonic()).as(name).isTrue();
			}
			Set<String> tags = metrics.values()
				.stream()
				.flatMap((metric) -> keys(metric).stream())
				.collect(Collectors.toSet());
			assertThat(tags).containsAll(GenAiName.all(GenAiName.Use.TAG, convention));
			assertSpans(receiver.spans(), convention);
		}
	}

	private static void ask(OtlpReceiver receiver, GenAiConvention convention) {
		try (ObservedApplication application = new ObservedApplication(WebApplicationType.NONE,
				"llm-stream.observation.convention=" + ((convention == GenAiConvention.V1_41) ? "v1.41" : "latest"),
				"management.otlp.metrics.export.enabled=true",
				"management.otlp.metrics.export.url=" + receiver.url("/v1/metrics"),
				"management.otlp.metrics.export.base-time-unit=seconds", "management.tracing.export.enabled=true",
				"management.tracing.sampling.probability=1.0",
				"management.opentelemetry.tracing.export.otlp.endpoint=" + receiver.url("/v1/traces"))) {
			application.first.enqueue(Script.text("Hello", " wor", "ld").usage(30, 12));
			application.client("chat").prompt("a secret question").tag("conversation", "c-1").call();
		}
	}

	private static void assertSpans(List<Span> spans, GenAiConvention convention) {
		Span call = spans.stream().filter((span) -> span.getName().equals("chat m1")).findFirst().orElseThrow();
		assertThat(call.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_CLIENT);
		Map<String, String> attributes = call.getAttributesList()
			.stream()
			.collect(Collectors.toMap(KeyValue::getKey, (value) -> value.getValue().getStringValue()));
		assertThat(attributes)
			.containsKeys("gen_ai.operation.name", "gen_ai.provider.name", "server.address",
					GenAiName.USAGE_CACHE_WRITE_TOKENS.in(convention), "gen_ai.response.finish_reasons")
			.containsEntry("gen_ai.usage.input_tokens", "30")
			.containsEntry("gen_ai.conversation.id", "c-1");
		assertThat(attributes.keySet()).doesNotContainAnyElementsOf(GenAiName.all(GenAiName.Use.CONTENT, convention));
		assertThat(spans.toString()).doesNotContain("secret").doesNotContain("Hello");
		assertThat(spans).as("the HTTP client's span is a child of it").anySatisfy((span) -> {
			assertThat(span.getParentSpanId()).isEqualTo(call.getSpanId());
			assertThat(span.getName()).startsWithIgnoringCase("http post");
		});
		assertThat(spans).as("the route's span is its parent")
			.anySatisfy((span) -> assertThat(span.getSpanId()).isEqualTo(call.getParentSpanId()));
	}

	private static List<String> keys(Metric metric) {
		List<KeyValue> values = switch (metric.getDataCase()) {
			case HISTOGRAM -> metric.getHistogram().getDataPoints(0).getAttributesList();
			case SUM -> metric.getSum().getDataPoints(0).getAttributesList();
			default -> List.of();
		};
		return values.stream().map(KeyValue::getKey).toList();
	}

}
