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

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.llmstream.test.DeafProvider;
import io.llmstream.test.ScriptedProvider;

/**
 * The properties of an application that has a route for every cell.
 */
final class Routes {

	static final List<String> POLICIES = List.of("fail", "restart", "continue");

	private static final int MAX_RECOVERIES = 2;

	private final Set<String> properties = new LinkedHashSet<>();

	private final ScriptedProvider first;

	private final ScriptedProvider second;

	private final DeafProvider deaf;

	Routes(ScriptedProvider first, ScriptedProvider second, DeafProvider deaf) {
		this.first = first;
		this.second = second;
		this.deaf = deaf;
	}

	String[] properties() {
		for (Wire wire : Wire.values()) {
			provider(second(wire), wire, this.second.baseUrl());
			for (Fault fault : Fault.values()) {
				for (Layout layout : Layout.values()) {
					POLICIES.forEach((policy) -> cell(new Cell(fault, policy, layout, wire)));
				}
			}
		}
		return this.properties.toArray(String[]::new);
	}

	private static String second(Wire wire) {
		return "second-" + wire.word();
	}

	private void cell(Cell cell) {
		provider(cell.target(), cell.wire(), switch (cell.fault().address()) {
			case ANSWERS -> this.first.baseUrl();
			// nobody listens on the port for multiplexing
			case REFUSES -> "http://127.0.0.1:1";
			case HANGS -> this.deaf.baseUrl();
		});
		String prefix = "llm-stream.routes." + cell.route() + ".";
		this.properties.add(prefix + "targets[0]=" + cell.target());
		if (cell.layout().targets() == 2) {
			this.properties.add(prefix + "targets[1]=" + second(cell.wire().next()));
		}
		this.properties.add(prefix + "mid-stream=" + cell.policy());
		this.properties.add(prefix + "max-recoveries=" + MAX_RECOVERIES);
	}

	private void provider(String name, Wire wire, String address) {
		String prefix = "llm-stream.providers." + name + ".";
		this.properties.add(prefix + "type=" + wire.type());
		this.properties.add(prefix + "base-url=" + address + wire.path());
		this.properties.add(prefix + "api-key=a-key");
		this.properties.add(prefix + "model=a-model");
		this.properties.add(prefix + "timeouts.connect=1s");
		this.properties.add(prefix + "timeouts.first-token=5s");
		this.properties.add(prefix + "timeouts.stall=5s");
		this.properties.add(prefix + "retry.max-retries=1");
		this.properties.add(prefix + "retry.delay=20ms");
		this.properties.add(prefix + "retry.jitter=0");
		this.properties.add(prefix + "retry.max-delay=5s");
	}

}
