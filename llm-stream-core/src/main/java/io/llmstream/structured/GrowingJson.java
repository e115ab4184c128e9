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

package io.llmstream.structured;

import org.jspecify.annotations.Nullable;

/**
 * Reads JSON as it is written, from pieces that may be cut anywhere. Looks at each
 * character once, keeps nothing of the text but its values, and can be
 * {@linkplain #snapshot() seen} after each piece at a cost that does not depend on how
 * much there is.
 * <p>
 * What a snapshot shows never changes in a later one, it only grows: strings character by
 * character, objects and arrays entry by entry. Numbers, {@code true}, {@code false} and
 * {@code null} are shown when they are complete, as {@code 1} may still become
 * {@code 12}. So that this holds, an object may not have two members of one name.
 * <p>
 * What stands around the document, such as a code fence, is passed over: the document
 * begins with the first brace or bracket after which JSON follows. Within strings,
 * control characters are taken as they are, since models write line breaks there. All
 * else is read strictly.
 * <p>
 * For one answer, and for one thread at a time.
 */
final class GrowingJson {

	private static final int MAX_SCALAR = 1_000;

	private final boolean arrays;

	private final int maxDepth;

	private final int maxLength;

	private final OpenText text = new OpenText();

	private final NameTable names = new NameTable();

	private final StringBuilder scalar = new StringBuilder();

	private State state = State.SEEK;

	private @Nullable JsonFrame parents;

	private @Nullable JsonContainer current;

	private int depth;

	private int hex;

	private int hexDigits;

	private boolean inName;

	private long length;

	private long version;

	/**
	 * Create a reader.
	 * @param arrays whether the document may be an array
	 * @param maxDepth how deep objects and arrays may be nested
	 * @param maxLength how many characters there may be
	 */
	GrowingJson(boolean arrays, int maxDepth, int maxLength) {
		this.arrays = arrays;
		this.maxDepth = maxDepth;
		this.maxLength = maxLength;
	}

	/**
	 * Read the next piece.
	 * @param piece the piece
	 * @throws InvalidJsonException if it is not JSON, or too long or too deep
	 */
	void accept(String piece) {
		this.length += piece.length();
		if (this.length > this.maxLength) {
			throw new InvalidJsonException("it is longer than " + this.maxLength + " characters");
		}
		int i = 0;
		while (i < piece.length()) {
			i = switch (this.state) {
				case SEEK -> seek(piece, i);
				case STRING -> string(piece, i);
				case SCALAR -> scalar(piece, i);
				case DONE -> piece.length();
				default -> {
					next(piece.charAt(i));
					yield i + 1;
				}
			};
		}
	}

	/**
	 * Whether the document has begun.
	 */
	boolean isBegun() {
		return this.current != null || this.state == State.DONE;
	}

	/**
	 * Whether the document is complete.
	 */
	boolean isComplete() {
		return this.state == State.DONE;
	}

	/**
	 * Grows with everything that a snapshot would show.
	 */
	long version() {
		return this.version;
	}

	/**
	 * What there is now.
	 */
	JsonSnapshot snapshot() {
		JsonContainer container = this.current;
		if (container == null) {
			return JsonSnapshot.EMPTY;
		}
		JsonFrame top = JsonFrame.of(this.parents, container);
		if (!isInValue()) {
			return new JsonSnapshot(top, this.state == State.DONE, null, 0);
		}
		return new JsonSnapshot(top, false, this.text.share(), this.text.visible());
	}

	private boolean isInValue() {
		return !this.inName
				&& (this.state == State.STRING || this.state == State.ESCAPE || this.state == State.UNICODE);
	}

	private int seek(String piece, int from) {
		for (int i = from; i < piece.length(); i++) {
			char c = piece.charAt(i);
			if (c == '{' || (c == '[' && this.arrays)) {
				open(c == '{');
				return i + 1;
			}
		}
		return piece.length();
	}

