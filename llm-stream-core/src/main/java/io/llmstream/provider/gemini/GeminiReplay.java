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

package io.llmstream.provider.gemini;

import java.util.Map;

import io.llmstream.Part;
import io.llmstream.Token;
import io.llmstream.provider.RequestJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The replay state of Gemini: which thought signature belongs to which part of the
 * answer, and parts of the server's own tools. A signature that comes back on another
 * part is rejected, or does not help the model.
 */
final class GeminiReplay {

	static final String DIALECT = "gemini";

	private static final String SIGNATURE = "thoughtSignature";

	private static final String PART = "part";

	private GeminiReplay() {
	}

	/**
	 * A signature of a tool call.
	 * @param signature the signature
	 * @param callId the id of the call
	 * @return the token
	 */
	static Token ofCall(String signature, String callId) {
		return signature(signature, "\"call\":" + JsonText.quote(callId));
	}

	/**
	 * A signature of a part that had text.
	 * @param signature the signature
	 * @param length the length of the part's text; it may be a piece of what came just
	 * before
	 * @return the token
	 */
	static Token ofText(String signature, int length) {
		return signature(signature, "\"text\":" + length);
	}

	/**
	 * A signature of a thought.
	 * @param signature the signature
	 * @return the token
	 */
	static Token ofThought(String signature) {
		return signature(signature, "\"thought\":true");
	}

	private static Token signature(String signature, String place) {
		return new Token.ReplayState(DIALECT, SIGNATURE,
				"{\"signature\":" + JsonText.quote(signature) + "," + place + "}");
	}

	/**
	 * A part that goes back as it came.
	 * @param members the members of the part
	 * @param signature its signature, or {@code null}
	 * @return the token
	 */
	static Token ofPart(Map<String, String> members, @Nullable String signature) {
		StringBuilder json = new StringBuilder("{");
		members.forEach((name, value) -> {
			json.append((json.length() > 1) ? "," : "");
			json.append(JsonText.quote(name)).append(':').append(value);
		});
		if (signature != null) {
			json.append((json.length() > 1) ? "," : "");
			json.append('"').append(SIGNATURE).append("\":").append(JsonText.quote(signature));
		}
		return new Token.ReplayState(DIALECT, PART, json.append('}').toString());
	}

	/**
	 * Read state that an application sends back.
	 * @param state the state
	 * @return what it says, or {@code null} if it is not ours
	 */
	static @Nullable JsonNode read(Part.ReplayState state) {
		if (!DIALECT.equals(state.dialect())) {
			return null;
		}
		JsonNode json = RequestJson.parse(state.json(), "replay state of " + DIALECT);
		return (PART.equals(state.kind())) ? RequestJson.object().set(PART, json) : json;
	}

}
