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

package io.llmstream.observation;

import org.jspecify.annotations.Nullable;

/**
 * What is observed.
 *
 * @param convention which edition of OpenTelemetry's conventions gives the names
 * @param captureContent whether prompts and answers become attributes of spans. They may
 * hold personal data; never on by default
 * @param maxContentLength how many characters of a conversation, and of an answer, are
 * captured, 1 or more
 * @param conversationTag the tag of a request whose value is the conversation's id, or
 * {@code null} if there is none
 */
public record ObservationSettings(GenAiConvention convention, boolean captureContent, int maxContentLength,
		@Nullable String conversationTag) {

	/**
	 * Create settings.
	 * @throws IllegalArgumentException if {@code maxContentLength} is less than 1
	 */
	public ObservationSettings {
		if (maxContentLength < 1) {
			throw new IllegalArgumentException("maxContentLength must be 1 or more, but is " + maxContentLength);
		}
	}

	/**
	 * The newest names, no content, the tag {@code conversation}.
	 * @return the settings
	 */
	public static ObservationSettings defaults() {
		return new ObservationSettings(GenAiConvention.LATEST, false, 16 * 1024, "conversation");
	}

}
