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

package io.llmstream.benchmarks.browser;

import java.util.ArrayList;
import java.util.List;

import io.llmstream.benchmarks.load.Workload;
import io.llmstream.benchmarks.process.Figures;
import io.llmstream.benchmarks.process.Transport;
import io.llmstream.benchmarks.process.Worker;
import io.netty.channel.EventLoopGroup;

/**
 * Browsers in a process of their own. The command {@code run} takes {@code port},
 * {@code path}, {@code count}, {@code tokens}, {@code rate}, {@code ramp} and
 * {@code limit} in milliseconds and tells what the browsers saw; {@code stall} takes
 * {@code port}, {@code path} and {@code count} and adds browsers that read nothing until
 * {@code leave}.
 */
public final class BrowserLoad {

	private final EventLoopGroup group = Transport.newGroup(1);

	private final List<Crowd> stalled = new ArrayList<>();

	private BrowserLoad() {
	}

	/**
	 * Run browsers until the harness ends.
	 * @param arguments none
	 */
	public static void main(String[] arguments) {
		Worker.prepare();
		Worker.serve(new Figures(), new BrowserLoad()::execute);
	}

	private Figures execute(String verb, Figures arguments) {
		switch (verb) {
			case "run" -> {
				Workload workload = new Workload(arguments.integer("tokens", 100), arguments.integer("rate", 0), 0);
				return crowd(arguments, workload).run(arguments.integer("ramp", 0), arguments.integer("limit", 60_000));
			}
			case "stall" -> {
				Crowd crowd = crowd(arguments, new Workload(arguments.integer("tokens", 1_000_000), 0, 0));
				crowd.stall();
				this.stalled.add(crowd);
			}
			case "leave" -> {
				this.stalled.forEach(Crowd::close);
				this.stalled.clear();
			}
			default -> throw new IllegalArgumentException(verb);
		}
		return new Figures();
	}

	private Crowd crowd(Figures arguments, Workload workload) {
		return new Crowd(this.group, arguments.integer("port", 0), arguments.text("path"), workload,
				arguments.integer("count", 1));
	}

}
