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

import java.nio.charset.StandardCharsets;

import io.llmstream.benchmarks.load.AnswerCheck;

/**
 * Finds the text of tokens in an event stream, byte by byte and without making anything,
 * so that a crowd of browsers costs little. Knows data that is JSON, with the text in a
 * member {@code text} or {@code content}, and data that is the text itself.
 */
final class EventScanner {

	private static final byte[] FIELD = "data:".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] TEXT = "\"text\":\"".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] CONTENT = "\"content\":\"".getBytes(StandardCharsets.US_ASCII);

	private final AnswerCheck check;

	private State state = State.LINE;

	private int field;

	private int text;

	private int content;

	EventScanner(AnswerCheck check) {
		this.check = check;
	}

	void scan(byte[] bytes, int offset, int length) {
		for (int i = offset; i < offset + length; i++) {
			step(bytes[i]);
		}
	}

	private void step(byte next) {
		if (next == '\n') {
			this.state = State.LINE;
			this.field = 0;
			return;
		}
		switch (this.state) {
			case LINE -> line(next);
			case VALUE -> value(next);
			case JSON -> json(next);
			case STRING -> string(next);
			case PLAIN -> this.check.character(next);
			default -> {
			}
		}
	}

	private void line(byte next) {
		if (next != FIELD[this.field]) {
			this.state = State.OTHER;
		}
		else if (++this.field == FIELD.length) {
			this.state = State.VALUE;
			this.field = 0;
		}
	}

	private void value(byte next) {
		if (next == ' ' && this.field == 0) {
			this.field = 1;
			return;
		}
		this.text = 0;
		this.content = 0;
		if (next == '{') {
			this.state = State.JSON;
		}
		else if (next == '[') {
			this.state = State.OTHER;
		}
		else {
			this.state = State.PLAIN;
			this.check.character(next);
		}
	}

	private void json(byte next) {
		this.text = match(TEXT, this.text, next);
		this.content = match(CONTENT, this.content, next);
		if (this.text == TEXT.length || this.content == CONTENT.length) {
			this.state = State.STRING;
		}
	}

	private static int match(byte[] pattern, int matched, byte next) {
		if (next == pattern[matched]) {
			return matched + 1;
		}
		return (next == pattern[0]) ? 1 : 0;
	}

	private void string(byte next) {
		if (next == '"') {
			this.text = 0;
			this.content = 0;
			this.state = State.JSON;
		}
		else {
			this.check.character(next);
		}
	}

	private enum State {

		LINE, VALUE, JSON, STRING, PLAIN, OTHER

	}

}
