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

package io.llmstream.provider;

import io.llmstream.wire.Frame;
import org.jspecify.annotations.Nullable;

/**
 * What the decoders of wires with named events have in common: an event {@code error}
 * fails the stream whatever its data is.
 */
public abstract class EventTokenDecoder extends JsonTokenDecoder {

	@Override
	public void decode(Frame frame, TokenSink sink) {
		if ("error".equals(frame.event())) {
			throw new ProviderErrorException(ErrorBodies.readInStream(frame.text()));
		}
		super.decode(frame, sink);
	}

	/**
	 * Look at a document that has no type, which is no event of the wire.
	 * @param document the document
	 * @param name the name of its event, or {@code null}
	 * @return whether it was a sign of life
	 * @throws ProviderErrorException if it is an error
	 */
	protected static boolean stray(String document, @Nullable String name) {
		StrayDocuments.Kind kind = StrayDocuments.classify(document, name);
		if (kind == StrayDocuments.Kind.ERROR) {
			throw new ProviderErrorException(ErrorBodies.readInStream(document));
		}
		return kind == StrayDocuments.Kind.KEEP_ALIVE;
	}

}
