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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

import io.llmstream.ErrorKind;
import io.llmstream.FinishReason;
import io.llmstream.Usage;
import org.jspecify.annotations.Nullable;

/**
 * What a {@linkplain ScriptedProvider scripted provider} answers, in words that are the
 * same for every wire: what it says, at what pace, and how it fails. Immutable: every
 * method returns a changed copy, so that scripts can be shared and derived.
 * <p>
 * A script whose end is not written ends well: with a finish reason (tool calls if there
 * was one, else stop) and whatever the wire demands after it. Steps are played in the
 * order in which they are written, so that a fault strikes where it stands:
 * {@code Script.text("a", "b").reset()} resets the connection after the second token.
 */
public final class Script {

	private final ScriptHead head;

	private final ScriptPace pace;

	private final Steps steps;

	private final @Nullable Usage usage;

	private final boolean endMark;

	private Script(ScriptHead head, ScriptPace pace, Steps steps, @Nullable Usage usage, boolean endMark) {
		this.head = head;
		this.pace = pace;
		this.steps = steps;
		this.usage = usage;
		this.endMark = endMark;
	}

	/**
	 * Begin a script that says nothing yet.
	 * @return the script
	 */
	public static Script start() {
		return new Script(ScriptHead.OK, ScriptPace.NONE, Steps.NONE, null, true);
	}

	/**
	 * Begin a script with text.
	 * @param pieces the pieces, one token each
	 * @return the script
	 */
	public static Script text(String... pieces) {
		return start().andText(pieces);
	}

	/**
	 * Answer with an HTTP error. The body has the shape of the wire that is spoken.
	 * @param status the status, 400 or more
	 * @return the script
	 */
	public static Script status(int status) {
		return start().head(ScriptHead.OK.error(ErrorWords.of(status)));
	}

	/**
	 * Answer with the HTTP error that the wire has for a kind of failure.
	 * @param kind what went wrong; one that a provider can report
	 * @return the script
	 */
	public static Script failure(ErrorKind kind) {
		return start().head(ScriptHead.OK.error(ErrorWords.of(kind, null)));
	}

	/**
	 * Answer with status 200 and any body.
	 * @param contentType the content type
	 * @param body the body, sent as UTF-8
	 * @return the script
	 */
	public static Script body(String contentType, String body) {
		return start().contentType(contentType).raw(body).cut();
	}

	/**
	 * Answer with an HTML page under status 200, as proxies do.
	 * @return the script
	 */
	public static Script html() {
		return body("text/html; charset=utf-8",
				"<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>Please sign in.</body></html>\n");
	}

	/**
	 * Answer with status 200 and nothing.
	 * @return the script
	 */
	public static Script empty() {
		return start().cut();
	}

	/**
	 * Answer with a redirect.
	 * @param location where to
	 * @return the script
	 */
	public static Script redirect(String location) {
		return empty().head(ScriptHead.OK.status(307).header("Location", location));
	}

	/**
	 * Never answer: no status, no headers, until the client gives up.
	 * @return the script
	 */
	public static Script silence() {
		return start().headersAfter(ScriptPace.FOR_EVER);
	}

	/**
	 * Close the connection without an answer; with {@link #reset()}, reset it.
	 * @return the script
	 */
	public static Script noAnswer() {
		return start().head(ScriptHead.OK.status(0));
	}

	/**
	 * Go on with text.
	 * @param pieces the pieces, one token each
	 * @return a changed copy
	 */
	public Script andText(String... pieces) {
		return add(Arrays.stream(pieces).map(Step.Text::new).toArray(Step[]::new));
	}

	/**
	 * Go on with reasoning.
	 * @param pieces the pieces, one token each
	 * @return a changed copy
	 */
	public Script reasoning(String... pieces) {
		return add(Arrays.stream(pieces).map(Step.Reasoning::new).toArray(Step[]::new));
	}

