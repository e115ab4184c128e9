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

package io.llmstream.usage;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StoreWriter}.
 */
@Timeout(30)
class StoreWriterTests {

	private static final int BUFFER = 2;

	private static List<UsageEntry> entries(int count) {
		List<UsageEntry> entries = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			entries.add(Entries.stream("e" + i, Entries.TIME, Map.of()));
		}
		return entries;
	}

	private static StoreWriter writer(Consumer<List<UsageEntry>> add) {
		UsageStore store = new UsageStore() {

			@Override
			public void add(List<UsageEntry> entries) {
				add.accept(entries);
			}

			@Override
			public List<UsageRow> query(UsageQuery query) {
				return List.of();
			}

			@Override
			public List<UsageEntry> latest(int limit) {
				return List.of();
			}

		};
		return new StoreWriter(UsageLedger.builder(store).bufferSize(BUFFER).batchSize(1), new EntryIds());
	}

	private static long count(List<UsageEntry> entries) {
		return entries.stream().mapToLong(UsageEntry::count).sum();
	}

	@Test
	void whatWasAddedUpIsStoredThoughEntriesNeverStopWaiting() throws Exception {
		CompletableFuture<StoreWriter> itself = new CompletableFuture<>();
		CompletableFuture<Long> sum = new CompletableFuture<>();
		StoreWriter writer = writer((batch) -> {
			batch.stream()
				.filter((entry) -> entry.count() > 1)
				.findFirst()
				.ifPresent((entry) -> sum.complete(entry.count()));
			if (!sum.isDone()) {
				itself.join().accept(entries(BUFFER));
			}
		});
		itself.complete(writer);
		writer.accept(entries(10));
		assertThat(sum.get(10, TimeUnit.SECONDS)).isEqualTo(8);
		writer.close(Duration.ofSeconds(10));
		assertThat(writer.pending()).isZero();
	}

	@Test
	void whatCanNeverBeStoredIsLostAndHoldsNothingUp() {
		AtomicInteger batches = new AtomicInteger();
		StoreWriter writer = writer((batch) -> {
			if (batches.getAndIncrement() == 0) {
				throw new UnstorableEntriesException(count(batch), "refused");
			}
		});
		writer.accept(entries(1));
		assertThat(writer.flush(Duration.ofSeconds(10))).isTrue();
		writer.accept(entries(1));
		assertThat(writer.flush(Duration.ofSeconds(10))).isTrue();
		assertThat(batches).hasValue(2);
		assertThat(writer.lost()).isEqualTo(1);
		assertThat(writer.failedWrites()).isZero();
		writer.close(Duration.ofSeconds(10));
	}

	@Test
	void anErrorOfTheStoreEndsNothing() {
		AtomicInteger errors = new AtomicInteger(2);
		AtomicLong stored = new AtomicLong();
		StoreWriter writer = writer((batch) -> {
			if (errors.getAndDecrement() > 0) {
				throw new StackOverflowError();
			}
			stored.addAndGet(count(batch));
		});
		writer.accept(entries(3));
		assertThat(writer.flush(Duration.ofSeconds(10))).isTrue();
		assertThat(stored).hasValue(3);
		assertThat(writer.failedWrites()).isEqualTo(2);
		writer.close(Duration.ofSeconds(10));
		assertThat(writer.lost()).isZero();
	}

	@Test
	void whatWasAddedUpIsCountedAmongWhatWaitsAndWhatIsLost() {
		CompletableFuture<List<UsageEntry>> first = new CompletableFuture<>();
		StoreWriter writer = writer((batch) -> {
			first.complete(batch);
			throw new IllegalStateException("The database is gone");
		});
		writer.accept(entries(10));
		assertThat(count(first.join())).isPositive();
		assertThat(writer.pending()).isEqualTo(10);
		writer.close(Duration.ZERO);
		assertThat(writer.lost()).isEqualTo(10);
	}

}
