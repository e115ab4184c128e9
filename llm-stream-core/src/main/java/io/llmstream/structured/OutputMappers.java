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

import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * Jackson, for what is whole and for what is not.
 */
final class OutputMappers {

	private final JsonMapper whole;

	private final JsonMapper partial;

	OutputMappers(JsonMapper base) {
		// 1.5 is no int, and is not made one; values are read out of the middle of a
		// document
		this.whole = base.rebuild()
			.disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
			.build();
		JsonMapper.Builder builder = base.rebuild()
			.addModule(new SimpleModule("llm-stream-partial").setDeserializerModifier(new SharedBinding()))
			.addHandler(new MissingParts())
			.disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
					DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
					DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
					DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
					DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
					DeserializationFeature.FAIL_ON_MISSING_EXTERNAL_TYPE_ID_PROPERTY);
		for (Class<?> empty : List.of(List.class, Collection.class, Iterable.class, Map.class)) {
			builder.withConfigOverride(empty,
					(override) -> override.setNullHandling(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY)));
		}
		for (Class<?> set : List.of(Set.class, EnumSet.class)) {
			builder.withConfigOverride(set,
					(override) -> override.setNullHandling(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY, Nulls.SKIP)));
		}
		this.partial = builder.build();
	}

	JsonMapper whole() {
		return this.whole;
	}

	JsonMapper partial() {
		return this.partial;
	}

}
