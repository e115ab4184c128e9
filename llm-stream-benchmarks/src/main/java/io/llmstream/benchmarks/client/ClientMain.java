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

package io.llmstream.benchmarks.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

import io.llmstream.benchmarks.load.Workload;
import io.llmstream.benchmarks.process.Figures;
import io.llmstream.benchmarks.process.Worker;
import io.llmstream.benchmarks.provider.WireTemplate;

/**
 * One client in a process of its own, or several that take turns. Its command {@code run}
 * takes {@code count}, {@code tokens}, {@code rate}, {@code delay}, {@code ramp} and
 * {@code limit} in milliseconds, {@code collect} for what lives on the heap amid, and
 * {@code client}, which of several, counted from 0.
 */
public final class ClientMain {

	private ClientMain() {
	}

	/**
	 * Run clients until the harness ends.
	 * @param arguments the names of their classes, with commas between them, the
	 * provider's address, the wire
	 * @throws ReflectiveOperationException if there is no such class
	 */
	public static void main(String[] arguments) throws ReflectiveOperationException {
		Worker.prepare();
		WireTemplate wire = WireTemplate.valueOf(arguments[2]);
		List<Contestant> contestants = new ArrayList<>();
		for (String type : arguments[0].split(",")) {
			Contestant contestant = (Contestant) Class.forName(type).getDeclaredConstructor().newInstance();
			contestant.start(arguments[1], wire);
			contestants.add(contestant);
		}
		ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
		Worker.serve(new Figures(), (verb, values) -> {
			Workload workload = new Workload(values.integer("tokens", 100), values.integer("rate", 0),
					values.integer("delay", 0));
			Contestant contestant = contestants.get(values.integer("client", 0));
			return new ClientRun(workload, wire, values.integer("count", 1)).run(contestant, timer,
					values.integer("ramp", 0), values.integer("limit", 60_000), values.integer("collect", 0) == 1);
		});
	}

}
