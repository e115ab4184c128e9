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

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;

import io.llmstream.Partial;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JacksonSerializable;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.jsontype.TypeSerializer;

/**
 * The {@link Partial} of a snapshot.
 *
 * @param <T> the type of the object
 */
final class JsonPartial<T> implements Partial<T>, JacksonSerializable {

	private static final JsonFactory FACTORY = new JsonFactory();

	private final OutputType type;

	private final JsonSnapshot snapshot;

	private final boolean valid;

	private @Nullable T value;

	private volatile boolean bound;

	JsonPartial(OutputType type, JsonSnapshot snapshot) {
		this.type = type;
		this.snapshot = snapshot;
		this.valid = false;
	}

	JsonPartial(OutputType type, JsonSnapshot snapshot, T value) {
		this.type = type;
		this.snapshot = snapshot;
		this.valid = true;
		this.value = value;
		this.bound = true;
	}

	@Override
	@SuppressWarnings("unchecked")
	public @Nullable T value() {
		// two threads may both bind it, to objects that are equal
		if (!this.bound) {
			this.value = (T) this.type.bind(this.snapshot);
			this.bound = true;
		}
		return this.value;
	}

	@Override
	public boolean isComplete() {
		return this.valid;
	}

	@Override
	public boolean isComplete(Object... path) {
		List<Object> steps = new ArrayList<>(List.of(path));
		if (this.type.member() != null && isInMember()) {
			steps.add(0, this.type.member());
		}
		return this.snapshot.isComplete(steps);
	}

	private boolean isInMember() {
		List<JsonFrame> open = this.snapshot.path();
		return !open.isEmpty() && open.get(0).isObject();
	}

	@Override
	public String toJson() {
		StringWriter json = new StringWriter();
		try (JsonGenerator generator = FACTORY.createGenerator(tools.jackson.core.ObjectWriteContext.empty(), json)) {
			this.snapshot.write(generator, this.type.member());
		}
		return json.toString();
	}

	@Override
	public @Nullable String jsonSince(@Nullable Partial<?> earlier) {
		if (earlier != null && !(earlier instanceof JsonPartial<?>)) {
			throw new IllegalArgumentException("The earlier partial is not of the same stream");
		}
		JsonSnapshot before = (earlier instanceof JsonPartial<?> partial) ? partial.snapshot : JsonSnapshot.EMPTY;
		return JsonGrowth.between(before, this.snapshot, this.type.member());
	}

	@Override
	public void serialize(JsonGenerator generator, SerializationContext context) {
		this.snapshot.write(generator, this.type.member());
	}

	@Override
	public void serializeWithType(JsonGenerator generator, SerializationContext context, TypeSerializer types) {
		serialize(generator, context);
	}

	/**
	 * Says nothing of the answer, which must not reach a log.
	 */
	@Override
	public String toString() {
		return "Partial[" + this.type + ((this.valid) ? ", complete" : "") + "]";
	}

}
