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

package io.llmstream.benchmarks.micro;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import io.llmstream.benchmarks.load.TokenText;
import io.llmstream.relay.RelayBatch;
import io.llmstream.relay.RelaySettings;
import io.llmstream.relay.RunEvent;
import io.llmstream.relay.RunLog;
import io.llmstream.relay.RunLogs;
import io.llmstream.relay.RunSettings;
import io.llmstream.relay.protocol.EventEncoder;
import io.llmstream.relay.protocol.RelayProtocol;
import io.llmstream.relay.protocol.WireBuffer;

/**
 * The way of one answer from events to bytes, and through the log.
 */
final class EventWork {

	/** Events of one write, where a browser is as fast as its provider. */
	private static final int BATCH = 8;

	private final List<RunEvent> events = new ArrayList<>();

	private final List<RelayBatch> batches = new ArrayList<>();

	private final WireBuffer buffer = new WireBuffer();

	EventWork(int tokens) {
		byte[] text = new byte[TokenText.LENGTH];
		for (int i = 0; i < tokens; i++) {
			TokenText.write(i, TokenText.now(), text, 0);
			this.events.add(new RunEvent.Delta(i + 1, RunEvent.Kind.TEXT, new String(text, StandardCharsets.US_ASCII),
					0, null, null));
		}
		for (int i = 0; i < tokens; i += BATCH) {
			this.batches.add(new RelayBatch(i == 0, this.events.subList(i, Math.min(tokens, i + BATCH))));
		}
	}

	/**
	 * Encode the answer for one browser.
	 * @return how many bytes that took
	 */
	int encode(RelayProtocol protocol) {
		EventEncoder encoder = protocol.newEncoder();
		int bytes = 0;
		for (RelayBatch batch : this.batches) {
			bytes += encoder.encode(batch, this.buffer).length;
		}
		return bytes;
	}

	/**
	 * Write the answer to a log, from which a browser reads at once, or which it finds
	 * afterwards.
	 * @param live whether it reads each event at once
	 * @return how many events it read
	 */
	int log(boolean live) {
		RunLog log = RunLogs.inMemory(RelaySettings.defaults(), RunSettings.defaults().withMaxRunSize(Long.MAX_VALUE))
			.create("run", null);
		int read = 0;
		try (RunLog.Reader reader = log.reader(0, () -> {
		})) {
			for (RunEvent event : this.events) {
				log.append(event, event.seq() == 1);
				log.publish();
				if (live) {
					read += reader.read(32 * 1024).size();
				}
			}
			while (reader.pending() != RunLog.Pending.NOTHING) {
				read += reader.read(32 * 1024).size();
			}
		}
		return read;
	}

}