	private void next(char c) {
		if (this.state == State.ESCAPE) {
			escape(c);
		}
		else if (this.state == State.UNICODE) {
			unicode(c);
		}
		else if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
			structure(c);
		}
	}

	private void structure(char c) {
		switch (this.state) {
			case FIRST_NAME, NAME -> {
				if (c == '"') {
					begin(true);
				}
				else if (c == '}' && this.state == State.FIRST_NAME) {
					close();
				}
				else {
					unexpected(c, "the name of a member");
				}
			}
			case COLON -> {
				if (c != ':') {
					unexpected(c, "a colon");
				}
				else {
					this.state = State.VALUE;
				}
			}
			case FIRST_VALUE, VALUE -> {
				if (c == ']' && this.state == State.FIRST_VALUE) {
					close();
				}
				else {
					value(c);
				}
			}
			default -> after(c);
		}
	}

	private void value(char c) {
		if (c == '"') {
			begin(false);
			this.version++;
		}
		else if (c == '{' || c == '[') {
			open(c == '{');
		}
		else if (c == '-' || (c >= '0' && c <= '9') || c == 't' || c == 'f' || c == 'n') {
			this.scalar.setLength(0);
			this.scalar.append(c);
			this.state = State.SCALAR;
		}
		else {
			unexpected(c, "a value");
		}
	}

	private void after(char c) {
		boolean object = current().isObject();
		if (c == ',') {
			this.state = (object) ? State.NAME : State.VALUE;
		}
		else if (c == ((object) ? '}' : ']')) {
			close();
		}
		else {
			unexpected(c, (object) ? "a comma or a closing brace" : "a comma or a closing bracket");
		}
	}

	private void open(boolean object) {
		if (++this.depth > this.maxDepth) {
			throw new InvalidJsonException("it is nested deeper than " + this.maxDepth + " levels");
		}
		JsonContainer container = (object) ? JsonContainer.object(this.current) : JsonContainer.array();
		// that there is a document is shown with the first that is in it
		if (this.current != null) {
			this.current.add(container);
			this.parents = JsonFrame.of(this.parents, this.current);
			this.version++;
		}
		this.current = container;
		this.state = (object) ? State.FIRST_NAME : State.FIRST_VALUE;
	}

	private void close() {
		this.depth--;
		this.version++;
		JsonFrame around = this.parents;
		if (around == null) {
			this.state = State.DONE;
			return;
		}
		this.current = around.container();
		this.parents = around.parent();
		this.state = State.AFTER;
	}

	private void begin(boolean name) {
		this.inName = name;
		this.text.begin();
		this.state = State.STRING;
	}

	private int string(String piece, int from) {
		boolean surrogates = false;
		int i = from;
		for (; i < piece.length(); i++) {
			char c = piece.charAt(i);
			if (c == '"' || c == '\\') {
				break;
			}
			surrogates |= Character.isSurrogate(c);
		}
		if (i > from) {
			this.text.append(piece, from, i, surrogates);
			grown();
		}
		if (i == piece.length()) {
			return i;
		}
		if (piece.charAt(i) == '\\') {
			this.state = State.ESCAPE;
		}
		else {
			endOfString();
		}
		return i + 1;
	}

	private void endOfString() {
		if (!this.inName) {
			current().add(this.text.end());
			this.version++;
			this.state = State.AFTER;
		}
		else if (current().name(this.text.end(this.names))) {
			this.inName = false;
			this.state = State.COLON;
		}
		else {
			throw new InvalidJsonException("an object has two members of the same name");
		}
	}

	private void escape(char c) {
		this.state = State.STRING;
		switch (c) {
			case '"', '\\', '/' -> append(c);
			case 'b' -> append('\b');
			case 'f' -> append('\f');
			case 'n' -> append('\n');
			case 'r' -> append('\r');
			case 't' -> append('\t');
			case 'u' -> {
				this.hex = 0;
				this.hexDigits = 0;
				this.state = State.UNICODE;
			}
			default -> throw new InvalidJsonException("a string has an unknown escape");
		}
	}

	private void unicode(char c) {
		int digit = (c < 128) ? Character.digit(c, 16) : -1;
		if (digit < 0) {
			throw new InvalidJsonException("a string has an escape without four hexadecimal digits");
		}
		this.hex = (this.hex << 4) | digit;
		if (++this.hexDigits == 4) {
			this.state = State.STRING;
			append((char) this.hex);
		}
	}

	private void append(char c) {
		this.text.append(c);
		grown();
	}

	private void grown() {
		if (!this.inName) {
			this.version++;
		}
	}

	private int scalar(String piece, int from) {
		int i = from;
		while (i < piece.length() && isScalar(piece.charAt(i))) {
			i++;
		}
		this.scalar.append(piece, from, i);
		if (this.scalar.length() > MAX_SCALAR) {
			throw new InvalidJsonException("a number is longer than " + MAX_SCALAR + " characters");
		}
		if (i < piece.length()) {
			endOfScalar();
		}
		return i;
	}

	private void endOfScalar() {
		Object value = scalarValue(this.scalar.toString());
		if (value != null) {
			current().add(value);
			this.version++;
			this.state = State.AFTER;
		}
		else if (!current().isObject() && isEmptyRoot()) {
			seekAgain();
		}
		else {
			throw new InvalidJsonException("there is a value that JSON does not have");
		}
	}

	private static boolean isScalar(char c) {
		return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '.' || c == '-' || c == '+' || c == 'E';
	}

	private static @Nullable Object scalarValue(String text) {
		return switch (text) {
			case "true" -> Boolean.TRUE;
			case "false" -> Boolean.FALSE;
			case "null" -> JsonContainer.NULL;
			default -> JsonNumber.of(text);
		};
	}

	private JsonContainer current() {
		JsonContainer container = this.current;
		if (container == null) {
			throw new IllegalStateException("The document has not begun");
		}
		return container;
	}

	/**
	 * A brace or bracket that stands in prose is passed over. It was one if nothing that
	 * JSON allows came right after it.
	 */
	private void unexpected(char c, String expected) {
		if (isEmptyRoot() && (this.state == State.FIRST_NAME || this.state == State.FIRST_VALUE)) {
			seekAgain();
			seek(String.valueOf(c), 0);
			return;
		}
		throw new InvalidJsonException("there should be " + expected + " where there is "
				+ ((c > ' ' && c < 127) ? "'" + c + "'" : "another character"));
	}

	private boolean isEmptyRoot() {
		return this.parents == null && current().size() == 0;
	}

	private void seekAgain() {
		this.current = null;
		this.depth = 0;
		this.state = State.SEEK;
	}

	private enum State {

		SEEK, FIRST_NAME, NAME, COLON, FIRST_VALUE, VALUE, AFTER, STRING, ESCAPE, UNICODE, SCALAR, DONE

	}

}
