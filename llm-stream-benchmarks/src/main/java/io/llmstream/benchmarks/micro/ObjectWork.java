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

package io.llmstream.benchmarks.micro;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

import io.llmstream.FinishReason;
import io.llmstream.OutputOptions;
import io.llmstream.StreamRequest;
import io.llmstream.StructuredOutput;
import io.llmstream.Token;
import io.llmstream.Usage;
import io.llmstream.structured.JsonStructuredOutput;
import reactor.core.publisher.Flux;

/**
 * An object of a given size that grows out of its JSON, in tokens of four characters, the
 * mean of English text. All sizes make the same number of tokens: small objects are
 * written several times. Tokens are made as they are asked for, as they are when they
 * come from the network: those of a large object, kept, would fill the caches of the
 * processor.
 */
final class ObjectWork {

	/** Tokens of one run. */
	static final int TOKENS = 1 << 18;

	private static final int TOKEN_CHARS = 4;

	private static final StreamRequest REQUEST = StreamRequest.of("?");

	private final StructuredOutput output = new JsonStructuredOutput();

	private final StructuredOutput.Source source;

	private final int documents;

	private final boolean bind;

	/**
	 * Prepare.
	 * @param size the length of the JSON in characters
	 * @param bind whether each partial is bound to its type
	 */
	ObjectWork(int size, boolean bind) {
		String json = document(size);
		Iterable<Token> tokens = () -> new Tokens(json);
		this.documents = TOKENS / (size / TOKEN_CHARS);
		this.source = new StructuredOutput.Source("benchmark", (request) -> Flux.fromIterable(tokens),
				OutputOptions.DEFAULTS);
		this.bind = bind;
	}

	private static String document(int size) {
		StringBuilder json = new StringBuilder(size + 200).append("{\"title\":\"A catalogue\",\"items\":[");
		for (int i = 0; json.length() < size - 150; i++) {
			json.append((i > 0) ? "," : "")
				.append("{\"name\":\"Item \\\"")
				.append(i)
				.append("\\\"\",\"price\":")
				.append(i % 100)
				.append(".25,\"tags\":[\"new\",\"caf\\u00e9\"],\"inStock\":true}");
		}
		json.append("],\"note\":\"");
		json.append("x".repeat(Math.max(0, size - json.length() - 2)));
		return json.append("\"}").toString();
	}

	/**
	 * Let all documents grow.
	 * @return how many partials there were
	 */
	int run() {
		int[] partials = new int[1];
		for (int i = 0; i < this.documents; i++) {
			this.output.<Catalogue>stream(this.source, REQUEST, Catalogue.class).subscribe((partial) -> {
				if (!this.bind || partial.value() != null) {
					partials[0]++;
				}
			});
		}
		return partials[0];
	}

	private static final class Tokens implements Iterator<Token> {

		private final String json;

		private int next;

		Tokens(String json) {
			this.json = json;
		}

		@Override
		public boolean hasNext() {
			return this.next < this.json.length() + TOKEN_CHARS;
		}

		@Override
		public Token next() {
			int from = this.next;
			if (!hasNext()) {
				throw new NoSuchElementException();
			}
			this.next += TOKEN_CHARS;
			return (from < this.json.length())
					? new Token.Text(this.json.substring(from, Math.min(this.json.length(), this.next)))
					: new Token.Finish(FinishReason.STOP, null, Usage.NONE, null, null);
		}

	}

	record Catalogue(String title, List<Item> items, String note) {
	}

	record Item(String name, double price, List<String> tags, boolean inStock) {
	}

}
