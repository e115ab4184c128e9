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

package io.llmstream.autoconfigure;

import io.llmstream.observation.GenAiConvention;
import io.llmstream.observation.ObservationSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What is observed of streams.
 */
@ConfigurationProperties("llm-stream.observation")
public class LlmStreamObservationProperties {

	/**
	 * Whether streams are observed: meters, spans, the list of active streams.
	 */
	private boolean enabled = true;

	/**
	 * Edition of OpenTelemetry's conventions for generative AI that names spans and
	 * meters: latest, or v1.41 for the last that was published.
	 */
	private GenAiConvention convention = GenAiConvention.LATEST;

	/**
	 * Whether prompts and answers become attributes of spans. They may hold personal
	 * data.
	 */
	private boolean captureContent;

	/**
	 * How many characters of a conversation, and of an answer, are captured.
	 */
	private int maxContentLength = 16 * 1024;

	/**
	 * Tag of a request whose value is the id of its conversation.
	 */
	private @Nullable String conversationTag = "conversation";

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public GenAiConvention getConvention() {
		return this.convention;
	}

	public void setConvention(GenAiConvention convention) {
		this.convention = convention;
	}

	public boolean isCaptureContent() {
		return this.captureContent;
	}

	public void setCaptureContent(boolean captureContent) {
		this.captureContent = captureContent;
	}

	public int getMaxContentLength() {
		return this.maxContentLength;
	}

	public void setMaxContentLength(int maxContentLength) {
		this.maxContentLength = maxContentLength;
	}

	public @Nullable String getConversationTag() {
		return this.conversationTag;
	}

	public void setConversationTag(@Nullable String conversationTag) {
		this.conversationTag = conversationTag;
	}

	ObservationSettings settings() {
		PropertyChecks checks = new PropertyChecks("llm-stream.observation.");
		checks.check(this.maxContentLength >= 1, "max-content-length", this.maxContentLength, "must not be less than 1",
				"16384");
		return new ObservationSettings(this.convention, this.captureContent, this.maxContentLength,
				this.conversationTag);
	}

}
