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
import java.util.List;

import io.llmstream.Token;
import io.llmstream.wire.Frame;
import io.llmstream.wire.SseDecoder;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a decoder makes of an event stream. The stream is fed whole and byte by byte, and
 * both must come to the same.
 */
public final class DecodedAnswer implements TokenSink {

	/** Stands for {@link TokenSink#progress()} in {@link #signals()}. */
	public static final String PROGRESS = "progress";

	/** Stands for the beginning of a silent phase in {@link #signals()}. */
	public static final String SILENT = "silent";

	/** Stands for the end of a silent phase in {@link #signals()}. */
	public static final String AUDIBLE = "audible";

	private final TokenDecoder decoder;

	private final List<Token> tokens = new ArrayList<>();

	private final List<Object> signals = new ArrayList<>();

	private @Nullable ProviderError error;

	/** Whether a blank goes before every second document, so that nothing repeats. */
	private boolean apart;

	private int frames;

	private DecodedAnswer(TokenDecoder decoder) {
		this.decoder = decoder;
	}

	/**
	 * Decode an event stream whose events have no name.
	 * @param dialect the dialect
	 * @param documents the data of the events
	 * @return what was decoded
	 */
	public static DecodedAnswer of(ProviderDialect dialect, String... documents) {
		return ofStream(dialect, stream(documents));
	}

	/**
	 * Decode an event stream in one go only, where two runs make up different ids.
	 * @param dialect the dialect
	 * @param documents the data of the events
	 * @return what was decoded
	 */
	public static DecodedAnswer once(ProviderDialect dialect, String... documents) {
		byte[] bytes = stream(documents).getBytes(StandardCharsets.UTF_8);
		return new DecodedAnswer(dialect.newDecoder()).read(bytes, bytes.length);
	}

	private static String stream(String... documents) {
		StringBuilder stream = new StringBuilder();
		for (String document : documents) {
			stream.append("data: ").append(document).append("\n\n");
		}
		return stream.toString();
	}

	/**
	 * Decode an event stream.
	 * @param dialect the dialect
	 * @param stream the stream
	 * @return what was decoded
	 */
	public static DecodedAnswer ofStream(ProviderDialect dialect, String stream) {
		byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
		DecodedAnswer whole = new DecodedAnswer(dialect.newDecoder()).read(bytes, bytes.length);
		DecodedAnswer byteByByte = new DecodedAnswer(dialect.newDecoder()).read(bytes, 1);
		assertThat(byteByByte.signals).isEqualTo(whole.signals);
		assertThat(byteByByte.error).isEqualTo(whole.error);
		assertThat(byteByByte.decoder.phase()).isEqualTo(whole.decoder.phase());
		DecodedAnswer unlike = new DecodedAnswer(dialect.newDecoder());
		unlike.apart = true;
		unlike.read(bytes, bytes.length);
		assertThat(unlike.signals).as("where no event is like the one before").isEqualTo(whole.signals);
		return whole;
	}

	private DecodedAnswer read(byte[] bytes, int step) {
		SseDecoder frames = new SseDecoder(1 << 20);
		try {
			for (int i = 0; i < bytes.length; i += step) {
				frames.feed(bytes, i, Math.min(step, bytes.length - i));
				for (Frame frame = frames.next(); frame != null; frame = frames.next()) {
					this.decoder.decode((this.apart) ? apart(frame) : frame, this);
				}
			}
			Frame last = frames.end();
			if (last != null) {
				this.decoder.decode(last, this);
			}
			this.decoder.end(this);
		}
		catch (ProviderErrorException ex) {
			this.error = ex.error();
		}
		return this;
	}

	private Frame apart(Frame frame) {
		if (this.frames++ % 2 == 0) {
			return frame;
		}
		byte[] bytes = new byte[frame.length() + 1];
		bytes[0] = ' ';
		System.arraycopy(frame.bytes(), frame.offset(), bytes, 1, frame.length());
		return new Frame().set(frame.event(), bytes, 0, bytes.length);
	}

	@Override
	public void next(Token token) {
		this.tokens.add(token);
		this.signals.add(token);
	}

	@Override
	public void progress() {
		this.signals.add(PROGRESS);
	}

	@Override
	public void silentPhase(boolean silent) {
		this.signals.add((silent) ? SILENT : AUDIBLE);
	}

	/**
	 * The tokens.
	 * @return the tokens, without the last
	 */
	public List<Token> tokens() {
		return this.tokens;
	}

	/**
	 * The tokens of one kind.
	 * @param type the kind
	 * @param <T> the kind
	 * @return the tokens
	 */
	public <T extends Token> List<T> tokens(Class<T> type) {
		return this.tokens.stream().filter(type::isInstance).map(type::cast).toList();
	}

	/**
	 * The tokens, and between them what else was reported.
	 * @return tokens and strings
	 */
	public List<Object> signals() {
		return this.signals;
	}

	/**
	 * The text.
	 * @return the text
	 */
	public String text() {
		StringBuilder text = new StringBuilder();
		tokens(Token.Text.class).forEach((token) -> text.append(token.text()));
		return text.toString();
	}

	/**
	 * The reasoning.
	 * @return the reasoning
	 */
	public String reasoning() {
		StringBuilder reasoning = new StringBuilder();
		tokens(Token.Reasoning.class).forEach((token) -> reasoning.append(token.text()));
		return reasoning.toString();
	}

	/**
	 * The decoder, after the last byte.
	 * @return the decoder
	 */
	public TokenDecoder decoder() {
		return this.decoder;
	}

	/**
	 * The last token.
	 * @return the token
	 */
	public Token.Finish finish() {
		return this.decoder.finish();
	}

	/**
	 * The error that ended the stream.
	 * @return the error, or {@code null} if there was none
	 */
	public @Nullable ProviderError error() {
		return this.error;
	}

}
