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

package io.llmstream.benchmarks.client;

import io.llmstream.benchmarks.load.AnswerCheck;
import io.llmstream.benchmarks.load.TokenText;
import org.jspecify.annotations.Nullable;

/**
 * Receives one answer, from one thread at a time. Either text, which is checked, or
 * bytes, which are counted.
 */
public final class Answer {

	private final ClientRun run;

	private final AnswerCheck check;

	private final long asked = TokenText.now();

	private long bytes;

	private boolean begun;

	private boolean ended;

	Answer(ClientRun run) {
		this.run = run;
		this.check = new AnswerCheck(run.latency()::record, run.firstToken()::record, run.workload().rate() > 0);
	}

	/**
	 * Take a piece of the text.
	 * @param text the piece
	 */
	public void text(String text) {
		this.check.text(text);
	}

	/**
	 * Take bytes that nobody looked into.
	 * @param count how many
	 * @param stamp the time of a token among them, or -1
	 */
	public void bytes(int count, long stamp) {
		this.bytes += count;
		if (stamp >= 0) {
			if (!this.begun) {
				this.begun = true;
				this.run.firstToken().record(TokenText.now() - this.asked);
			}
			if (this.run.workload().rate() > 0) {
				this.run.latency().record(TokenText.now() - stamp);
			}
		}
	}

	/**
	 * Say that the answer has ended.
	 * @param failure why it failed, or {@code null} if it did not
	 */
	public void end(@Nullable Throwable failure) {
		if (!this.ended) {
			this.ended = true;
			int tokens = this.run.workload().tokens();
			boolean whole = (this.bytes > 0) ? this.bytes == this.run.wire().bodyBytes(tokens)
					: this.check.isComplete(tokens) && this.check.lostSpaces() == 0;
			this.run.ended(whole && failure == null, failure);
		}
	}

	long tokens() {
		return (this.bytes > 0) ? Math.min(this.run.workload().tokens(), this.bytes / this.run.wire().bytesPerToken())
				: this.check.tokens();
	}

}
