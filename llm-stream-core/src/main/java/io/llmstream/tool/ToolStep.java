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

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

import io.llmstream.CompletionCollector;
import io.llmstream.FinishReason;
import io.llmstream.Part;
import io.llmstream.StreamRequest;
import io.llmstream.StreamingModel;
import io.llmstream.Token;
import io.llmstream.ToolActivity;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One call of the model on behalf of a {@link ToolSubscription}. Signals are handed on;
 * what else is here is used by the thread that drains alone.
 */
final class ToolStep implements CoreSubscriber<Token>, ToolActivity {

	private static final AtomicReferenceFieldUpdater<ToolStep, Subscription> UPSTREAM = AtomicReferenceFieldUpdater
		.newUpdater(ToolStep.class, Subscription.class, "upstream");

	private final ToolSubscription loop;

	private final StreamRequest request;

	private final int number;

	/** How many calls the earlier steps made. */
	private final int callsBefore;

	/** The tools that the loop does not run. */
	private final Set<String> leftToOthers = new HashSet<>();

	private final Context context;

	private volatile @Nullable Subscription upstream;

	private volatile boolean started;

	private final List<Token.ToolCall> calls = new ArrayList<>();

	private final Map<Token.ToolCall, ToolAnswer> answers = new HashMap<>();

	private CompletionCollector collector = new CompletionCollector();

	private int callCount;

	private long outstanding;

	private boolean unbounded;

	private boolean ended;

	private Token.@Nullable Finish finish;

	ToolStep(ToolSubscription loop, StreamRequest request, int number, int callsBefore) {
		this.loop = loop;
		this.request = request;
		this.number = number;
		this.callsBefore = callsBefore;
		this.context = in(loop.context());
		request.tools().forEach((tool) -> this.leftToOthers.add(tool.name()));
		request.toolCallbacks().forEach((tool) -> this.leftToOthers.remove(tool.definition().name()));
	}

	void subscribe(StreamingModel model) {
		try {
			model.stream(this.request.withoutToolCallbacks()).subscribe(this);
		}
		catch (RuntimeException ex) {
			onError(ex);
		}
	}

	// signals of the model

	@Override
	public Context currentContext() {
		return this.context;
	}

	@Override
	public void onSubscribe(Subscription subscription) {
		if (UPSTREAM.compareAndSet(this, null, subscription)) {
			this.loop.subscribed();
		}
		else {
			subscription.cancel();
		}
	}

	@Override
	public void onNext(Token token) {
		if (token instanceof Token.ToolCall call && isRunnable(call)) {
			// at once: what is around the model may ask before the call is worked off
			this.started = true;
		}
		this.loop.next(this, token);
	}

	@Override
	public void onError(Throwable error) {
		this.loop.ended(this, error);
	}

	@Override
	public void onComplete() {
		this.loop.ended(this, null);
	}

	@Override
	public boolean started() {
		return this.started;
	}

	void cancel() {
		Subscription before = UPSTREAM.getAndSet(this, Operators.cancelledSubscription());
		if (before != null) {
			before.cancel();
		}
	}

	/**
	 * Ask for tokens until so many are under way.
	 */
	void demand(long wanted) {
		Subscription source = this.upstream;
		if (source == null || this.ended || this.unbounded || wanted <= this.outstanding) {
			return;
		}
		this.unbounded = wanted == Long.MAX_VALUE;
		long more = (this.unbounded) ? Long.MAX_VALUE : wanted - this.outstanding;
		this.outstanding = wanted;
		source.request(more);
	}

	void received() {
		if (!this.unbounded) {
			this.outstanding--;
		}
	}

	// what the model said

	/**
	 * Whether the loop runs a call. One of a tool that nobody knows is run too, and
	 * fails.
	 */
	boolean isRunnable(Token.ToolCall call) {
		return !this.leftToOthers.contains(call.name());
	}

	/**
	 * Take a token.
	 * @return the token as it is passed on: calls are counted through all steps
	 */
	Token take(Token token) {
		if (token instanceof Token.ToolCall call) {
			this.callCount = Math.max(this.callCount, call.index() + 1);
			this.collector.add(token);
			Token.ToolCall moved = (this.callsBefore == 0) ? call
					: new Token.ToolCall(this.callsBefore + call.index(), call.id(), call.name(), call.arguments());
			this.calls.add(moved);
			return moved;
		}
		if (token instanceof Token.ToolCallDelta delta) {
			this.callCount = Math.max(this.callCount, delta.index() + 1);
			return (this.callsBefore == 0) ? delta : new Token.ToolCallDelta(this.callsBefore + delta.index(),
					delta.id(), delta.name(), delta.arguments());
		}
		if (token instanceof Token.Reset) {
			this.calls.clear();
			this.answers.clear();
			this.callCount = 0;
			this.collector = new CompletionCollector();
			return token;
		}
		this.collector.add(token);
		return token;
	}

	void finished(Token.Finish end) {
		this.finish = end;
	}

	Token.@Nullable Finish finish() {
		return this.finish;
	}

	void ended() {
		this.ended = true;
	}

	boolean hasEnded() {
		return this.ended;
	}

	void answered(ToolAnswer answer) {
		this.answers.put(answer.call(), answer);
	}

	/**
	 * Whether the model is to be asked again, once all tools have answered. It is not
	 * where a call is left to somebody else, or where the answer was cut.
	 */
	boolean wantsMore() {
		FinishReason reason = (this.finish != null) ? this.finish.reason() : FinishReason.OTHER;
		if (reason == FinishReason.PAUSE) {
			return true;
		}
		return !this.calls.isEmpty() && reason != FinishReason.LENGTH && reason != FinishReason.CONTENT_FILTER
				&& reason != FinishReason.REFUSAL && reason != FinishReason.ERROR
				&& this.calls.stream().allMatch(this::isRunnable);
	}

	List<Part> parts() {
		return this.collector.parts();
	}

	/**
	 * The results, in the order of the calls.
	 */
	List<Part> results() {
		List<Part> results = new ArrayList<>();
		for (Token.ToolCall call : this.calls) {
			ToolAnswer answer = this.answers.get(call);
			if (answer != null) {
				results.add(answer.toPart());
			}
		}
		return results;
	}

	int callCount() {
		return this.callCount;
	}

	int number() {
		return this.number;
	}

	StreamRequest request() {
		return this.request;
	}

	/**
	 * The text of this step so far.
	 */
	String text() {
		StringBuilder text = new StringBuilder();
		for (Part part : this.collector.parts()) {
			if (part instanceof Part.Text piece) {
				text.append(piece.text());
			}
		}
		return text.toString();
	}

}
