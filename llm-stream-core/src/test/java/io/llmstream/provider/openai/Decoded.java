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

package io.llmstream.provider.openai;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import io.llmstream.Token;
import io.llmstream.provider.TokenDecoder;
import io.llmstream.provider.TokenSink;
import io.llmstream.wire.Frame;
import org.jspecify.annotations.Nullable;

/**
 * What a decoder makes of frames.
 */
final class Decoded implements TokenSink {

	final TokenDecoder decoder;

	final List<Token> tokens = new ArrayList<>();

	final List<Boolean> silences = new ArrayList<>();

	int progress;

	private Decoded(String type) {
		OpenAiProfile profile = OpenAiProfiles.find(type);
		if (profile == null) {
			throw new IllegalArgumentException(type);
		}
		this.decoder = new OpenAiChatDialect(profile).newDecoder();
	}

	static Decoded as(String type) {
		return new Decoded(type);
	}

	static Decoded of(String... documents) {
		return as("openai-compatible").frames(documents);
	}

	/** Chunks of choice 0 with one delta each. */
	static Decoded deltas(String... deltas) {
		Decoded decoded = as("openai-compatible");
		for (String delta : deltas) {
			decoded.frame(chunk(delta, "null"));
		}
		return decoded;
	}

	static String chunk(String delta, String finishReason) {
		return "{'id':'c1','object':'chat.completion.chunk','created':1,'model':'m1','choices':[{'index':0,'delta':"
				+ delta + ",'finish_reason':" + finishReason + "}]}";
	}

	Decoded frames(String... documents) {
		for (String document : documents) {
			frame(document);
		}
		return this;
	}

	Decoded frame(String document) {
		return event(null, document);
	}

	/** Single quotes stand for double quotes, to keep the tests readable. */
	Decoded event(@Nullable String event, String document) {
		byte[] bytes = ("##" + document.replace('\'', '"') + "##").getBytes(StandardCharsets.UTF_8);
		this.decoder.decode(new Frame().set(event, bytes, 2, bytes.length - 4), this);
		return this;
	}

	Decoded stop(String reason) {
		return frame(chunk("{}", "'" + reason + "'"));
	}

	Decoded end() {
		this.decoder.end(this);
		return this;
	}

	TokenDecoder.Phase phase() {
		return this.decoder.phase();
	}

	<T extends Token> List<T> all(Class<T> kind) {
		return this.tokens.stream().filter(kind::isInstance).map(kind::cast).toList();
	}

	@Override
	public void next(Token token) {
		this.tokens.add(token);
	}

	@Override
	public void progress() {
		this.progress++;
	}

	@Override
	public void silentPhase(boolean silent) {
		this.silences.add(silent);
	}

}
