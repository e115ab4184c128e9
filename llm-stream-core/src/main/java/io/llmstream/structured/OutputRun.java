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

package io.llmstream.structured;

import java.util.ArrayList;
import java.util.List;

import io.llmstream.ErrorKind;
import io.llmstream.FinishReason;
import io.llmstream.InvalidOutputException;
import io.llmstream.Partial;
import io.llmstream.StreamFailure;
import io.llmstream.StreamRequest;
import io.llmstream.Token;
import io.llmstream.Usage;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.SynchronousSink;

/**
 * One subscription to an object. Tokens pass it twice, one at a time: first they are
 * {@linkplain #check read and checked}, so that an answer that is wrong can be asked for
 * again, then they become what the subscriber gets.
 *
 * @param <T> the type of what the subscriber gets
 */
final class OutputRun<T> {

	private final String client;

	private final OutputType type;

	private final OutputSettings settings;

	private final @Nullable ElementReader<T> elements;

	private final StringBuilder text = new StringBuilder();

	private final StringBuilder refusal = new StringBuilder();

	private GrowingJson json;

	/** Whether a step goes on after the whole list, whose elements are delivered. */
	private boolean afterwards;

	private @Nullable GrowingJson later;

	private long shown;

	private @Nullable Object value;

	private boolean delivered;

	private @Nullable OutputProblem problem;

	/**
	 * Begin.
	 * @param client the name of the client
	 * @param type what the model writes
	 * @param settings limits, and who validates
	 * @param elements reads elements, or {@code null} if the whole is wanted
	 */
	OutputRun(String client, OutputType type, OutputSettings settings, @Nullable ElementReader<T> elements) {
		this.client = client;
		this.type = type;
		this.settings = settings;
		this.elements = elements;
		this.json = newJson(type.takesArrays());
	}

	private GrowingJson newJson(boolean arrays) {
		return new GrowingJson(arrays, this.settings.maxDepth(), this.settings.maxLength());
	}

	/**
	 * Read a token.
	 * @param token the token
	 * @param sink receives it, or the error for an answer that is wrong
	 */
	void check(Token token, SynchronousSink<Token> sink) {
		try {
			if (token instanceof Token.Text piece) {
				this.text.append(piece.text());
				text(piece.text());
			}
			else if (token instanceof Token.Refusal piece) {
				this.refusal.append(piece.text());
			}
			else if (token instanceof Token.Reset) {
				reset();
			}
			else if (token instanceof Token.StepStart) {
				step();
			}
			else if (token instanceof Token.Finish finish) {
				finish(finish);
			}
			sink.next(token);
		}
		catch (InvalidJsonException ex) {
			readBeforeError();
			fail(new OutputProblem("is not valid JSON: " + ex.getMessage()), null, sink);
		}
		catch (OutputProblemException ex) {
			fail(ex.problem(), (token instanceof Token.Finish finish) ? finish : null, sink);
		}
	}

	private void text(String piece) {
		this.json.accept(piece);
		if (this.afterwards) {
			afterwards(piece);
		}
		else if (this.elements != null) {
			this.elements.read(this.json.snapshot());
		}
	}

	private void step() {
		if (!this.delivered) {
			// what a model says before it calls a tool is no answer
			beginAnew();
		}
		else if (this.json.isComplete()) {
			this.afterwards = true;
			this.later = null;
		}
	}

	/**
	 * A model that has given its list may say that it has done so. If it gives another
	 * one, that is its answer, and the elements that were delivered are not.
	 */
	private void afterwards(String piece) {
		GrowingJson known = this.later;
		if (known == null) {
			String begin = piece.stripLeading();
			if (begin.isEmpty()) {
				return;
			}
			// within prose, brackets are mostly something else
			known = newJson(this.type.takesArrays() && (begin.startsWith("[") || begin.startsWith("`")));
			this.later = known;
		}
		try {
			known.accept(piece);
		}
		catch (InvalidJsonException ex) {
			// braces in prose
			this.later = newJson(false);
		}
		if (known.isBegun() && isList(known)) {
			throw new OutputProblemException(OutputProblem
				.lasting("a later step of the answer began anew, after elements of it had been delivered"));
		}
	}

	private boolean isList(GrowingJson json) {
		JsonSnapshot snapshot = json.snapshot();
		int elements = this.type.completeElements(snapshot);
		return elements > 0 || (elements == 0 && json.isComplete() && snapshot.root().isObject());
	}

	/**
	 * Whether an element counts does not depend on where the provider cut its pieces.
	 */
	private void readBeforeError() {
		if (this.elements != null) {
			try {
				this.elements.read(this.json.snapshot());
			}
			catch (OutputProblemException ex) {
				// what follows it is worse
			}
		}
	}

