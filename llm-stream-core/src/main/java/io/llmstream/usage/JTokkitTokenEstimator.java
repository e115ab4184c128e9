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

package io.llmstream.usage;

import java.util.Optional;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingRegistry;
import com.knuddels.jtokkit.api.EncodingType;
import org.jspecify.annotations.Nullable;

/**
 * Counts with OpenAI's tokenizers, which need {@code com.knuddels:jtokkit} on the
 * classpath. Models of others are counted with the newest of them, which is mostly within
 * a fifth of their own. A tokenizer is loaded when it is first needed, and takes some
 * tens of megabytes.
 */
public final class JTokkitTokenEstimator implements TokenEstimator {

	/** Longer texts are counted by pieces: the library's time grows faster than text. */
	private static final int PIECE = 20_000;

	private final EncodingRegistry encodings = Encodings.newLazyEncodingRegistry();

	/**
	 * Create an estimator.
	 */
	public JTokkitTokenEstimator() {
	}

	@Override
	public long count(@Nullable String model, String text) {
		Encoding encoding = encoding(model);
		long tokens = 0;
		for (int from = 0; from < text.length();) {
			int to = Math.min(from + PIECE, text.length());
			if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
				to--;
			}
			tokens += encoding.countTokensOrdinary(text.substring(from, to));
			from = to;
		}
		return tokens;
	}

	private Encoding encoding(@Nullable String model) {
		Optional<Encoding> known = (model != null) ? this.encodings.getEncodingForModel(model) : Optional.empty();
		return known.orElseGet(() -> this.encodings.getEncoding(EncodingType.O200K_BASE));
	}

}
