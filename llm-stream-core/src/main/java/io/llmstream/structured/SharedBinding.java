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
import java.util.Set;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.deser.impl.TypeWrappedDeserializer;
import tools.jackson.databind.deser.jdk.CollectionDeserializer;
import tools.jackson.databind.deser.jdk.EnumSetDeserializer;
import tools.jackson.databind.deser.jdk.StringCollectionDeserializer;
import tools.jackson.databind.deser.std.ContainerDeserializerBase;
import tools.jackson.databind.deser.std.DelegatingDeserializer;
import tools.jackson.databind.jsontype.TypeDeserializer;
import tools.jackson.databind.type.ArrayType;
import tools.jackson.databind.type.CollectionType;
import tools.jackson.databind.type.LogicalType;
import tools.jackson.databind.type.MapType;

/**
 * Lets Jackson bind each part of a growing document once: what was closed keeps what it
 * became, and a list that is still open keeps its elements. So the cost of binding the
 * next snapshot is that of what came since, and of the objects around it. A scalar that
 * cannot be bound, or not yet, is left out, and nothing around it.
 */
final class SharedBinding extends ValueDeserializerModifier {

	private static final long serialVersionUID = 1L;

	@Override
	public ValueDeserializer<?> modifyDeserializer(DeserializationConfig config, BeanDescription.Supplier description,
			ValueDeserializer<?> deserializer) {
		return new SharedDeserializer(deserializer, null);
	}

	@Override
	public ValueDeserializer<?> modifyEnumDeserializer(DeserializationConfig config, JavaType type,
			BeanDescription.Supplier description, ValueDeserializer<?> deserializer) {
		return new SharedDeserializer(deserializer, null);
	}

	@Override
	public ValueDeserializer<?> modifyArrayDeserializer(DeserializationConfig config, ArrayType type,
			BeanDescription.Supplier description, ValueDeserializer<?> deserializer) {
		return new SharedDeserializer(deserializer, null);
	}

	@Override
	public ValueDeserializer<?> modifyMapDeserializer(DeserializationConfig config, MapType type,
			BeanDescription.Supplier description, ValueDeserializer<?> deserializer) {
		return new SharedDeserializer(deserializer, null);
	}

	@Override
	public ValueDeserializer<?> modifyCollectionDeserializer(DeserializationConfig config, CollectionType type,
			BeanDescription.Supplier description, ValueDeserializer<?> deserializer) {
		return new SharedDeserializer(deserializer, null);
	}

	/**
	 * What a container became, and for whom.
	 */
	private record Bound(SharedDeserializer by, @Nullable Object value) {
	}

	private static final class SharedDeserializer extends DelegatingDeserializer {

		// what a text becomes only when it is all there: HIGH may become HIGHEST
		private static final Set<LogicalType> WHOLE = EnumSet.of(LogicalType.Enum, LogicalType.Integer,
				LogicalType.Float, LogicalType.Boolean, LogicalType.Binary, LogicalType.DateTime,
				LogicalType.OtherScalar);

		// of a list whose elements are kept while it is open
		private final @Nullable ValueDeserializer<Object> elements;

		SharedDeserializer(ValueDeserializer<?> delegate, @Nullable ValueDeserializer<Object> elements) {
			super(delegate);
			this.elements = elements;
		}

		@Override
		protected ValueDeserializer<?> newDelegatingInstance(ValueDeserializer<?> delegate) {
			return new SharedDeserializer(delegate, this.elements);
		}

		@Override
		public ValueDeserializer<?> createContextual(DeserializationContext context, @Nullable BeanProperty property) {
			// the type as it was declared: the one of the deserialiser is ArrayList
			JavaType declared = context.getContextualType();
			ValueDeserializer<?> contextual = super.createContextual(context, property);
			if (declared == null || !(contextual instanceof SharedDeserializer shared)
					|| !isPlainList(declared, shared._delegatee) || isSpecial(property)) {
				return contextual;
			}
			return new SharedDeserializer(shared._delegatee,
					elements(declared.getContentType(), shared._delegatee, context, property));
		}

