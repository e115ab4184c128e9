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

import java.time.Duration;

import io.llmstream.ErrorKind;
import org.jspecify.annotations.Nullable;

/**
 * An error as a provider reports it, with an HTTP status or within a stream.
 *
 * @param kind the kind of failure
 * @param code the provider's own code or type, or {@code null}
 * @param message what the provider said, or {@code null}
 * @param retryAfter how long it asks to wait, or {@code null}
 */
public record ProviderError(ErrorKind kind, @Nullable String code, @Nullable String message,
		@Nullable Duration retryAfter) {
}