	/**
	 * Sign the reasoning, where the wire has signatures.
	 * @param signature what the next request must carry
	 * @return a changed copy
	 */
	public Script signature(String signature) {
		return add(new Step.Signature(signature));
	}

	/**
	 * Go on with a refusal; wires that have no word for it send text.
	 * @param pieces the pieces, one token each
	 * @return a changed copy
	 */
	public Script refusal(String... pieces) {
		return add(Arrays.stream(pieces).map(Step.Refusal::new).toArray(Step[]::new));
	}

	/**
	 * Call a tool. The call's id is {@code call_1} for the first, and so on.
	 * @param name the tool's name
	 * @param arguments the JSON arguments, in fragments of one token each; wires that
	 * send calls whole join them
	 * @return a changed copy
	 */
	public Script toolCall(String name, String... arguments) {
		return toolCallWithId("call_" + (this.steps.toolCalls() + 1), name, arguments);
	}

	/**
	 * Call a tool, with an id.
	 * @param id the call's id
	 * @param name the tool's name
	 * @param arguments the JSON arguments, in fragments
	 * @return a changed copy
	 */
	public Script toolCallWithId(String id, String name, String... arguments) {
		int index = this.steps.toolCalls();
		Script call = add(new Step.ToolStart(index, id, name));
		return call
			.add(Arrays.stream(arguments).map((json) -> new Step.ToolArguments(index, json)).toArray(Step[]::new))
			.add(new Step.ToolEnd(index));
	}

	/**
	 * Report usage, where the wire does and the request asks for it if it must.
	 * @param inputTokens tokens read
	 * @param outputTokens tokens written
	 * @return a changed copy
	 */
	public Script usage(long inputTokens, long outputTokens) {
		return usage(Usage.reported(inputTokens, outputTokens));
	}

	/**
	 * Report usage, with what was cached and reasoned.
	 * @param usage the usage
	 * @return a changed copy
	 */
	public Script usage(Usage usage) {
		return new Script(this.head, this.pace, this.steps, usage, this.endMark);
	}

	/**
	 * Say why the answer ends. What the wire demands after the reason follows when the
	 * script is over, so that faults can be put between.
	 * @param reason the reason
	 * @return a changed copy
	 */
	public Script finish(FinishReason reason) {
		return add(new Step.Finish(reason, null));
	}

	/**
	 * Say why the answer ends, in the provider's own word.
	 * @param rawReason the word
	 * @return a changed copy
	 */
	public Script finish(String rawReason) {
		return add(new Step.Finish(FinishReason.OTHER, rawReason));
	}

	/**
	 * Leave out the end mark after a complete answer, as many servers do: OpenAI's
	 * {@code [DONE]}.
	 * @return a changed copy
	 */
	public Script withoutEndMark() {
		return new Script(this.head, this.pace, this.steps, this.usage, false);
	}

	/**
	 * Send what the wire sends before the first token, now and not with the first token.
	 * @return a changed copy
	 */
	public Script opening() {
		return add(new Step.Open());
	}

	/**
	 * Send a keep-alive: a comment, a ping or white space.
	 * @param text what it says, where it can say anything
	 * @return a changed copy
	 */
	public Script keepAlive(String text) {
		return add(new Step.KeepAlive(text));
	}

	/**
	 * Send a frame of your own, such as an event that no version knows.
	 * @param event the event's name, or {@code null} for none
	 * @param data the frame's data
	 * @return a changed copy
	 */
	public Script frame(@Nullable String event, String data) {
		return add(new Step.Frame(event, data));
	}

	/**
	 * Send bytes as they are.
	 * @param bytes the bytes
	 * @return a changed copy
	 */
	public Script raw(byte[] bytes) {
		return add(new Step.Raw(bytes.clone()));
	}

