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

package io.llmstream.test;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import io.llmstream.FinishReason;
import org.jspecify.annotations.Nullable;

/**
 * Turns the steps of one answer into bytes. Knows nothing of time and connections.
 */
final class ScriptRenderer {

	/** A character that no script uses, to be replaced by bytes that are not UTF-8. */
	private static final String MARK = "\uE0FF";

	private final WireWriter writer;

	private boolean open;

	private boolean finished;

	private boolean toolCalled;

	ScriptRenderer(WireWriter writer) {
		this.writer = writer;
	}

	static byte[] body(Script script, Wire wire) {
		ErrorWords error = script.head().error();
		if (error != null) {
			return error.body(wire).getBytes(StandardCharsets.UTF_8);
		}
		ScriptRenderer renderer = new ScriptRenderer(wire.newWriter(AnswerFacts.of(script, "scripted", true)));
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		for (Step step : script.steps()) {
			boolean connection = step instanceof Step.End end && end.how() != Step.How.CUT;
			if (connection || (step instanceof Step.Stall && step.isLast())) {
				throw new IllegalStateException("Only a scripted provider can play " + step);
			}
			body.writeBytes(renderer.render(step));
			if (step.isLast()) {
				return body.toByteArray();
			}
		}
		body.writeBytes(renderer.end());
		return body.toByteArray();
	}

	/**
	 * The bytes of a step.
	 * @param step the step
	 * @return the bytes, empty for a step that sends none
	 */
	byte[] render(Step step) {
		if (step instanceof Step.Raw raw) {
			return raw.bytes();
		}
		if (step instanceof Step.KeepAlive keepAlive) {
			this.writer.keepAlive(keepAlive.text());
		}
		else if (step instanceof Step.Frame frame) {
			this.writer.frame(frame.event(), frame.data());
		}
		else if (step instanceof Step.InBandError error) {
			this.writer.error(error.error());
			this.writer.endBody();
		}
		else if (step instanceof Step.End end) {
			return (end.midFrame()) ? half() : new byte[0];
		}
		else if (!(step instanceof Step.Stall)) {
			open();
			return content(step);
		}
		return this.writer.take();
	}

	/**
	 * What the wire demands when the script is over.
	 * @return the bytes
	 */
	byte[] end() {
		open();
		if (!this.finished) {
			this.writer.finish((this.toolCalled) ? FinishReason.TOOL_CALLS : FinishReason.STOP, null);
		}
		this.writer.end();
		this.writer.endBody();
		return this.writer.take();
	}

	private void open() {
		if (!this.open) {
			this.open = true;
			this.writer.open();
		}
	}

	private byte[] content(Step step) {
		if (step instanceof Step.Malformed) {
			return malformed(text("broken"));
		}
		if (step instanceof Step.InvalidUtf8) {
			return invalid(text("not " + MARK + " text"));
		}
		if (step instanceof Step.Oversized oversized) {
			return text("x".repeat(oversized.bytes()));
		}
		if (step instanceof Step.Text text) {
			this.writer.text(text.text());
		}
		else if (step instanceof Step.Reasoning reasoning) {
			this.writer.reasoning(reasoning.text());
		}
		else if (step instanceof Step.Refusal refusal) {
			this.writer.refusal(refusal.text());
		}
		else if (step instanceof Step.Signature signature) {
			this.writer.signature(signature.signature());
		}
		else if (step instanceof Step.ToolStart tool) {
			this.toolCalled = true;
			this.writer.toolStart(tool.index(), tool.id(), tool.name());
		}
		else if (step instanceof Step.ToolArguments tool) {
			this.writer.toolArguments(tool.index(), tool.fragment());
		}
		else if (step instanceof Step.ToolEnd tool) {
			this.writer.toolEnd(tool.index());
		}
		else if (step instanceof Step.Finish finish) {
			this.finished = true;
			this.writer.finish(finish.reason(), finish.raw());
		}
		return this.writer.take();
	}

	private byte[] text(String text) {
		byte[] before = this.writer.take();
		this.writer.text(text);
		byte[] frame = this.writer.take();
		byte[] all = Arrays.copyOf(before, before.length + frame.length);
		System.arraycopy(frame, 0, all, before.length, frame.length);
		return all;
	}

	private byte[] half() {
		open();
		byte[] frame = text("half of this");
		return Arrays.copyOf(frame, indexOf(frame, "of this".getBytes(StandardCharsets.US_ASCII)));
	}

	/**
	 * Breaks the last JSON string of a frame: its framing stays what it is.
	 * @param frame the frame
	 * @return the broken frame
	 */
	private static byte[] malformed(byte[] frame) {
		byte[] word = "\"broken\"".getBytes(StandardCharsets.US_ASCII);
		int at = indexOf(frame, word);
		frame[at + word.length - 1] = '\\';
		return frame;
	}

	private static byte[] invalid(byte[] frame) {
		byte[] mark = MARK.getBytes(StandardCharsets.UTF_8);
		int at = indexOf(frame, mark);
		frame[at] = (byte) 0xC3;
		frame[at + 1] = '(';
		frame[at + 2] = (byte) 0xFF;
		return frame;
	}

	private static int indexOf(byte[] bytes, byte[] word) {
		for (int i = bytes.length - word.length; i >= 0; i--) {
			if (Arrays.equals(bytes, i, i + word.length, word, 0, word.length)) {
				return i;
			}
		}
		throw new IllegalStateException("The wire does not write text as it is");
	}

	/**
	 * The renderer of an answer, if the request speaks a wire that is known.
	 * @param script the script
	 * @param wire the wire, or {@code null}
	 * @param model the model that is asked
	 * @param usageAsked whether usage is asked for
	 * @return the renderer
	 */
	static ScriptRenderer of(Script script, @Nullable Wire wire, String model, boolean usageAsked) {
		Wire spoken = (wire != null) ? wire : Wire.OPENAI_CHAT;
		return new ScriptRenderer(spoken.newWriter(AnswerFacts.of(script, model, usageAsked)));
	}

}
