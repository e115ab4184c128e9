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

import java.net.URI;
import java.util.Arrays;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * A part of a {@link Message}.
 */
public sealed interface Part {

	/**
	 * Text.
	 *
	 * @param text the text
	 * @param cache whether the prompt may be cached up to this part, or {@code null} to
	 * leave that to the provider
	 */
	record Text(String text, @Nullable CacheHint cache) implements Part {

		/**
		 * Text without a cache hint.
		 * @param text the text
		 */
		public Text(String text) {
			this(text, null);
		}

	}

	/**
	 * An image, given by address or by content.
	 *
	 * @param url where the provider finds the image, or {@code null} if {@code data} is
	 * given
	 * @param data the bytes of the image, or {@code null} if {@code url} is given; not
	 * copied, and must not be changed afterwards
	 * @param mediaType such as {@code image/png}, or {@code null} with a {@code url}
	 * @param cache whether the prompt may be cached up to this part, or {@code null}
	 */
	record Image(@Nullable URI url, byte @Nullable [] data, @Nullable String mediaType,
			@Nullable CacheHint cache) implements Part {

		/**
		 * Create an image.
		 * @throws IllegalArgumentException if neither or both of {@code url} and
		 * {@code data} are given, or {@code data} without {@code mediaType}
		 */
		public Image {
			if ((url == null) == (data == null)) {
				throw new IllegalArgumentException("An image has either a url or data");
			}
			if (data != null && mediaType == null) {
				throw new IllegalArgumentException("An image with data needs a mediaType, such as image/png");
			}
		}

		/**
		 * An image at an address that the provider can reach.
		 * @param url the address
		 * @return the part
		 */
		public static Image of(URI url) {
			return new Image(url, null, null, null);
		}

		/**
		 * An image given by its bytes.
		 * @param mediaType such as {@code image/png}
		 * @param data the bytes; not copied
		 * @return the part
		 */
		public static Image of(String mediaType, byte[] data) {
			return new Image(null, data, mediaType, null);
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Image image && Objects.equals(this.url, image.url)
					&& Arrays.equals(this.data, image.data) && Objects.equals(this.mediaType, image.mediaType)
					&& this.cache == image.cache;
		}

		@Override
		public int hashCode() {
			return Objects.hash(this.url, Arrays.hashCode(this.data), this.mediaType, this.cache);
		}

		@Override
		public String toString() {
			return "Image[" + ((this.url != null) ? "url" : this.mediaType) + "]";
		}

	}

	/**
	 * A tool call that the model made, in an assistant message.
	 *
	 * @param id the id of the call
	 * @param name the tool's name
	 * @param arguments the arguments as JSON
	 */
	record ToolCall(String id, String name, String arguments) implements Part {
	}

	/**
	 * What a tool answered, in a tool message.
	 *
	 * @param id the id of the call
	 * @param name the tool's name
	 * @param content what it answered
	 * @param error whether the tool failed
	 * @param cache whether the prompt may be cached up to this part, or {@code null}
	 */
	record ToolResult(String id, String name, String content, boolean error,
			@Nullable CacheHint cache) implements Part {

		/**
		 * The result of a tool that did not fail.
		 * @param id the id of the call
		 * @param name the tool's name
		 * @param content what it answered
		 */
		public ToolResult(String id, String name, String content) {
			this(id, name, content, false, null);
		}

	}

	/**
	 * Provider state that was received as {@link Token.ReplayState}, in an assistant
	 * message. Ignored by dialects other than its own.
	 *
	 * @param dialect the dialect that understands it
	 * @param kind the dialect's name for it
	 * @param json the state, as JSON
	 */
	record ReplayState(String dialect, String kind, String json) implements Part {
	}

	/**
	 * Asks the provider to cache the prompt up to a part. Providers that cache on their
	 * own, or not at all, ignore it.
	 */
	enum CacheHint {

		/** For some minutes. */
		SHORT,

		/** For about an hour. */
		LONG

	}

}