	/**
	 * The elements that were complete before an error and are not delivered.
	 */
	List<T> rest() {
		return (this.elements != null) ? this.elements.take() : List.of();
	}

	private void reset() {
		if (this.delivered) {
			throw new OutputProblemException(OutputProblem
				.lasting("the answer broke off and began anew, after elements of it had been delivered"));
		}
		beginAnew();
	}

	private void beginAnew() {
		this.json = newJson(this.type.takesArrays());
		this.text.setLength(0);
		this.refusal.setLength(0);
		this.shown = 0;
		this.problem = null;
		if (this.elements != null) {
			this.elements.reset();
		}
	}

	private void finish(Token.Finish finish) {
		if (!this.json.isComplete()) {
			throw new OutputProblemException(incomplete(finish.reason()));
		}
		JsonSnapshot whole = this.json.snapshot();
		if (this.elements != null) {
			this.elements.end(whole);
			return;
		}
		Object object = this.type.bindWhole(whole);
		this.settings.validate(object);
		this.value = object;
	}

	private OutputProblem incomplete(FinishReason reason) {
		if (reason == FinishReason.LENGTH) {
			return OutputProblem.lasting("the answer reached its limit of output tokens before it was complete; set"
					+ " maxOutputTokens of the request to more");
		}
		if (reason == FinishReason.CONTENT_FILTER) {
			return OutputProblem.lasting("the provider's content rules cut the answer");
		}
		if (reason == FinishReason.REFUSAL || !this.refusal.isEmpty()) {
			return OutputProblem.lasting("the model declined to answer");
		}
		if (reason == FinishReason.TOOL_CALLS) {
			return OutputProblem.lasting("the model called a tool, which nobody runs");
		}
		return new OutputProblem(
				(this.json.isBegun()) ? "the JSON of the answer has no end" : "there is no JSON in the answer");
	}

	private void fail(OutputProblem problem, Token.@Nullable Finish finish, SynchronousSink<Token> sink) {
		this.problem = problem;
		boolean blocked = finish != null && finish.reason() == FinishReason.CONTENT_FILTER && !this.json.isComplete();
		StreamFailure.Builder failure = StreamFailure
			.of((blocked) ? ErrorKind.CONTENT_BLOCKED : ErrorKind.INVALID_OUTPUT, this.client,
					"the answer is not the " + this.type.simpleName() + " that was asked for: " + problem.message())
			.partial((this.text.isEmpty()) ? this.refusal.toString() : this.text.toString(),
					(finish != null) ? finish.usage() : Usage.NONE, (finish != null) ? finish.responseId() : null);
		if (finish != null) {
			failure.model(finish.model());
		}
		sink.error(failure.toException());
	}

	/**
	 * Whether the model may be asked again after an error.
	 */
	boolean isRepairable(Throwable error) {
		OutputProblem known = this.problem;
		return error instanceof InvalidOutputException && known != null && known.repairable() && !this.delivered;
	}

	/**
	 * Begin anew, with a request that tells the model what was wrong.
	 */
	StreamRequest repair(StreamRequest request) {
		OutputProblem known = this.problem;
		String wrong = this.text.toString();
		StreamRequest.Builder again = request.mutate();
		if (!wrong.isBlank()) {
			again.assistant(wrong);
		}
		again.user("Your answer could not be used: " + ((known != null) ? known.detail() : "it is not valid JSON")
				+ "\nAnswer again with the corrected JSON, and nothing else.");
		beginAnew();
		return again.build();
	}

	/**
	 * Turn a token that was checked into the object as far as it came.
	 */
	@SuppressWarnings("unchecked")
	void partial(Token token, SynchronousSink<Partial<T>> sink) {
		if (token instanceof Token.Finish && this.value != null) {
			sink.next(new JsonPartial<>(this.type, this.json.snapshot(), (T) this.value));
		}
		else if (token instanceof Token.Text && this.json.version() != this.shown) {
			this.shown = this.json.version();
			sink.next(new JsonPartial<>(this.type, this.json.snapshot()));
		}
	}

	/**
	 * Turn the last token into the object.
	 */
	@SuppressWarnings("unchecked")
	void whole(Token token, SynchronousSink<T> sink) {
		if (token instanceof Token.Finish && this.value != null) {
			sink.next((T) this.value);
		}
	}

	/**
	 * Turn a token that was checked into the elements that it completed.
	 */
	void elements(Token token, SynchronousSink<List<T>> sink) {
		List<T> ready = (this.elements != null) ? this.elements.take() : new ArrayList<>();
		if (!ready.isEmpty()) {
			this.delivered = true;
			sink.next(ready);
		}
	}

}