	/**
	 * Send text as it is, as UTF-8.
	 * @param text the text
	 * @return a changed copy
	 */
	public Script raw(String text) {
		return raw(text.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Wait between tokens.
	 * @param millis how long, in milliseconds
	 * @return a changed copy
	 */
	public Script everyMillis(long millis) {
		return every(Duration.ofMillis(millis));
	}

	/**
	 * Wait between tokens.
	 * @param interval how long
	 * @return a changed copy
	 */
	public Script every(Duration interval) {
		return pace(this.pace.interval(interval));
	}

	/**
	 * Wait before the first token, after the headers.
	 * @param delay how long
	 * @return a changed copy
	 */
	public Script firstTokenAfter(Duration delay) {
		return pace(this.pace.firstToken(delay));
	}

	/**
	 * Wait before the headers.
	 * @param delay how long
	 * @return a changed copy
	 */
	public Script headersAfter(Duration delay) {
		return pace(this.pace.headers(delay));
	}

	/**
	 * Be silent for a time.
	 * @param duration how long
	 * @return a changed copy
	 */
	public Script stall(Duration duration) {
		return add(new Step.Stall(duration));
	}

	/**
	 * Be silent until the client gives up.
	 * @return a changed copy
	 */
	public Script stall() {
		return add(new Step.Stall(null));
	}

	/**
	 * Be silent until the client gives up, after so many tokens; what follows is dropped.
	 * @param tokens how many tokens are sent
	 * @return a changed copy
	 */
	public Script stallAfter(int tokens) {
		return steps(this.steps.firstTokens(tokens)).stall();
	}

	/**
	 * End the body cleanly, without the wire's terminal signal.
	 * @return a changed copy
	 */
	public Script cut() {
		return add(new Step.End(Step.How.CUT, false));
	}

	/**
	 * End the body cleanly after so many tokens; what follows is dropped.
	 * @param tokens how many tokens are sent
	 * @return a changed copy
	 */
	public Script cutAfter(int tokens) {
		return steps(this.steps.firstTokens(tokens)).cut();
	}

	/**
	 * End the body cleanly in the middle of a frame.
	 * @return a changed copy
	 */
	public Script cutMidFrame() {
		return add(new Step.End(Step.How.CUT, true));
	}

	/**
	 * Close the connection though the body has not ended.
	 * @return a changed copy
	 */
	public Script hangUp() {
		return add(new Step.End(Step.How.HANG_UP, false));
	}

	/**
	 * Close the connection in the middle of a frame, and of a chunk.
	 * @return a changed copy
	 */
	public Script hangUpMidFrame() {
		return add(new Step.End(Step.How.HANG_UP, true));
	}

	/**
	 * Reset the connection. What was sent before has had time to arrive.
	 * @return a changed copy
	 */
	public Script reset() {
		return add(new Step.End(Step.How.RESET, false));
	}

	/**
	 * Reset the connection after so many tokens; what follows is dropped.
	 * @param tokens how many tokens are sent
	 * @return a changed copy
	 */
	public Script resetAfter(int tokens) {
		return steps(this.steps.firstTokens(tokens)).reset();
	}

	/**
	 * Reset the connection in the middle of a frame, and of a chunk.
	 * @return a changed copy
	 */
	public Script resetMidFrame() {
		return add(new Step.End(Step.How.RESET, true));
	}

	/**
	 * Report an error within the stream, though the status was 200, and end the body.
	 * @param kind what went wrong; one that a provider can report
	 * @return a changed copy
	 */
	public Script inBandError(ErrorKind kind) {
		return add(new Step.InBandError(ErrorWords.of(kind, null)));
	}

	/**
	 * Report an error within the stream, though the status was 200, and end the body.
	 * @param kind what went wrong; one that a provider can report
	 * @param message what the provider says
	 * @return a changed copy
	 */
	public Script inBandError(ErrorKind kind, String message) {
		return add(new Step.InBandError(ErrorWords.of(kind, message)));
	}

	/**
	 * Send a frame whose JSON is broken.
	 * @return a changed copy
	 */
	public Script malformedJson() {
		return add(new Step.Malformed());
	}

	/**
	 * Send a frame of text that is not UTF-8.
	 * @return a changed copy
	 */
	public Script invalidUtf8() {
		return add(new Step.InvalidUtf8());
	}

	/**
	 * Send a frame of text that is very long.
	 * @param bytes how long the text is
	 * @return a changed copy
	 */
	public Script oversizedFrame(int bytes) {
		return add(new Step.Oversized(bytes));
	}

	/**
	 * Send the body in HTTP chunks of so many bytes, wherever frames and characters are.
	 * @param bytes how many, 1 or more
	 * @return a changed copy
	 */
	public Script splitEvery(int bytes) {
		return pace(this.pace.split(bytes));
	}

	/**
	 * Send the body slowly: so many bytes on the socket, a pause, and so on, even in the
	 * middle of an HTTP chunk.
	 * @param bytes how many, 1 or more
	 * @param interval how long the pauses are
	 * @return a changed copy
	 */
	public Script drip(int bytes, Duration interval) {
		return pace(this.pace.drip(bytes, interval));
	}

	/**
	 * Close the connection after the answer, though nothing said so, as some servers do.
	 * @return a changed copy
	 */
	public Script closingAfterwards() {
		return head(this.head.andClose());
	}

	/**
	 * Lie about the content type.
	 * @param contentType the content type
	 * @return a changed copy
	 */
	public Script contentType(String contentType) {
		return head(this.head.contentType(contentType));
	}

	/**
	 * Send a header, such as {@code retry-after-ms}.
	 * @param name its name
	 * @param value its value
	 * @return a changed copy
	 */
	public Script header(String name, String value) {
		return head(this.head.header(name, value));
	}

	/**
	 * Set what an HTTP error says.
	 * @param message the message
	 * @return a changed copy
	 * @throws IllegalStateException if this is no HTTP error
	 */
	public Script errorMessage(String message) {
		return head(this.head.error(this.head.requiredError().message(message)));
	}

	/**
	 * Ask to return after a time, in the way of the wire: a header with seconds, or
	 * Google's detail in the body.
	 * @param delay the time; headers have whole seconds
	 * @return a changed copy
	 * @throws IllegalStateException if this is no HTTP error
	 */
	public Script retryAfter(Duration delay) {
		return head(this.head.error(this.head.requiredError().retryAfter(delay)));
	}

	/**
	 * Ask to return after a time, with a header that holds a date; dates have whole
	 * seconds.
	 * @param delay the time from the moment of the answer on
	 * @return a changed copy
	 */
	public Script retryAfterDate(Duration delay) {
		return head(this.head.retryDate(delay));
	}

	/**
	 * The body of this answer, as it is sent to a client that asks for usage, for tests
	 * without a server. Pace is left out.
	 * @param wire the wire
	 * @return the bytes, without HTTP chunks
	 * @throws IllegalStateException if the script does something that a body cannot hold,
	 * such as a reset
	 */
	public byte[] bytes(Wire wire) {
		return ScriptRenderer.body(this, wire);
	}

	ScriptHead head() {
		return this.head;
	}

	ScriptPace pace() {
		return this.pace;
	}

	List<Step> steps() {
		return this.steps.list();
	}

	@Nullable Usage usage() {
		return this.usage;
	}

	boolean endMark() {
		return this.endMark;
	}

	private Script steps(Steps changed) {
		return new Script(this.head, this.pace, changed, this.usage, this.endMark);
	}

	private Script add(Step... more) {
		return steps(this.steps.plus(List.of(more)));
	}

	private Script head(ScriptHead changed) {
		return new Script(changed, this.pace, this.steps, this.usage, this.endMark);
	}

	private Script pace(ScriptPace changed) {
		return new Script(this.head, changed, this.steps, this.usage, this.endMark);
	}

}
