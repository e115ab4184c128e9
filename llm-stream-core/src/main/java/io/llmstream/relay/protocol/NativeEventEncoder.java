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

package io.llmstream.relay.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

import io.llmstream.FinishReason;
import io.llmstream.Token;
import io.llmstream.Usage;
import io.llmstream.relay.RelayError;
import io.llmstream.relay.RunEvent;
import org.jspecify.annotations.Nullable;

/**
 * Writes the native events. The JSON is written by hand: it is the hot path of every
 * browser, and no mapper of the application can change it.
 */
final class NativeEventEncoder implements EventEncoder {

	private static final byte[] OPENING = ascii("retry: 1000\n: ok\n\n");

	private static final byte[] HEARTBEAT = ascii(": hb\n\n");

	private static final byte[] FAREWELL = ascii("retry: 250\n: restart\n\n");

	private static final byte[] ID = ascii("id: ");

	private static final byte[] DELTA = ascii("\nevent: delta\ndata: {\"kind\":");

	private static final byte[] TEXT = ascii(",\"text\":");

	private static final byte[] END = ascii("}\n\n");

	private static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

	@Override
	public void open(WireBuffer out) {
		out.raw(OPENING);
	}

	@Override
	public void heartbeat(WireBuffer out) {
		out.raw(HEARTBEAT);
	}

	@Override
	public void farewell(WireBuffer out) {
		out.raw(FAREWELL);
	}

	@Override
	public void event(RunEvent event, WireBuffer out) {
		out.raw(ID).number(event.seq());
		if (event instanceof RunEvent.Delta delta) {
			delta(delta, out);
		}
		else if (event instanceof RunEvent.Started started) {
			begin("start", out).raw("\"runId\":").string(started.runId());
		}
		else if (event instanceof RunEvent.Whole whole) {
			whole(whole.token(), out);
		}
		else if (event instanceof RunEvent.Done done) {
			done(done.finish(), out);
		}
		else if (event instanceof RunEvent.Failed failed) {
			failed(failed.error(), failed.partial(), out);
		}
		else if (event instanceof RunEvent.Aborted aborted) {
			begin("aborted", out).raw("\"reason\":").string(aborted.reason());
		}
		out.raw(END);
	}

	private static WireBuffer begin(String name, WireBuffer out) {
		return out.raw("\nevent: ").raw(name).raw("\ndata: {");
	}

	private static void delta(RunEvent.Delta delta, WireBuffer out) {
		out.raw(DELTA).string(delta.kind().word()).raw(TEXT).string(delta.text());
		if (delta.kind() == RunEvent.Kind.TOOL_ARGS) {
			out.raw(",\"index\":").number(delta.index());
			optional(",\"id\":", delta.id(), out);
			optional(",\"name\":", delta.name(), out);
		}
	}

	private static void whole(Token token, WireBuffer out) {
		if (token instanceof Token.ToolCall call) {
			begin("tool_call", out).raw("\"index\":").number(call.index());
			out.raw(",\"id\":").string(call.id()).raw(",\"name\":").string(call.name());
			out.raw(",\"arguments\":").string(call.arguments());
		}
		else if (token instanceof Token.ToolResult result) {
			begin("tool_result", out).raw("\"id\":").string(result.id()).raw(",\"name\":").string(result.name());
			out.raw(",\"content\":").string(result.content());
			out.raw(",\"error\":").raw(Boolean.toString(result.error()));
		}
		else if (token instanceof Token.Citation citation) {
			// The provider's own JSON stays here: it may name what only the server knows.
			String comma = "";
			begin("citation", out);
			comma = optional(comma + "\"url\":", citation.url(), out) ? "," : comma;
			comma = optional(comma + "\"title\":", citation.title(), out) ? "," : comma;
			optional(comma + "\"quote\":", citation.quote(), out);
		}
		else if (token instanceof Token.StepStart step) {
			begin("step", out).raw("\"step\":").number(step.step());
		}
		else if (token instanceof Token.Reset reset) {
			begin("reset", out).raw("\"reason\":").string(reset.reason());
		}
		else {
			throw new IllegalArgumentException("Not an event of its own: " + token.getClass().getSimpleName());
		}
	}

	private static void done(Token.@Nullable Finish finish, WireBuffer out) {
		FinishReason reason = (finish != null) ? finish.reason() : FinishReason.OTHER;
		begin("done", out).raw("\"finishReason\":\"").raw(reason.name().toLowerCase(Locale.ROOT).replace('_', '-'));
		out.raw("\"");
		if (finish == null) {
			return;
		}
		Usage usage = finish.usage();
		if (usage.source() != Usage.Source.NONE) {
			out.raw(",\"usage\":{\"input\":").number(usage.inputTokens());
			out.raw(",\"output\":").number(usage.outputTokens());
			out.raw(",\"cached\":").number(usage.cachedInputTokens());
			out.raw(",\"reasoning\":").number(usage.reasoningTokens()).raw("}");
		}
		optional(",\"model\":", finish.model(), out);
		optional(",\"responseId\":", finish.responseId(), out);
	}

	private static void failed(RelayError error, boolean partial, WireBuffer out) {
		begin("run-error", out).raw("\"code\":").string(error.code());
		out.raw(",\"message\":").string(error.message());
		out.raw(",\"retryable\":").raw(Boolean.toString(error.retryable()));
		out.raw(",\"partial\":").raw(Boolean.toString(partial));
	}

	private static boolean optional(String name, @Nullable String value, WireBuffer out) {
		if (value == null) {
			return false;
		}
		out.raw(name).string(value);
		return true;
	}

}
