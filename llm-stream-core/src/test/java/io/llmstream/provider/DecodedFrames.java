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

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.llmstream.Token;
import io.llmstream.wire.Frame;
import io.llmstream.wire.Framing;
import io.llmstream.wire.SniffingDecoder;
import org.jspecify.annotations.Nullable;

/**
 * Feeds a decoder frame by frame and keeps what it says so far.
 */
public final class DecodedFrames implements TokenSink {

	private final TokenDecoder decoder;

	private final List<Token> tokens = new ArrayList<>();

	private final List<Boolean> silence = new ArrayList<>();

	private int progress;

	public DecodedFrames(ProviderDialect dialect) {
		this.decoder = dialect.newDecoder();
	}

	public static DecodedFrames of(ProviderDialect dialect, String... frames) {
		return new DecodedFrames(dialect).frames(frames);
	}

	public static DecodedFrames ofBody(ProviderDialect dialect, Framing framing, String body, int step) {
		DecodedFrames answer = new DecodedFrames(dialect);
		SniffingDecoder frames = new SniffingDecoder(framing, 1 << 20);
		byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
		for (int i = 0; i < bytes.length; i += step) {
			frames.feed(bytes, i, Math.min(step, bytes.length - i));
			for (Frame frame = frames.next(); frame != null; frame = frames.next()) {
				answer.decoder.decode(frame, answer);
			}
		}
		for (Frame frame = frames.end(); frame != null; frame = frames.end()) {
			answer.decoder.decode(frame, answer);
		}
		return answer.end();
	}

	public DecodedFrames frames(String... frames) {
		Arrays.stream(frames).forEach((frame) -> event(null, frame));
		return this;
	}

	public DecodedFrames event(@Nullable String name, String data) {
		// the frame stands within a larger buffer, as frames do
		byte[] bytes = ("{" + data + "}").getBytes(StandardCharsets.UTF_8);
		this.decoder.decode(new Frame().set(name, bytes, 1, bytes.length - 2), this);
		return this;
	}

	public DecodedFrames end() {
		this.decoder.end(this);
		return this;
	}

	public List<Token> tokens() {
		return this.tokens;
	}

	public <T extends Token> List<T> tokens(Class<T> type) {
		return this.tokens.stream().filter(type::isInstance).map(type::cast).toList();
	}

	public String text() {
		return String.join("", tokens(Token.Text.class).stream().map(Token.Text::text).toList());
	}

	public String fragments(int index) {
		return String.join("",
				tokens(Token.ToolCallDelta.class).stream()
					.filter((delta) -> delta.index() == index)
					.map(Token.ToolCallDelta::arguments)
					.toList());
	}

	public List<Boolean> silence() {
		return this.silence;
	}

	public int progressReports() {
		return this.progress;
	}

	public TokenDecoder decoder() {
		return this.decoder;
	}

	@Override
	public void next(Token token) {
		this.tokens.add(token);
	}

	@Override
	public void silentPhase(boolean silent) {
		this.silence.add(silent);
	}

	// counts what the decoder reports beside tokens
	@Override
	public void progress() {
		this.progress++;
	}

}
