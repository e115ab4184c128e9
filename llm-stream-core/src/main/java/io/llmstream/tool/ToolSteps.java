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

package io.llmstream.tool;

import java.util.List;
import java.util.Objects;

import io.llmstream.AttemptLedger;
import io.llmstream.ErrorKind;
import io.llmstream.LlmStreamException;
import io.llmstream.Message;
import io.llmstream.Part;
import io.llmstream.StreamAttempt;
import io.llmstream.StreamFailure;
import io.llmstream.StreamRequest;
import io.llmstream.Token;
import io.llmstream.ToolChoice;
import io.llmstream.ToolOptions;
import io.llmstream.Usage;
import org.jspecify.annotations.Nullable;
import reactor.util.context.ContextView;

/**
 * What the steps of one answer have in common: the conversation as it grows, what they
 * used, and how they end. For the thread that drains alone.
 */
final class ToolSteps {

	private final StringBuilder text = new StringBuilder();

	private final ContextView context;

	private final int most;

	private StreamRequest request;

	private @Nullable Usage usage;

	private int number = 1;

	private int callsBefore;

	ToolSteps(StreamRequest request, ContextView context) {
		this.request = request;
		this.context = context;
		ToolOptions options = request.toolOptions();
		this.most = Objects.requireNonNull(options.maxSteps());
	}

	StreamRequest request() {
		return this.request;
	}

	int number() {
		return this.number;
	}

	int callsBefore() {
		return this.callsBefore;
	}

	boolean isLast() {
		return this.number >= this.most;
	}

	/**
	 * A step is over, and another follows.
	 * @param said what the model said
	 * @param results what its tools answered
	 * @param finish how the step ended
	 * @param calls how many calls it made
	 */
	void add(List<Part> said, List<Part> results, Token.Finish finish, int calls) {
		StreamRequest.Builder next = this.request.mutate().message(new Message(Message.Role.ASSISTANT, said));
		if (!results.isEmpty()) {
			next.message(new Message(Message.Role.TOOL, results));
		}
		ToolChoice choice = this.request.toolChoice();
		if (choice != null && (choice.mode() == ToolChoice.Mode.REQUIRED || choice.mode() == ToolChoice.Mode.TOOL)) {
			// the tool was called: to be forced again would never end
			next.toolChoice(null);
		}
		this.request = next.build();
		this.usage = used(finish.usage());
		this.callsBefore += calls;
		this.number++;
		for (Part part : said) {
			if (part instanceof Part.Text piece) {
				this.text.append(piece.text());
			}
		}
	}

	private Usage used(Usage more) {
		return (this.usage != null) ? this.usage.plus(more) : more;
	}

	/**
	 * The end of the answer, with what all its steps used.
	 */
	Token.Finish complete(Token.Finish finish) {
		return new Token.Finish(finish.reason(), finish.rawReason(), used(finish.usage()), finish.responseId(),
				finish.model(), finish.attempts());
	}

	/**
	 * A failure of the model, with what came before its step.
	 */
	Throwable withEarlierSteps(Throwable error) {
		if (this.number == 1 || !(error instanceof LlmStreamException known)) {
			return error;
		}
		StreamFailure failure = known.getFailure();
		LlmStreamException whole = StreamFailure.of(failure.kind(), failure.provider(), failure.message())
			.model(failure.model())
			.response(failure.status(), failure.requestId())
			.said(failure.code(), failure.providerMessage(), failure.retryAfter())
			.partial(this.text + failure.partialText(), used(failure.usage()), failure.responseId())
			.cause(failure.cause())
			.toException();
		whole.setStackTrace(error.getStackTrace());
		return whole;
	}

	LlmStreamException truncated(ToolStep step) {
		return failure(ErrorKind.TRUNCATED, "the answer ended before it was complete")
			.partial(this.text + step.text(), used(usage(step)), null)
			.toException();
	}

	LlmStreamException limitReached(ToolStep step) {
		return failure(ErrorKind.TOOL_STEP_LIMIT,
				"the model called tools in " + this.most + " steps, and may have no more; see maxSteps")
			.partial(this.text + step.text(), used(usage(step)), null)
			.toException();
	}

	LlmStreamException toolFailed(Token.ToolCall call, Throwable error, ToolStep step) {
		return failure(ErrorKind.TOOL_FAILED, "the tool '" + call.name() + "' failed")
			.partial(this.text + step.text(), used(usage(step)), null)
			.cause(error)
			.toException();
	}

	private static Usage usage(ToolStep step) {
		Token.Finish finish = step.finish();
		return (finish != null) ? finish.usage() : Usage.NONE;
	}

	private StreamFailure.Builder failure(ErrorKind kind, String message) {
		AttemptLedger ledger = AttemptLedger.from(this.context);
		List<StreamAttempt> attempts = (ledger != null) ? ledger.attempts() : List.of();
		StreamAttempt last = (attempts.isEmpty()) ? null : attempts.get(attempts.size() - 1);
		return StreamFailure.of(kind, (last != null) ? last.provider() : "tools", message)
			.model((last != null) ? last.model() : this.request.model());
	}

}
