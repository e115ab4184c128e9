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

import org.jspecify.annotations.Nullable;

/**
 * An object as far as a model has written it. Of an answer there are many, each showing
 * what the one before showed and more: texts grow character by character, lists element
 * by element; numbers, booleans and nulls are there once they are complete, and so is
 * what a text becomes that is more than text, such as an enum, a date or a URI. The last
 * one is {@linkplain #isComplete() complete}. Only where the answer begins anew, because
 * its route restarted it or because what came was not valid, does the object begin anew
 * too.
 * <p>
 * Made at a cost that does not depend on how much there is; {@link #value()} is built
 * when it is asked for. Written as JSON by Jackson it is the JSON of the object. Whoever
 * is slower than the model and wants no more than the newest may drop others, as
 * {@code Flux.onBackpressureLatest()} does.
 * <p>
 * Immutable, and safe for use by several threads.
 *
 * @param <T> the type of the object
 */
public interface Partial<T> {

	/**
	 * The object, with what is missing left out: {@code null}, zero or {@code false}, and
	 * empty for collections, maps, arrays and optionals. The last one is whole and
	 * validated.
	 * <p>
	 * Parts that were complete are built once and shared by the objects of later
	 * partials, so that they must not be changed.
	 * @return the object; {@code null} while nothing of it can be built, because nothing
	 * has come or because the type does not take missing members
	 */
	@Nullable T value();

	/**
	 * Whether this is the whole object, which is then the last of its stream and valid.
	 * @return whether nothing is missing
	 */
	boolean isComplete();

	/**
	 * Whether a part of the object is complete, so that it does not grow any more.
	 * @param path the way to it: names of members as in the JSON, and indices of
	 * elements; none for the object itself, which may be complete before it was validated
	 * @return whether it came in full
	 */
	boolean isComplete(Object... path);

	/**
	 * What came so far as JSON, with all that was open closed. Not the text that the
	 * model wrote.
	 * @return the JSON; {@code null} in JSON if nothing came
	 */
	String toJson();

	/**
	 * What came since an earlier partial, as a piece of JSON in which all that is open is
	 * left open. The pieces of a stream, one after the other, are the JSON of the object.
	 * Costs what is new, not what there is, which is how an object that grows is sent
	 * over a network.
	 * @param earlier a partial that came before this one in the same stream, or
	 * {@code null} for all that came so far
	 * @return the piece, empty if there is nothing new; {@code null} if the object began
	 * anew since then, so that what was sent is to be discarded
	 */
	@Nullable String jsonSince(@Nullable Partial<?> earlier);

}
