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

import java.util.Set;

import io.llmstream.AttemptLedger;
import io.llmstream.ErrorKind;
import io.llmstream.LlmStreamException;
import io.llmstream.StreamFailure;
import io.llmstream.StreamRequest;
import io.llmstream.StreamingModel;
import io.llmstream.Token;
import io.llmstream.http.HttpExchange;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.context.ContextView;

/**
 * The model at the end of the filters: asks one provider over HTTP.
 * <p>
 * Keeps the contract of {@link StreamingModel}: an answer that breaks off is an error, an
 * error object anywhere is an error, cancelling closes the connection, and no more than
 * one buffer is read from the socket ahead of demand.
 */
public final class ProviderStreamingModel implements StreamingModel {

	private final ProviderSettings settings;

	private final HttpExchange exchange;

	private final KeyRing keys;

	private final ProviderState state;

	/**
	 * Create a model.
	 * @param settings how the provider is reached
	 * @param exchange sends requests
	 */
	public ProviderStreamingModel(ProviderSettings settings, HttpExchange exchange) {
		this.settings = settings;
		this.exchange = exchange;
		this.keys = new KeyRing(settings.apiKeys(), settings.keyCoolDown());
		this.state = new ProviderState(settings.name(), this.keys);
	}

	/**
	 * What is known of the provider from its answers.
	 * @return the state, which changes with each answer
	 */
	public ProviderState state() {
		return this.state;
	}

	@Override
	public Flux<Token> stream(StreamRequest request) {
		return AttemptLedger.keep(new Flux<>() {

			@Override
			public void subscribe(CoreSubscriber<? super Token> actual) {
				ProviderStreamingModel.this.subscribe(request, actual);
			}

		});
	}

	private void subscribe(StreamRequest request, CoreSubscriber<? super Token> actual) {
		boolean several;
		String key = null;
		try {
			several = this.keys.hasSeveral();
			if (!several) {
				key = this.keys.choose(Set.of());
			}
		}
		catch (RuntimeException ex) {
			Operators.error(actual, withoutKey(request, ex, actual.currentContext()));
			return;
		}
		if (several) {
			new KeyRotation(this.keys, (next) -> attempt(request, next)).tokens().subscribe(actual);
		}
		else {
			subscribe(request, key, actual);
		}
	}

	private LlmStreamException withoutKey(StreamRequest request, RuntimeException cause, ContextView context) {
		LlmStreamException error = StreamFailure
			.of(ErrorKind.AUTHENTICATION, this.settings.name(), "the API key could not be read")
			.model((request.model() != null) ? request.model() : this.settings.defaultModel())
			.cause(cause)
			.toException();
		AttemptLedger.turnedAway(context, error);
		return error;
	}

	private Flux<Token> attempt(StreamRequest request, @Nullable String key) {
		return new Flux<>() {

			@Override
			public void subscribe(CoreSubscriber<? super Token> actual) {
				ProviderStreamingModel.this.subscribe(request, key, actual);
			}

		};
	}

	private void subscribe(StreamRequest request, @Nullable String key, CoreSubscriber<? super Token> actual) {
		Attempt attempt = new Attempt(this.settings, request, this.keys, key);
		TokenSubscription subscription = new TokenSubscription(attempt, actual);
		actual.onSubscribe(subscription);
		subscription.start(this.exchange);
	}

	@Override
	public String toString() {
		return "ProviderStreamingModel[" + this.settings.name() + "]";
	}

}
