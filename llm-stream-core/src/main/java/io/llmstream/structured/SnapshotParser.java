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

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.Base64Variant;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.Version;
import tools.jackson.core.base.ParserMinimalBase;
import tools.jackson.core.util.ByteArrayBuilder;

/**
 * Lets Jackson read a {@link JsonSnapshot} as if it were a document: what was open at
 * that moment ends where it had come to.
 */
final class SnapshotParser extends ParserMinimalBase {

	private final JsonSnapshot snapshot;

	private final List<JsonFrame> path;

	private @Nullable Cursor cursor;

	private @Nullable Object value;

	private boolean openText;

	private boolean started;

	private Set<String> hidden = Set.of();

	SnapshotParser(JsonSnapshot snapshot, @Nullable ObjectReadContext context) {
		super((context != null) ? context : ObjectReadContext.empty());
		this.snapshot = snapshot;
		this.path = snapshot.path();
	}

	/**
	 * Leave out members of these names as long as their text is being written: those that
	 * say of which type an object is, since one name of a type may begin with another.
	 */
	SnapshotParser hide(Set<String> names) {
		this.hidden = names;
		return this;
	}

	/**
	 * Go to the first token of a value.
	 * @param member the member of the root that is the value, or {@code null} for the
	 * root; an array has no members and is the value itself
	 * @return whether there is such a value yet
	 */
	boolean begin(@Nullable String member) {
		if (nextToken() == null) {
			return false;
		}
		if (member == null || this._currToken != JsonToken.START_OBJECT) {
			return true;
		}
		while (nextToken() == JsonToken.PROPERTY_NAME) {
			boolean found = member.equals(currentName());
			nextToken();
			if (found) {
				return true;
			}
			skipChildren();
		}
		return false;
	}

	/**
	 * The container that begins here, if it was closed, else {@code null}.
	 */
	@Nullable JsonContainer closedContainer() {
		Cursor at = this.cursor;
		return (at != null && at.open < 0 && this._currToken != null && this._currToken.isStructStart())
				? at.frame.container() : null;
	}

	/**
	 * The frame of the array that begins here, if it was open and has elements, else
	 * {@code null}.
	 */
	@Nullable JsonFrame openArray() {
		Cursor at = this.cursor;
		return (at != null && at.open >= 0 && this._currToken == JsonToken.START_ARRAY) ? at.frame : null;
	}

	/**
	 * How many elements of the array that begins here were complete.
	 */
	int completeElements() {
		Cursor at = cursor();
		boolean child = at.open >= 0 && at.open + 1 < this.path.size();
		return (child) ? at.frame.size() - 1 : at.frame.size();
	}

	/**
	 * Pass over the first elements of the array that begins here.
	 */
	void skipElements(int count) {
		cursor().next = count;
	}

	/**
	 * Leave out the element of the array that begins here if its text is being written.
	 */
	void skipOpenText() {
		cursor().textSkipped = true;
	}

	/**
	 * Whether this is a string that was being written.
	 */
	boolean isOpenText() {
		return this.openText;
	}

	@Override
	public @Nullable JsonToken nextToken() {
		this.value = null;
		this.openText = false;
		Cursor at = this.cursor;
		if (at == null) {
			if (this.started || this.path.isEmpty()) {
				return _updateTokenToNull();
			}
			this.started = true;
			return enter(new Cursor(null, this.path.get(0), (this.snapshot.complete()) ? -1 : 0));
		}
		if (at.valueIsNext) {
			at.valueIsNext = false;
			return value(at);
		}
		if (at.next > at.frame.size() || (at.next == at.frame.size() && !hasOpenText(at))) {
			return leave(at);
		}
		if (at.frame.isObject()) {
			at.name = at.frame.name(at.next);
			at.valueIsNext = true;
			return _updateToken(JsonToken.PROPERTY_NAME);
		}
		return value(at);
	}

	private boolean hasOpenText(Cursor at) {
		return at.open == this.path.size() - 1 && this.snapshot.text() != null && !at.textSkipped
				&& !(at.frame.isObject() && this.hidden.contains(at.frame.name(at.next)));
	}

	private JsonToken value(Cursor at) {
		int index = at.next++;
		if (index == at.frame.size()) {
			this.openText = true;
			this.value = this.snapshot.openText();
			return _updateToken(JsonToken.VALUE_STRING);
		}
		if (at.open >= 0 && index == at.frame.size() - 1 && at.open + 1 < this.path.size()) {
			return enter(new Cursor(at, this.path.get(at.open + 1), at.open + 1));
		}
		Object found = at.frame.value(index);
		if (found instanceof JsonContainer container) {
			return enter(new Cursor(at, JsonFrame.of(null, container), -1));
		}
		this.value = found;
		return _updateToken(token(found));
	}

	private static JsonToken token(Object value) {
		if (value instanceof String) {
			return JsonToken.VALUE_STRING;
		}
		if (value instanceof JsonNumber number) {
			return (number.isInteger()) ? JsonToken.VALUE_NUMBER_INT : JsonToken.VALUE_NUMBER_FLOAT;
		}
		if (value instanceof Boolean bool) {
			return (bool) ? JsonToken.VALUE_TRUE : JsonToken.VALUE_FALSE;
		}
		return JsonToken.VALUE_NULL;
	}

	private JsonToken enter(Cursor inner) {
		this.cursor = inner;
		return _updateToken((inner.frame.isObject()) ? JsonToken.START_OBJECT : JsonToken.START_ARRAY);
	}

	private JsonToken leave(Cursor at) {
		this.cursor = at.parent;
		return _updateToken((at.frame.isObject()) ? JsonToken.END_OBJECT : JsonToken.END_ARRAY);
	}

