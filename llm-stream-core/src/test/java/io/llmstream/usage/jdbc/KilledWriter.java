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

package io.llmstream.usage.jdbc;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;

import io.llmstream.FinishReason;
import io.llmstream.LlmStreamClient;
import io.llmstream.Token;
import io.llmstream.Usage;
import io.llmstream.usage.UsageLedger;
import reactor.core.publisher.Flux;

import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * A process that writes a usage ledger until it is killed.
 */
final class KilledWriter {

	/** After how many streams the process says how many there were. */
	static final int STEP = 50;

	private static final int BUFFER = 1_000;

	private static final int BATCH = 200;

	/**
	 * How many streams can be lost: two entries each, in the buffer of the ledger's
	 * thread, in that of the store's, and in the batch that is being written.
	 */
	static final int MOST_WAITING = (2 * BUFFER + BATCH) / 2 + STEP;

	private KilledWriter() {
	}

	public static void main(String[] arguments) throws InterruptedException {
		PrintStream progress = new PrintStream(new FileOutputStream(FileDescriptor.out), true);
		JdbcUsageStore store = new JdbcUsageStore(new SingleConnectionDataSource(arguments[0], true),
				JdbcUsageStore.DEFAULT_TABLE_PREFIX, ZoneOffset.UTC);
		UsageLedger ledger = UsageLedger.builder(store)
			.bufferSize(BUFFER)
			.batchSize(BATCH)
			.flushInterval(Duration.ofMillis(200))
			.build();
		for (long number = 1;; number++) {
			Usage usage = Usage.reported(number, 1);
			LlmStreamClient client = LlmStreamClient
				.builder("chat", (request) -> Flux.just(new Token.Finish(FinishReason.STOP, "stop", usage, null, "m")))
				.contributors(List.of(ledger))
				.build();
			client.prompt("hello").tag("user", "anna").stream().blockLast();
			if (number % STEP == 0) {
				progress.println(number);
				Thread.sleep(30);
			}
			// a slow database: entries that were added up would come in another order
			while (ledger.state().pending() > BUFFER / 2) {
				Thread.sleep(1);
			}
		}
	}

}
