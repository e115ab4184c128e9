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

package io.llmstream;

import reactor.core.publisher.Flux;

/**
 * Something that goes around a model: it may change the request, the tokens or the error,
 * ask another model, or ask more than once. Beans of this type are applied in their
 * {@link org.springframework.core.Ordered order}, outermost first;
 * {@link StreamFilterOrder} says where the built-in ones stand.
 */
@FunctionalInterface
public interface StreamFilter {

	/**
	 * Answer a request, usually by asking the next model.
	 * <p>
	 * Called once per subscription. The result must keep the contract of
	 * {@link StreamingModel#stream(StreamRequest)}.
	 * @param request what to answer
	 * @param next the model inside
	 * @return the tokens of the answer
	 */
	Flux<Token> filter(StreamRequest request, StreamingModel next);

	/**
	 * Put this filter around a model.
	 * @param model the model inside
	 * @return the model with this filter around it
	 */
	default StreamingModel apply(StreamingModel model) {
		return (request) -> Flux.defer(() -> filter(request, model));
	}

}
