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

package io.llmstream.json;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/**
 * Reads JSON (RFC 8259) by pulling, straight from UTF-8 bytes. Strings are made only for
 * what is asked for; everything else is checked and passed over.
 *
 * <pre class="code">
 * reader.reset(bytes, 0, bytes.length);
 * if (reader.enterObject()) {
 *     for (String name = reader.nextName(); name != null; name = reader.nextName()) {
 *         switch (name) {
 *             case "text" -&gt; text = reader.string();
 *             default -&gt; reader.skip(); // may be left out
 *         }
 *     }
 * }
 * </pre>
 *
 * An object or array that was entered must be read to its end. Lenient in two ways that
 * servers need: control characters may stand in strings, and several documents may follow
 * each other. For one thread at a time; meant to be reused.
 */
public final class JsonReader {

	private static final int MAX_DEPTH = 200;

	private static final byte[] NOTHING = {};

	private byte[] bytes = NOTHING;

	private int start;

	private int position;

	private int end;

	private int documentStart;

	private int depth;

	private boolean first;

	private boolean pending;

	private @Nullable StringBuilder unescaped;

	private final JsonPlaces places = new JsonPlaces();

	/**
	 * Begin to read.
	 * @param bytes holds the JSON; must not be changed while it is read
	 * @param offset where it starts
	 * @param length how many bytes it has
	 */
	public void reset(byte[] bytes, int offset, int length) {
		this.bytes = bytes;
		this.start = offset;
		this.position = offset;
		this.end = offset + length;
		this.depth = 0;
		this.first = false;
		this.pending = false;
		this.places.clear();
	}

	/**
	 * Whether another document follows.
	 * @return whether anything but white space is left
	 */
	public boolean hasDocument() {
		if (this.pending) {
			skip();
		}
		skipWhitespace();
		this.pending = this.position < this.end;
		this.documentStart = this.position;
		return this.pending;
	}

	/**
	 * The document that {@link #hasDocument()} announced, as it is written. To be called
	 * when it has been read.
	 * @return the JSON of the document
	 */
	public String document() {
		return utf8(this.documentStart, this.position);
	}

	/**
	 * The kind of the next value.
	 * @return the kind
	 */
	public JsonKind peek() {
		return switch (peekByte()) {
			case '{' -> JsonKind.OBJECT;
			case '[' -> JsonKind.ARRAY;
			case '"' -> JsonKind.STRING;
			case 't', 'f' -> JsonKind.BOOLEAN;
			case 'n' -> JsonKind.NULL;
			case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> JsonKind.NUMBER;
			default -> throw malformed("a value is expected");
		};
	}

	/**
	 * Enter the next value if it is an object; pass over it if it is not.
	 * @return whether an object was entered
	 */
	public boolean enterObject() {
		return enter('{');
	}

	/**
	 * Enter the next value if it is an array; pass over it if it is not.
	 * @return whether an array was entered
	 */
	public boolean enterArray() {
		return enter('[');
	}

	private boolean enter(char open) {
		if (peekByte() != open) {
			skip();
			return false;
		}
		this.position++;
		push();
		this.first = true;
		this.pending = false;
		return true;
	}

	private void push() {
		if (++this.depth > MAX_DEPTH) {
			throw malformed("values are nested too deeply");
		}
	}

	/**
	 * Go to the next member of the object that was entered. A value that was not read is
	 * passed over.
	 * @return the name of the member, or {@code null} at the end of the object
	 */
	public @Nullable String nextName() {
		if (!nextItem('}')) {
			return null;
		}
		if (peekByte() != '"') {
			throw malformed("a member name is expected");
		}
		String name = name();
		if (peekByte() != ':') {
			throw malformed("a colon is expected");
		}
		this.position++;
		this.pending = true;
		return name;
	}

	/**
	 * Go to the next element of the array that was entered. An element that was not read
	 * is passed over.
	 * @return whether there is one
	 */
	public boolean nextElement() {
		this.pending = nextItem(']');
		return this.pending;
	}

	private boolean nextItem(char close) {
		if (this.pending) {
			skip();
		}
		int next = peekByte();
		if (next == close) {
			this.position++;
			this.depth--;
			this.first = false;
			return false;
		}
		if (!this.first) {
			if (next != ',') {
				throw malformed("a comma or the end is expected");
			}
			this.position++;
		}
		this.first = false;
		return true;
	}

	/**
	 * Read the next value as text.
	 * @return a string's characters; a number or boolean as it is written; {@code null}
	 * for null, an object or an array
	 */
	public @Nullable String string() {
		int next = peekByte();
		if (next == '"') {
			this.pending = false;
			return readString();
		}
		int start = this.position;
		passOver();
		if (next == '{' || next == '[' || next == 'n') {
			return null;
		}
		return ascii(start, this.position);
	}

