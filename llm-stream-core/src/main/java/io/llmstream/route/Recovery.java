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

package io.llmstream.route;

import io.llmstream.ErrorKind;
import io.llmstream.LlmStreamException;
import io.llmstream.StreamFailure;
import io.llmstream.StreamRequest;
import io.llmstream.Token;
import io.llmstream.ToolActivity;
import io.llmstream.Usage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Operators;

/**
 * Decides for one stream what comes after a failure. For the thread that drains alone.
 */
final class Recovery {

	private static final Logger logger = LoggerFactory.getLogger(Recovery.class);

	/**
	 * Browsers may read it: it names nobody.
	 */
	private static final String RESET_REASON = "The answer broke off and begins anew.";

	private final RoutingModel model;

	private final Route route;

	private final StreamRequest request;

	private final RouteSubscription subscription;

	private final SentAnswer answer;

	private final UsageSum spent = new UsageSum();

	private @Nullable TargetPlan plan;

	private int recoveries;

	Recovery(RoutingModel model, StreamRequest request, RouteSubscription subscription) {
		this.model = model;
		this.route = model.route();
		this.request = request;
		this.subscription = subscription;
		this.answer = new SentAnswer(this.route.midStream() == MidStreamPolicy.CONTINUE);
	}

	void begin() {
		RouteTarget first;
		try {
			first = plan().next();
		}
		catch (RuntimeException ex) {
			// what says how a target is doing is the application's own
			this.subscription.fail(ex);
			return;
		}
		if (first != null) {
			ask(first);
		}
	}

	private TargetPlan plan() {
		TargetPlan known = this.plan;
		if (known == null) {
			known = new TargetPlan(this.model.selection().order(this.request));
			this.plan = known;
		}
		return known;
	}

	void sent(Token token) {
		this.answer.add(token);
	}

	void reset() {
		this.answer.reset();
	}

	/**
	 * The end of the answer, with what all of it used.
	 */
	Token.Finish complete(Token.Finish finish) {
		return new Token.Finish(finish.reason(), finish.rawReason(), this.spent.with(finish.usage()),
				finish.responseId(), finish.model(), finish.attempts());
	}

	boolean isCuredByAnother(Throwable error) {
		return error instanceof LlmStreamException known && this.route.failoverOn().contains(known.getKind());
	}

	/**
	 * One of two targets that are being asked failed before it spoke; the other goes on.
	 */
	void failedBeside(Leg leg, Throwable error) {
		logger.debug("{}: {} failed beside another: {}", this.model, leg.target(), kind(error));
		plan().failedToBegin(leg.target());
	}

	boolean mayHedge() {
		return this.route.hedge() != null && !this.answer.hasContent() && plan().hasNext();
	}

	/**
	 * The next target, to be asked beside one that has not spoken yet.
	 */
	@Nullable Leg nextBeside() {
		RouteTarget next = plan().next();
		try {
			return (next != null) ? leg(next, null) : null;
		}
		catch (RuntimeException ex) {
			Operators.onErrorDropped(ex, this.subscription.context());
			return null;
		}
	}

	/**
	 * The only target that is being asked has failed.
	 */
	void failed(Leg leg, Throwable error) {
		if (!(error instanceof LlmStreamException known)) {
			this.subscription.fail(error);
		}
		else if (leg.hasSentContent() || (leg.continuation() != null && leg.hasSpoken())) {
			brokeOff(leg, known);
		}
		else if (leg.continuation() == Continuation.PREFILL && known.getKind() == ErrorKind.INVALID_REQUEST) {
			logger.debug("{}: {} does not take the beginning of its answer; asking with a prompt", this.model,
					leg.target());
			this.model.prefillRefused(leg.target(), leg.request());
			ask(leg.target());
		}
		else if (isCuredByAnother(known)) {
			plan().failedToBegin(leg.target());
			next(leg, known);
		}
		else {
			fail(known);
		}
	}

	private void brokeOff(Leg leg, LlmStreamException error) {
		if (!isCuredByAnother(error) || this.recoveries == this.route.maxRecoveries()) {
			fail(error);
			return;
		}
		MidStreamPolicy policy = this.route.midStream();
		if (policy == MidStreamPolicy.CONTINUE && this.answer.canContinue() && this.request.responseFormat() == null) {
			this.spent.add(error.getUsage());
		}
		else if ((policy == MidStreamPolicy.RESTART && this.answer.canRestart(isToolStarted()))
				|| (policy == MidStreamPolicy.CONTINUE && this.answer.isBeforeAnswer())) {
			this.answer.reset();
			this.spent.reset();
			this.subscription.pass(new Token.Reset(RESET_REASON));
		}
		else {
			fail(error);
			return;
		}
		this.recoveries++;
		plan().brokeOff(leg.target());
		next(leg, error);
	}

	private boolean isToolStarted() {
		ToolActivity tools = ToolActivity.from(this.subscription.context());
		return tools == null || tools.started();
	}

	private void next(Leg failed, LlmStreamException error) {
		RouteTarget next = plan().next();
		if (next == null) {
			fail(error);
			return;
		}
		logger.debug("{}: {} failed with {}; asking {}", this.model, failed.target(), error.getKind(), next);
		ask(next);
	}

	private void ask(RouteTarget target) {
		Leg leg;
		try {
			leg = (this.answer.hasText()) ? continuation(target) : leg(target, null);
		}
		catch (RuntimeException ex) {
			// an operator or a prompt of the application's own
			this.subscription.fail(ex);
			return;
		}
		this.subscription.ask(leg);
	}

	private Leg continuation(RouteTarget target) {
		String text = this.answer.text();
		return leg(target, this.model.continuation(target, target.prepare(this.request), text));
	}

	private Leg leg(RouteTarget target, @Nullable Continuation continuation) {
		StreamRequest own = target.prepare(this.request);
		if (continuation == null) {
			return new Leg(this.subscription, target, own, null, null);
		}
		String text = this.answer.text();
		ContinuationSettings settings = this.route.continuation();
		StreamRequest rest = this.spent.limit(continuation.request(own, text, settings));
		return new Leg(this.subscription, target, rest, continuation, continuation.join(text, settings));
	}

	/**
	 * Fail with all the text that was emitted, and all that was used.
	 */
	private void fail(LlmStreamException error) {
		StreamFailure failure = error.getFailure();
		String text = (this.answer.hasText() && this.route.midStream() == MidStreamPolicy.CONTINUE) ? this.answer.text()
				: failure.partialText();
		Usage usage = this.spent.with(failure.usage());
		if (text.equals(failure.partialText()) && usage.equals(failure.usage())) {
			this.subscription.fail(error);
			return;
		}
		LlmStreamException whole = StreamFailure.of(failure.kind(), failure.provider(), failure.message())
			.model(failure.model())
			.response(failure.status(), failure.requestId())
			.said(failure.code(), failure.providerMessage(), failure.retryAfter())
			.partial(text, usage, failure.responseId())
			.cause(failure.cause())
			.toException();
		whole.setStackTrace(error.getStackTrace());
		this.subscription.fail(whole);
	}

	/**
	 * A target that completes without {@link Token.Finish} breaks its contract.
	 */
	LlmStreamException truncated(Leg leg) {
		return StreamFailure.of(ErrorKind.TRUNCATED, leg.target().name(), "the answer ended before it was complete")
			.model(leg.request().model())
			.toException();
	}

	private static Object kind(Throwable error) {
		return (error instanceof LlmStreamException known) ? known.getKind() : error.getClass().getSimpleName();
	}

}
