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

package io.llmstream;

import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.util.context.Context;

/**
 * A stream that keeps an {@link AttemptLedger}, unless something around it does.
 */
final class LedgerFlux extends FluxOperator<Token, Token> {

	private final @Nullable UnaryOperator<Context> change;

	LedgerFlux(Flux<Token> stream) {
		super(stream);
		this.change = null;
	}

	LedgerFlux(Flux<Token> stream, UnaryOperator<Context> change) {
		super(stream);
		this.change = change;
	}

	@Override
	public void subscribe(CoreSubscriber<? super Token> actual) {
		boolean kept = AttemptLedger.from(actual.currentContext()) != null;
		this.source.subscribe((kept) ? actual : new LedgerSubscriber(actual, context(actual.currentContext())));
	}

	private Context context(Context context) {
		return (this.change != null) ? this.change.apply(context) : context;
	}

}