	/**
	 * Read the next value as {@link #string(String)} does, where it is a piece of what
	 * the model writes: {@link RepeatedText} may find it at the same place in the next
	 * document.
	 * @param fallback what to return for null, an object or an array
	 * @return the text
	 */
	public String text(String fallback) {
		boolean quoted = peekByte() == '"';
		int start = this.position;
		String text = string(fallback);
		if (quoted && this.position - 1 > start + 1) {
			this.places.text(start + 1, this.position - 1);
		}
		return text;
	}

	/**
	 * Read a string that stands somewhere, as {@link #string()} would.
	 * @return its text; {@link #position()} is behind it then
	 */
	String stringAt(int quote) {
		this.position = quote;
		return readString();
	}

	int position() {
		return this.position;
	}

	JsonPlaces places() {
		return this.places;
	}

	/**
	 * Read the next value as text.
	 * @param fallback what to return for null, an object or an array
	 * @return the text
	 */
	public String string(String fallback) {
		String value = string();
		return (value != null) ? value : fallback;
	}

	/**
	 * Read the next value as text, where it is one of a few words that come again and
	 * again, such as the type of an event.
	 * @return the same as {@link #string()}, mostly without an allocation
	 */
	public @Nullable String word() {
		if (peekByte() != '"') {
			return string();
		}
		this.pending = false;
		return name();
	}

	/**
	 * Read the next value as a whole number.
	 * @param fallback what to return for anything that is not a number, nor a string that
	 * holds one
	 * @return the number, without its fraction
	 */
	public long longValue(long fallback) {
		String text = string();
		return (text != null) ? WholeNumbers.parse(text, fallback) : fallback;
	}

	/**
	 * Read the next value as a boolean.
	 * @return whether it is {@code true}
	 */
	public boolean booleanValue() {
		boolean value = peekByte() == 't';
		passOver();
		return value;
	}

	/**
	 * Read the next value as it is written.
	 * @return the JSON of the value
	 */
	public String raw() {
		peekByte();
		int start = this.position;
		passOver();
		return utf8(start, this.position);
	}

	/**
	 * Pass over the next value.
	 */
	public void skip() {
		int first = peekByte();
		int start = this.position;
		passOver();
		if (first == '"') {
			this.places.skipped(start + 1, this.position - 1);
		}
		else if (first >= '0' && first <= '9') {
			this.places.skipped(start, this.position);
		}
	}

	private void passOver() {
		skipValue();
		this.pending = false;
	}

	private void skipValue() {
		switch (peekByte()) {
			case '{' -> skipItems('}');
			case '[' -> skipItems(']');
			case '"' -> skipString();
			case 't' -> literal("true");
			case 'f' -> literal("false");
			case 'n' -> literal("null");
			default -> skipNumber();
		}
	}

	private void skipItems(char close) {
		this.position++;
		push();
		for (boolean begun = false; peekByte() != close; begun = true) {
			if (begun) {
				if (peekByte() != ',') {
					throw malformed("a comma or the end is expected");
				}
				this.position++;
			}
			if (close == '}') {
				if (peekByte() != '"') {
					throw malformed("a member name is expected");
				}
				skipString();
				if (peekByte() != ':') {
					throw malformed("a colon is expected");
				}
				this.position++;
			}
			skipValue();
		}
		this.position++;
		this.depth--;
	}

	private void skipString() {
		byte[] in = this.bytes;
		int last = this.end;
		int start = this.position + 1;
		boolean ascii = true;
		int i = StringScan.firstSpecial(in, start, last);
		while (i < last) {
			byte b = in[i];
			if (b == '"') {
				if (!ascii && !Utf8.isValid(in, start, i)) {
					throw malformed("the text is not valid UTF-8");
				}
				this.position = i + 1;
				return;
			}
			if (b == '\\') {
				this.position = i;
				unescaped(i + 1);
				i = StringScan.firstSpecial(in, i + ((in[i + 1] == 'u') ? 6 : 2), last);
			}
			else {
				ascii &= b >= 0;
				i++;
			}
		}
		this.position = last;
		throw malformed("a string is not closed");
	}

	private void literal(String text) {
		int start = this.position;
		if (this.end - start < text.length()) {
			throw malformed("a value is cut off");
		}
		for (int i = 0; i < text.length(); i++) {
			if (this.bytes[start + i] != text.charAt(i)) {
				throw malformed("a value is expected");
			}
		}
		endWord(start + text.length());
	}

