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

package io.llmstream.autoconfigure.faults;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import io.llmstream.test.DeafProvider;
import io.llmstream.test.ProviderExchange;
import io.llmstream.test.Script;
import io.llmstream.test.ScriptedProvider;

/**
 * The providers of all cells: one that does what a cell says, one that is well, and one
 * that nobody can connect to.
 */
final class FaultyProviders implements AutoCloseable {

	private final ScriptedProvider first = ScriptedProvider.start();

	private final ScriptedProvider second = ScriptedProvider.start();

	private final DeafProvider deaf = DeafProvider.start();

	private final Map<Cell, AtomicInteger> requests = new ConcurrentHashMap<>();

	FaultyProviders() {
		this.first.script(this::first);
		this.second.script(this::second);
	}

	private Script first(ProviderExchange exchange) {
		Cell cell = Cell.in(exchange.body());
		int before = count(cell);
		String[] rest = Answer.rest(exchange.json());
		boolean hit = before == 0 || cell.layout() != Layout.ONE_ONCE;
		return (hit) ? cell.fault().script(cell.wire(), rest) : well(rest);
	}

	private Script second(ProviderExchange exchange) {
		count(Cell.in(exchange.body()));
		return well(Answer.rest(exchange.json()));
	}

	private int count(Cell cell) {
		return this.requests.computeIfAbsent(cell, (any) -> new AtomicInteger()).getAndIncrement();
	}

	private static Script well(String[] pieces) {
		return Script.text(pieces).usage(10, pieces.length);
	}

	/**
	 * How many requests came for a cell, and forget them.
	 */
	int takeRequests(Cell cell) {
		AtomicInteger count = this.requests.remove(cell);
		return (count != null) ? count.get() : 0;
	}

	String[] properties() {
		return new Routes(this.first, this.second, this.deaf).properties();
	}

	ScriptedProvider first() {
		return this.first;
	}

	ScriptedProvider second() {
		return this.second;
	}

	@Override
	public void close() {
		this.first.close();
		this.second.close();
		this.deaf.close();
	}

}
