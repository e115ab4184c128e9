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

import java.util.EnumSet;
import java.util.Set;

import io.llmstream.ErrorKind;
import io.llmstream.Message;
import io.llmstream.Part;
import io.llmstream.StreamAttempt;
import io.llmstream.StreamOutcome;
import io.llmstream.StreamRequest;
import io.llmstream.ToolDefinition;
import io.llmstream.Usage;

/**
 * What an attempt used, where the provider did not say so, or did not come to say the
 * last of it.
 */
final class UsageEstimates {

	/** What a message costs beside its text, as OpenAI describes it. */
	private static final int TOKENS_PER_MESSAGE = 4;

	/** An image of 1024 by 1024 pixels, as OpenAI counts it. */
	private static final int TOKENS_PER_IMAGE = 765;

	/** The provider was at work, and whatever it said of usage was not the last of it. */
	private static final Set<ErrorKind> CUT = EnumSet.of(ErrorKind.TRUNCATED, ErrorKind.MALFORMED,
			ErrorKind.FIRST_TOKEN_TIMEOUT, ErrorKind.STALL_TIMEOUT, ErrorKind.TOTAL_TIMEOUT);

	private UsageEstimates() {
	}

	/**
	 * Whether the text that was written must be kept for this.
	 */
	static boolean needsText(StreamAttempt attempt) {
		return !isFinal(attempt) && reachedModel(attempt);
	}

	private static boolean isFinal(StreamAttempt attempt) {
		Usage.Source source = attempt.usage().source();
		return source == Usage.Source.ESTIMATED
				|| (source == Usage.Source.REPORTED && (attempt.end() == StreamOutcome.End.COMPLETED
						// the provider had said the last of it
						|| attempt.finishReason() != null));
	}

	/**
	 * Whether a model has read the prompt, as far as can be known. Requests that were
	 * refused, or that nobody answered, use nothing.
	 */
	private static boolean reachedModel(StreamAttempt attempt) {
		return attempt.tokens() > 0 || attempt.usage().source() != Usage.Source.NONE
				|| attempt.end() != StreamOutcome.End.FAILED || wasCut(attempt);
	}

	private static boolean wasCut(StreamAttempt attempt) {
		ErrorKind kind = attempt.errorKind();
		return attempt.end() == StreamOutcome.End.CANCELLED || (kind != null && CUT.contains(kind));
	}

	/**
	 * What an attempt used.
	 * @param written what the model wrote
	 */
	static Usage usage(StreamAttempt attempt, StreamRequest request, CharSequence written, TokenEstimator estimator) {
		if (!needsText(attempt)) {
			return attempt.usage();
		}
		Usage said = attempt.usage();
		long output = (written.isEmpty()) ? 0 : estimator.count(attempt.model(), written.toString());
		// figures of an answer that has no end may be from its beginning, which knows the
		// input alone
		long input = (said.inputTokens() > 0) ? said.inputTokens() : input(attempt, request, estimator);
		return new Usage(input, Math.max(said.outputTokens(), output), said.cachedInputTokens(),
				said.cacheWriteInputTokens(), said.reasoningTokens(), Usage.Source.ESTIMATED);
	}

	/**
	 * How many tokens the prompt of a request has.
	 */
	static long input(StreamAttempt attempt, StreamRequest request, TokenEstimator estimator) {
		String model = (attempt.requestedModel() != null) ? attempt.requestedModel() : request.model();
		return extra(request) + estimator.count(model, text(request));
	}

	/**
	 * The same, quickly and roughly.
	 */
	static long roughInput(StreamRequest request) {
		return extra(request) + LengthEstimate.count(text(request));
	}

	private static long extra(StreamRequest request) {
		long images = request.messages()
			.stream()
			.flatMap((message) -> message.parts().stream())
			.filter(Part.Image.class::isInstance)
			.count();
		return (long) TOKENS_PER_MESSAGE * request.messages().size() + TOKENS_PER_IMAGE * images;
	}

	private static String text(StreamRequest request) {
		StringBuilder text = new StringBuilder();
		for (Message message : request.messages()) {
			for (Part part : message.parts()) {
				append(part, text);
			}
		}
		for (ToolDefinition tool : request.tools()) {
			text.append(tool.name()).append(' ').append(tool.parameters()).append('\n');
			if (tool.description() != null) {
				text.append(tool.description());
			}
		}
		return text.toString();
	}

	private static void append(Part part, StringBuilder text) {
		if (part instanceof Part.Text piece) {
			text.append(piece.text());
		}
		else if (part instanceof Part.ToolCall call) {
			text.append(call.name()).append(call.arguments());
		}
		else if (part instanceof Part.ToolResult result) {
			text.append(result.content());
		}
		text.append('\n');
	}

	/**
	 * How many characters the prompt has, without reading them.
	 */
	static long length(StreamRequest request) {
		long length = 0;
		for (Message message : request.messages()) {
			for (Part part : message.parts()) {
				if (part instanceof Part.Text piece) {
					length += piece.text().length();
				}
				else if (part instanceof Part.ToolResult result) {
					length += result.content().length();
				}
				else if (part instanceof Part.Image image && image.data() != null) {
					length += image.data().length;
				}
			}
		}
		return length;
	}

}