		private static boolean isPlainList(JavaType type, ValueDeserializer<?> deserializer) {
			Class<?> raw = type.getRawClass();
			return (raw == List.class || raw == Collection.class || raw == Iterable.class)
					&& type.getContentType() != null && type.getContentType().getValueHandler() == null
					&& (deserializer.getClass() == CollectionDeserializer.class
							|| deserializer.getClass() == StringCollectionDeserializer.class);
		}

		private static boolean isSpecial(@Nullable BeanProperty property) {
			return property != null && property.getMetadata() != null
					&& property.getMetadata().getContentNulls() != null;
		}

		private static ValueDeserializer<Object> elements(JavaType type, ValueDeserializer<?> list,
				DeserializationContext context, @Nullable BeanProperty property) {
			ValueDeserializer<Object> known = ((ContainerDeserializerBase<?>) list).getContentDeserializer();
			ValueDeserializer<Object> elements = (known != null) ? known
					: context.findContextualValueDeserializer(type, property);
			TypeDeserializer subtypes = (type.getTypeHandler() instanceof TypeDeserializer handler) ? handler
					: context.findTypeDeserializer(type);
			return (subtypes != null) ? new TypeWrappedDeserializer(subtypes.forProperty(property), elements)
					: elements;
		}

		@Override
		public @Nullable Object deserialize(JsonParser parser, DeserializationContext context) {
			if (!(parser instanceof SnapshotParser snapshot)) {
				return super.deserialize(parser, context);
			}
			if (snapshot.currentToken().isScalarValue()) {
				return scalar(snapshot, context);
			}
			JsonContainer closed = snapshot.closedContainer();
			if (closed != null) {
				return closed(closed, snapshot, context);
			}
			JsonFrame open = snapshot.openArray();
			if (open != null && this.elements != null) {
				return elements(this.elements, open.container(), snapshot, context);
			}
			if (open != null && this._delegatee instanceof EnumSetDeserializer) {
				// which refuses a constant that is none yet
				snapshot.skipOpenText();
			}
			return super.deserialize(parser, context);
		}

		private @Nullable Object scalar(SnapshotParser parser, DeserializationContext context) {
			LogicalType logical = logicalType();
			if (parser.isOpenText() && logical != null && WHOLE.contains(logical)) {
				return getNullValue(context);
			}
			try {
				return super.deserialize(parser, context);
			}
			catch (JacksonException ex) {
				// the whole will tell what is wrong
				return getNullValue(context);
			}
		}

		private @Nullable Object closed(JsonContainer container, SnapshotParser parser,
				DeserializationContext context) {
			Object known = container.bound();
			if (known instanceof Bound bound && bound.by == this) {
				parser.skipChildren();
				return bound.value;
			}
			Object value = (this.elements != null && known instanceof GrowingList list && list.belongsTo(this))
					? elements(this.elements, container, parser, context) : super.deserialize(parser, context);
			container.bind(new Bound(this, value));
			return value;
		}

		private Object elements(ValueDeserializer<Object> elements, JsonContainer container, SnapshotParser parser,
				DeserializationContext context) {
			int complete = parser.completeElements();
			GrowingList list;
			synchronized (container) {
				list = (container.bound() instanceof GrowingList known && known.belongsTo(this)) ? known
						: new GrowingList(this);
				parser.skipElements(Math.min(list.size(), complete));
				while (list.size() < complete) {
					parser.nextToken();
					list.add(element(elements, parser, context));
				}
				container.bind(list);
			}
			if (parser.nextToken() == JsonToken.END_ARRAY) {
				return list.view(complete);
			}
			Object open = element(elements, parser, context);
			parser.nextToken();
			// one of which nothing can be built yet, such as its type, is not there yet
			return (open != null) ? list.view(complete, open) : list.view(complete);
		}

		private static @Nullable Object element(ValueDeserializer<Object> elements, SnapshotParser parser,
				DeserializationContext context) {
			return (parser.currentToken() == JsonToken.VALUE_NULL) ? elements.getNullValue(context)
					: elements.deserialize(parser, context);
		}

	}

}
