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

package io.llmstream.benchmarks.relay;

import java.util.Arrays;

import io.llmstream.benchmarks.process.Figures;
import io.llmstream.benchmarks.process.Worker;

/**
 * One relay in a process of its own.
 */
public final class RelayMain {

	private RelayMain() {
	}

	/**
	 * Run a relay until the harness ends.
	 * @param arguments the name of its class, the provider's address, options
	 * @throws ReflectiveOperationException if there is no such class
	 */
	public static void main(String[] arguments) throws ReflectiveOperationException {
		Worker.prepare();
		Relay relay = (Relay) Class.forName(arguments[0]).getDeclaredConstructor().newInstance();
		int port = relay.start(arguments[1], Arrays.copyOfRange(arguments, 2, arguments.length));
		Worker.serve(new Figures().with("port", port), (verb, values) -> {
			throw new IllegalArgumentException(verb);
		});
	}

}