	// or else 12-3 or truefalse would be two documents
	private void endWord(int end) {
		this.position = end;
		if (end < this.end) {
			byte b = this.bytes[end];
			if (isDigit(end) || b == '.' || b == '-' || b == '+' || (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z')) {
				throw malformed("a value is expected");
			}
		}
	}

	private void skipNumber() {
		int i = this.position;
		if (this.bytes[i] == '-') {
			i++;
		}
		i = (i < this.end && this.bytes[i] == '0') ? i + 1 : skipDigits(i);
		if (i < this.end && this.bytes[i] == '.') {
			i = skipDigits(i + 1);
		}
		if (i < this.end && (this.bytes[i] == 'e' || this.bytes[i] == 'E')) {
			i++;
			boolean signed = i < this.end && (this.bytes[i] == '+' || this.bytes[i] == '-');
			i = skipDigits((signed) ? i + 1 : i);
		}
		endWord(i);
	}

	private int skipDigits(int from) {
		int i = from;
		while (isDigit(i)) {
			i++;
		}
		if (i == from) {
			throw malformed((from < this.end) ? "a value is expected" : "a value is cut off");
		}
		return i;
	}

	private boolean isDigit(int index) {
		return index < this.end && this.bytes[index] >= '0' && this.bytes[index] <= '9';
	}

	private String name() {
		int start = this.position + 1;
		int i = StringScan.firstSpecial(this.bytes, start, this.end);
		if (i < this.end && this.bytes[i] == '"') {
			this.position = i + 1;
			return JsonNames.get(this.bytes, start, i - start);
		}
		return readString();
	}

	private String readString() {
		byte[] in = this.bytes;
		int start = this.position + 1;
		boolean ascii = true;
		for (int i = StringScan.firstSpecial(in, start, this.end); i < this.end; i++) {
			byte b = in[i];
			if (b == '"') {
				this.position = i + 1;
				return (ascii) ? ascii(start, i) : utf8(start, i);
			}
			if (b == '\\') {
				return readEscaped(start, i);
			}
			ascii &= b >= 0;
		}
		this.position = this.end;
		throw malformed("a string is not closed");
	}

	private String readEscaped(int start, int firstEscape) {
		StringBuilder text = this.unescaped;
		if (text == null) {
			text = new StringBuilder();
			this.unescaped = text;
		}
		text.setLength(0);
		int run = start;
		int i = firstEscape;
		while (i < this.end) {
			byte b = this.bytes[i];
			if (b == '"') {
				text.append(utf8(run, i));
				this.position = i + 1;
				return text.toString();
			}
			if (b == '\\') {
				if (i > run) {
					text.append(utf8(run, i));
				}
				this.position = i;
				text.append(unescaped(i + 1));
				i += (this.bytes[i + 1] == 'u') ? 6 : 2;
				run = i;
			}
			else {
				i++;
			}
		}
		this.position = this.end;
		throw malformed("a string is not closed");
	}

	private char unescaped(int i) {
		if (i >= this.end) {
			throw malformed("a string is not closed");
		}
		return switch (this.bytes[i]) {
			case '"', '\\', '/' -> (char) this.bytes[i];
			case 'n' -> '\n';
			case 't' -> '\t';
			case 'r' -> '\r';
			case 'b' -> '\b';
			case 'f' -> '\f';
			case 'u' -> (char) hex(i + 1);
			default -> throw malformed("an unknown escape");
		};
	}

	private int hex(int from) {
		if (from + 4 > this.end) {
			throw malformed("an escape is cut off");
		}
		int value = 0;
		for (int i = from; i < from + 4; i++) {
			int digit = Character.digit(this.bytes[i], 16);
			if (digit < 0) {
				throw malformed("an escape is not hexadecimal");
			}
			value = value * 16 + digit;
		}
		return value;
	}

	private String ascii(int from, int to) {
		return (to == from) ? "" : new String(this.bytes, from, to - from, StandardCharsets.ISO_8859_1);
	}

	private String utf8(int from, int to) {
		String text = new String(this.bytes, from, to - from, StandardCharsets.UTF_8);
		if (text.indexOf('\uFFFD') >= 0 && !Utf8.isValid(this.bytes, from, to)) {
			throw malformed("the text is not valid UTF-8");
		}
		return text;
	}

	private int peekByte() {
		skipWhitespace();
		if (this.position >= this.end) {
			throw malformed("the document is cut off");
		}
		return this.bytes[this.position];
	}

	private void skipWhitespace() {
		while (this.position < this.end) {
			byte b = this.bytes[this.position];
			if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
				return;
			}
			this.position++;
		}
	}

	private MalformedJsonException malformed(String what) {
		// counted from where the JSON starts, wherever that is in its buffer
		return new MalformedJsonException("not JSON at byte " + (this.position - this.start) + ": " + what);
	}

}
