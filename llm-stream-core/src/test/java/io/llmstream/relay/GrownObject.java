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

package io.llmstream.relay;

import java.util.List;

import io.llmstream.LlmStreamClient;
import io.llmstream.Partial;
import io.llmstream.Token;
import reactor.core.publisher.Flux;

/**
 * An object that grows out of tokens.
 *
 * @param name a text
 * @param parts a list
 */
public record GrownObject(String name, List<String> parts) {

	public static Flux<Partial<GrownObject>> of(Flux<Token> tokens) {
		return LlmStreamClient.create("test", (request) -> tokens).prompt("?").stream(GrownObject.class);
	}

}
