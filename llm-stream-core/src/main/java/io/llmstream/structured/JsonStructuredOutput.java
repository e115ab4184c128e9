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

import java.lang.reflect.Type;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

import io.llmstream.AttemptLedger;
import io.llmstream.OutputOptions;
import io.llmstream.Partial;
import io.llmstream.ResponseFormat;
import io.llmstream.StreamRequest;
import io.llmstream.StructuredOutput;
import io.llmstream.Token;
import io.llmstream.schema.JsonSchemaGenerator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/**
 * Gets objects from models that write JSON.
 * <p>
 * The JSON is read once, as it comes; a {@link Partial} refers to what was read and binds
 * parts that are complete once, so that neither gets slower as the answer grows. At the
 * end the object is bound strictly: members that its schema requires must be there, and
 * it must be valid.
 * <p>
 * An answer that is wrong is an {@link io.llmstream.InvalidOutputException}, unless the
 * model may be asked again ({@link OutputOptions#maxRepairs()}); then a partial object
 * begins anew. The elements of a list are not taken back: once one was delivered, the
 * model is not asked again.
 * <p>
 * Safe for use by several threads.
 */
public final class JsonStructuredOutput implements StructuredOutput {

	private final OutputMappers mappers;

	private final OutputSettings settings;

	private final OutputOptions defaults;

	private final Map<Type, OutputType> types = new ConcurrentHashMap<>();

	private final Map<Type, OutputType> lists = new ConcurrentHashMap<>();

	/**
	 * Create with defaults: no validation, no repair.
	 */
	public JsonStructuredOutput() {
		this(builder());
	}

	private JsonStructuredOutput(Builder builder) {
		this.mappers = new OutputMappers(builder.mapper);
		this.settings = new OutputSettings(builder.maxDepth, builder.maxLength, builder.validator);
		this.defaults = builder.defaults.orElse(new OutputOptions(ResponseFormat.Mode.AUTO, 0));
	}

	/**
	 * Begin.
	 * @return a builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	@Override
	public void check(Type type) {
		// what is surely right is prepared when it is asked for first
		if (!JsonSchemaGenerator.surelyDescribes(type)) {
			type(type);
		}
	}

	@Override
	public <T> Flux<Partial<T>> stream(Source source, StreamRequest request, Type type) {
		OutputType output = type(type);
		return Flux.defer(() -> {
			OutputRun<T> run = new OutputRun<>(source.name(), output, this.settings, null);
			return tokens(source, request, output, run).handle(run::partial);
		});
	}

	@Override
	public <T> Flux<T> elements(Source source, StreamRequest request, Type elementType) {
		OutputType output = this.lists.computeIfAbsent(elementType, (key) -> OutputType.listOf(key, this.mappers));
		return Flux.defer(() -> {
			OutputRun<T> run = new OutputRun<>(source.name(), output, this.settings,
					new ElementReader<>(output, this.settings));
			// an error waits until what was complete before it is asked for
			return tokens(source, request, output, run).handle(run::elements)
				.onErrorResume((error) -> Flux.just(run.rest()).concatWith(Mono.error(error)))
				.concatMapDelayError(Flux::fromIterable);
		});
	}

	@Override
	public <T> Mono<T> object(Source source, StreamRequest request, Type type) {
		OutputType output = type(type);
		return Flux.defer(() -> {
			OutputRun<T> run = new OutputRun<>(source.name(), output, this.settings, null);
			return tokens(source, request, output, run).handle(run::whole);
		}).single();
	}

	private OutputType type(Type type) {
		OutputType known = this.types.get(type);
		return (known != null) ? known : this.types.computeIfAbsent(type, (key) -> OutputType.of(key, this.mappers));
	}

	private Flux<Token> tokens(Source source, StreamRequest request, OutputType output, OutputRun<?> run) {
		OutputOptions options = source.options().orElse(this.defaults);
		ResponseFormat.Mode mode = Objects.requireNonNullElse(options.mode(), ResponseFormat.Mode.AUTO);
		int repairs = Objects.requireNonNullElse(options.maxRepairs(), 0);
		StreamRequest asked = (request.responseFormat() != null) ? request
				: request.mutate().responseFormat(output.format(mode)).build();
		return AttemptLedger.keep(ask(source, asked, run, repairs));
	}

	private Flux<Token> ask(Source source, StreamRequest request, OutputRun<?> run, int repairs) {
		Flux<Token> tokens = Flux.defer(() -> source.model().stream(request)).handle(run::check);
		return (repairs == 0) ? tokens : tokens.onErrorResume(run::isRepairable,
				(error) -> Flux.defer(() -> ask(source, run.repair(request), run, repairs - 1)));
	}

	/**
	 * Builds a {@link JsonStructuredOutput}. Not safe for use by several threads.
	 */
	public static final class Builder {

		private JsonMapper mapper = JsonMapper.builder().build();

		private OutputOptions defaults = OutputOptions.DEFAULTS;

		private @Nullable OutputValidator validator;

		private int maxDepth = 200;

		private int maxLength = 8 * 1024 * 1024;

		private Builder() {
		}

		/**
		 * Set what binds JSON to objects and names their properties.
		 * @param mapper the mapper, which is copied; Jackson's defaults unless set
		 * @return this builder
		 */
		public Builder mapper(JsonMapper mapper) {
			this.mapper = mapper;
			return this;
		}

		/**
		 * Set what a request leaves open.
		 * @param defaults the options; {@link ResponseFormat.Mode#AUTO} and no repair
		 * unless set
		 * @return this builder
		 */
		public Builder defaults(OutputOptions defaults) {
			this.defaults = defaults;
			return this;
		}

		/**
		 * Set who validates objects.
		 * @param validator validates, or {@code null} to validate nothing
		 * @return this builder
		 */
		public Builder validator(@Nullable OutputValidator validator) {
			this.validator = validator;
			return this;
		}

		/**
		 * Set how deep objects and arrays may be nested.
		 * @param maxDepth a number of levels, from 1 to 500
		 * @return this builder
		 */
		public Builder maxDepth(int maxDepth) {
			if (maxDepth < 1 || maxDepth > 500) {
				throw new IllegalArgumentException("maxDepth must be from 1 to 500, but is " + maxDepth);
			}
			this.maxDepth = maxDepth;
			return this;
		}

		/**
		 * Set how long an answer may be; all of it is kept until it is complete.
		 * @param maxLength a number of characters, 1 or more
		 * @return this builder
		 */
		public Builder maxLength(int maxLength) {
			if (maxLength < 1) {
				throw new IllegalArgumentException("maxLength must be 1 or more, but is " + maxLength);
			}
			this.maxLength = maxLength;
			return this;
		}

		/**
		 * Build it.
		 * @return the result
		 */
		public JsonStructuredOutput build() {
			return new JsonStructuredOutput(this);
		}

	}

}
