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

package io.llmstream.tool;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Puts the elements of a {@code Flux} together to one result: pieces of text to a text,
 * anything else to a JSON array. Stops the {@code Flux} when the result grows too long.
 */
final class ToolElements {

	private final int limit;

	private final StringBuilder result = new StringBuilder();

	private boolean text;

	ToolElements(int limit) {
		this.limit = limit;
	}

	Mono<String> collect(Flux<?> elements) {
		return elements.doOnNext(this::add).then(Mono.fromSupplier(this::result));
	}

	private void add(Object element) {
		if (this.result.isEmpty()) {
			this.text = element instanceof CharSequence;
			this.result.append((this.text) ? "" : "[");
		}
		else if (!this.text) {
			this.result.append(',');
		}
		if (this.text) {
			this.result.append(element);
		}
		else if (element instanceof CharSequence text) {
			this.result.append(ToolJson.MAPPER.writeValueAsString(text.toString()));
		}
		else {
			this.result.append(ToolJson.write(element, this.limit));
		}
		if (this.result.length() > this.limit) {
			throw ToolJson.tooLong(this.limit);
		}
	}

	private String result() {
		if (this.result.isEmpty()) {
			return (this.text) ? "" : "[]";
		}
		return (this.text) ? this.result.toString() : this.result.append(']').toString();
	}

}
