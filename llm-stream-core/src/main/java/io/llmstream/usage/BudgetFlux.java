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

import io.llmstream.Token;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;

/**
 * A stream that has a reservation, which is settled when it ends.
 */
final class BudgetFlux extends FluxOperator<Token, Token> {

	private final String client;

	private final BudgetReservation reservation;

	private final Refusals refusals;

	private final boolean limited;

	/**
	 * Create a stream.
	 * @param limited whether the request itself limits the answer
	 */
	BudgetFlux(Flux<Token> source, String client, BudgetReservation reservation, Refusals refusals, boolean limited) {
		super(source);
		this.client = client;
		this.reservation = reservation;
		this.refusals = refusals;
		this.limited = limited;
	}

	@Override
	public void subscribe(CoreSubscriber<? super Token> actual) {
		this.source.subscribe(new BudgetSubscriber(actual, this.client, this.reservation, this.refusals, this.limited));
	}

}
