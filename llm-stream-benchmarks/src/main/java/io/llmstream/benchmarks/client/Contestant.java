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

import io.llmstream.benchmarks.load.Workload;
import io.llmstream.benchmarks.provider.WireTemplate;

/**
 * A client that takes part. Needs a constructor without arguments.
 */
public interface Contestant {

	/**
	 * Get ready.
	 * @param provider where the provider is, such as {@code http://127.0.0.1:4711}
	 * @param wire the wire to speak
	 */
	void start(String provider, WireTemplate wire);

	/**
	 * Ask. Must not wait for the answer.
	 * @param workload what to ask
	 * @param answer receives the answer
	 */
	void ask(Workload workload, Answer answer);

}
