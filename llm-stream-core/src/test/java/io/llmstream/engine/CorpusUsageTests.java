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

package io.llmstream.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

import io.llmstream.CorpusFolder;
import io.llmstream.LlmStreamClient;
import io.llmstream.StreamOutcome;
import io.llmstream.StreamRequest;
import io.llmstream.Token;
import io.llmstream.Usage;
import io.llmstream.http.HttpAnswer;
import io.llmstream.http.HttpCall;
import io.llmstream.http.HttpExchange;
import io.llmstream.provider.ProviderDialect;
import io.llmstream.usage.KeptEntries;
import io.llmstream.usage.UsageEntry;
import io.llmstream.usage.UsageLedger;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the usage ledger writes down of every recorded stream: as it is, cut anywhere, and
 * cancelled anywhere.
 */
class CorpusUsageTests {

	private static final Duration LIMIT = Duration.ofSeconds(20);

	private static final JsonMapper mapper = JsonMapper.builder().build();

	private static final KeptEntries kept = new KeptEntries();

	private static final UsageLedger ledger = UsageLedger.builder(kept).build();

	@AfterAll
	static void close() {
		ledger.close();
	}

	@TestFactory
	Stream<DynamicTest> everyRecordingIsWrittenDownAsItIsExpected() throws IOException {
		return CorpusFolder
			.tests("", 2, ".expected.json",
					(file) -> DynamicTest.dynamicTest(CorpusTests.name(file), () -> check(file)))
			.filter((test) -> !test.getDisplayName().startsWith("sse-conformance/"));
	}

	private static void check(Path file) throws IOException {
		JsonNode expected = mapper.readTree(Files.readString(file));
		byte[] body = Files.readAllBytes(CorpusTests.recording(file));
		ProviderDialect dialect = CorpusTests.dialect(expected, file);
		if (!CorpusTests.holdsSeveralAnswers(expected, body)) {
			UsageEntry whole = attempt(dialect, body, Integer.MAX_VALUE);
			if (expected.path("usage").isObject() && whole.outcome() == StreamOutcome.End.COMPLETED) {
				SoftAssertions softly = new SoftAssertions();
				CorpusTests.usage(softly, expected, whole.usage());
				softly.assertAll();
			}
			else {
				assertNotSilent(whole);
				assertThat(whole.usage().inputTokens())
					.isGreaterThanOrEqualTo(expected.path("usage").path("input_total").asLong(0));
			}
		}
		for (int tenth = 0; tenth < 10; tenth++) {
			assertNotSilent(attempt(dialect, Arrays.copyOf(body, body.length * tenth / 10), Integer.MAX_VALUE));
			assertNotSilent(attempt(dialect, body, tokens(dialect, body) * tenth / 10));
		}
	}

	private static void assertNotSilent(UsageEntry entry) {
		Usage usage = entry.usage();
		if (entry.finishReason() != null && usage.source() == Usage.Source.REPORTED) {
			return;
		}
		assertThat(usage.source()).as(entry::toString).isIn(Usage.Source.ESTIMATED, Usage.Source.NONE);
		if (usage.source() == Usage.Source.ESTIMATED) {
			assertThat(usage.inputTokens()).as(entry::toString).isPositive();
		}
		if (entry.timing().firstTokens() > 0) {
			assertThat(usage.source()).as(entry::toString).isEqualTo(Usage.Source.ESTIMATED);
		}
	}

	private static int tokens(ProviderDialect dialect, byte[] body) {
		Integer count = client(dialect, body).stream(StreamRequest.of("hello"))
			.onErrorComplete()
			.collectList()
			.map(List::size)
			.block(LIMIT);
		ledger.flush(LIMIT);
		kept.take();
		return (count != null) ? count : 0;
	}

	/**
	 * What is written down of an answer.
	 * @param most after how many tokens the subscriber leaves
	 */
	private static UsageEntry attempt(ProviderDialect dialect, byte[] body, int most) {
		Flux<Token> stream = client(dialect, body).stream(StreamRequest.of("hello"));
		if (most == Integer.MAX_VALUE) {
			stream.onErrorComplete().blockLast(LIMIT);
		}
		else {
			stream.onErrorComplete().take(Math.max(1, most)).blockLast(LIMIT);
		}
		assertThat(ledger.flush(LIMIT)).isTrue();
		List<UsageEntry> entries = kept.take();
		assertThat(entries).extracting(UsageEntry::kind)
			.containsExactly(UsageEntry.Kind.ATTEMPT, UsageEntry.Kind.STREAM);
		assertThat(entries.get(1).usage()).as("of the stream").isEqualTo(entries.get(0).usage());
		assertThat(entries.get(1).outcome()).isEqualTo(entries.get(0).outcome());
		return entries.get(0);
	}

	private static LlmStreamClient client(ProviderDialect dialect, byte[] body) {
		HttpExchange exchange = new HttpExchange() {

			@Override
			public <T> Flux<T> exchange(HttpCall call, Function<HttpAnswer, Publisher<T>> handler) {
				DataBuffer buffer = DefaultDataBufferFactory.sharedInstance.wrap(body);
				return Flux.from(handler.apply(new HttpAnswer(200, Map.of(), Flux.just(buffer))));
			}

		};
		ProviderSettings settings = ProviderSettings.builder("test", dialect)
			.baseUrl("http://127.0.0.1")
			.defaultModel("test-model")
			.timeouts(new StreamTimeouts(null, null, null, null))
			.build();
		return LlmStreamClient.builder("test", new ProviderStreamingModel(settings, exchange))
			.contributors(List.of(ledger))
			.build();
	}

}
