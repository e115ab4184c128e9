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

import java.time.Duration;
import java.util.Arrays;

import io.llmstream.StreamRequest;
import io.llmstream.StreamingModel;
import io.llmstream.Token;
import io.llmstream.test.Script;
import io.llmstream.test.ScriptedProvider;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A thousand answers at once, with the heap that this module's tests run with (256 MB),
 * provider and client in one process.
 */
class ManyStreamsTests {

	private static final Logger logger = LoggerFactory.getLogger(ManyStreamsTests.class);

	private static final int STREAMS = 1000;

	private static final int TOKENS = 200;

	@Test
	void aThousandStreamsCompleteWithoutAThreadEachAndLoseNothing() {
		String[] pieces = new String[TOKENS];
		Arrays.setAll(pieces, (i) -> " token-" + i);
		String whole = String.join("", pieces);
		try (ScriptedProvider provider = ScriptedProvider.start().withoutRecording()) {
			provider.always(Script.text(pieces).everyMillis(50).usage(1, TOKENS));
			StreamingModel model = Loopback.model("openai", provider.baseUrl(), STREAMS, StreamTimeouts.defaults(),
					"test-model");
			int threadsBefore = Thread.activeCount();
			int[] mostThreads = { 0 };
			long start = System.nanoTime();
			Flux<String> answers = Flux.range(0, STREAMS)
				.flatMap(
						(i) -> answer(model)
							.doOnNext((text) -> mostThreads[0] = Math.max(mostThreads[0], Thread.activeCount())),
						STREAMS);
			StepVerifier.create(answers)
				.thenConsumeWhile(whole::equals)
				.expectComplete()
				.verify(Duration.ofSeconds(90));
			double seconds = (System.nanoTime() - start) / 1e9;
			logger.warn("{} streams of {} tokens at 20 tokens/s: all complete after {} s, {} threads, heap limit {} MB",
					STREAMS, TOKENS, Math.round(seconds * 10) / 10.0, mostThreads[0],
					Runtime.getRuntime().maxMemory() >> 20);
			assertThat(mostThreads[0]).as("threads").isLessThan(threadsBefore + 50);
			assertThat(Runtime.getRuntime().maxMemory()).as("heap limit").isLessThanOrEqualTo(256L << 20);
		}
	}

	private static Mono<String> answer(StreamingModel model) {
		return model.stream(StreamRequest.of("Hello"))
			.ofType(Token.Text.class)
			.collect(StringBuilder::new, (all, token) -> all.append(token.text()))
			.map(StringBuilder::toString);
	}

}