	@Override
	public JsonParser skipChildren() {
		Cursor at = this.cursor;
		if (at != null && this._currToken != null && this._currToken.isStructStart()) {
			leave(at);
		}
		return this;
	}

	@Override
	public @Nullable String currentName() {
		Cursor at = this.cursor;
		if (at != null && this._currToken != null && this._currToken.isStructStart()) {
			at = at.parent;
		}
		return (at != null) ? at.currentName() : null;
	}

	@Override
	public @Nullable String getString() {
		if (this.value instanceof JsonNumber number) {
			return number.text();
		}
		if (this.value instanceof String text) {
			return text;
		}
		return (this._currToken == JsonToken.PROPERTY_NAME) ? currentName()
				: (this._currToken != null) ? this._currToken.asString() : null;
	}

	@Override
	public char[] getStringCharacters() {
		String text = getString();
		return (text != null) ? text.toCharArray() : new char[0];
	}

	@Override
	public int getStringLength() {
		String text = getString();
		return (text != null) ? text.length() : 0;
	}

	@Override
	public int getStringOffset() {
		return 0;
	}

	@Override
	public boolean hasStringCharacters() {
		return false;
	}

	@Override
	public @Nullable NumberType getNumberType() {
		if (!(this.value instanceof JsonNumber number)) {
			return null;
		}
		Number shortest = number.value();
		return (shortest instanceof Integer) ? NumberType.INT : (shortest instanceof Long) ? NumberType.LONG
				: (shortest instanceof BigInteger) ? NumberType.BIG_INTEGER : NumberType.DOUBLE;
	}

	@Override
	public Number getNumberValue() {
		return number().value();
	}

	@Override
	public BigInteger getBigIntegerValue() {
		JsonNumber number = number();
		return (number.isInteger()) ? new BigInteger(number.text()) : number.decimal().toBigInteger();
	}

	@Override
	public BigDecimal getDecimalValue() {
		return number().decimal();
	}

	@Override
	public double getDoubleValue() {
		return Double.parseDouble(number().text());
	}

	@Override
	public float getFloatValue() {
		return Float.parseFloat(number().text());
	}

	@Override
	public int getIntValue() {
		long value = getLongValue();
		if (value != (int) value) {
			_reportOverflowInt();
		}
		return (int) value;
	}

	@Override
	public long getLongValue() {
		Number value = number().value();
		if (value instanceof BigInteger || (value instanceof Double real && Math.abs(real) >= 0x1p63)) {
			_reportOverflowLong();
		}
		return value.longValue();
	}

	private JsonNumber number() {
		if (this.value instanceof JsonNumber number) {
			return number;
		}
		throw _constructNotNumericType(this._currToken, 0);
	}

	@Override
	public boolean isNaN() {
		return false;
	}

	@Override
	public byte[] getBinaryValue(Base64Variant variant) {
		try (ByteArrayBuilder bytes = new ByteArrayBuilder()) {
			_decodeBase64(getString(), bytes, variant);
			return bytes.toByteArray();
		}
	}

	@Override
	public TokenStreamContext streamReadContext() {
		Cursor at = this.cursor;
		return (at != null) ? at : RootContext.INSTANCE;
	}

	@Override
	public TokenStreamLocation currentTokenLocation() {
		return TokenStreamLocation.NA;
	}

	@Override
	public TokenStreamLocation currentLocation() {
		return TokenStreamLocation.NA;
	}

	@Override
	public Object streamReadInputSource() {
		return this.snapshot;
	}

	@Override
	public @Nullable Object currentValue() {
		return streamReadContext().currentValue();
	}

	@Override
	public void assignCurrentValue(Object value) {
		streamReadContext().assignCurrentValue(value);
	}

	@Override
	public Version version() {
		return Version.unknownVersion();
	}

	@Override
	protected void _closeInput() {
	}

	@Override
	protected void _releaseBuffers() {
	}

	@Override
	protected void _handleEOF() {
	}

	private Cursor cursor() {
		Cursor at = this.cursor;
		if (at == null) {
			throw new IllegalStateException("No container has begun");
		}
		return at;
	}

	/**
	 * Where the parser is within a container.
	 */
	private static final class Cursor extends TokenStreamContext {

		private final @Nullable Cursor parent;

		private final JsonFrame frame;

		// which of the open containers this is, or -1 for one that was closed
		private final int open;

		private int next;

		private @Nullable String name;

		private boolean valueIsNext;

		private boolean textSkipped;

		private @Nullable Object currentValue;

		Cursor(@Nullable Cursor parent, JsonFrame frame, int open) {
			super((frame.isObject()) ? TYPE_OBJECT : TYPE_ARRAY, -1);
			this.parent = parent;
			this.frame = frame;
			this.open = open;
			this._nestingDepth = (parent != null) ? parent.getNestingDepth() + 1 : 1;
		}

		@Override
		public TokenStreamContext getParent() {
			return (this.parent != null) ? this.parent : RootContext.INSTANCE;
		}

		@Override
		public @Nullable String currentName() {
			return this.name;
		}

		@Override
		public boolean hasCurrentName() {
			return this.name != null;
		}

		@Override
		public @Nullable Object currentValue() {
			return this.currentValue;
		}

		@Override
		public void assignCurrentValue(@Nullable Object value) {
			this.currentValue = value;
		}

	}

	/**
	 * Around the document.
	 */
	private static final class RootContext extends TokenStreamContext {

		private static final RootContext INSTANCE = new RootContext();

		private RootContext() {
			super(TYPE_ROOT, -1);
		}

		@Override
		public @Nullable TokenStreamContext getParent() {
			return null;
		}

		@Override
		public @Nullable String currentName() {
			return null;
		}

	}

}
