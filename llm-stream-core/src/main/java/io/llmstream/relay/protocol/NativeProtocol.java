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

/**
 * The project's own events, for {@code EventSource} and for clients that read a response
 * of {@code fetch}.
 * <p>
 * A stream begins with {@code retry: 1000} and a comment, and every event has an
 * {@code id}, an {@code event} and JSON {@code data}:
 * <table>
 * <caption>Events</caption>
 * <tr>
 * <th>event</th>
 * <th>data</th>
 * </tr>
 * <tr>
 * <td>start</td>
 * <td>{@code runId}</td>
 * </tr>
 * <tr>
 * <td>delta</td>
 * <td>{@code kind} (text, reasoning, refusal, tool_args, object), {@code text}; for
 * tool_args {@code index} and, once, {@code id} and {@code name}; for an object the next
 * piece of its JSON</td>
 * </tr>
 * <tr>
 * <td>tool_call</td>
 * <td>{@code index}, {@code id}, {@code name}, {@code arguments} (a string, which is JSON
 * unless the answer was cut)</td>
 * </tr>
 * <tr>
 * <td>tool_result</td>
 * <td>{@code id}, {@code name}, {@code content}, {@code error}</td>
 * </tr>
 * <tr>
 * <td>citation</td>
 * <td>{@code url}, {@code title}, {@code quote}, as far as they are known</td>
 * </tr>
 * <tr>
 * <td>step</td>
 * <td>{@code step}, from 2: the tools have answered, and the model goes on with a message
 * of its own</td>
 * </tr>
 * <tr>
 * <td>reset</td>
 * <td>{@code reason}: discard what came since the last {@code step}, or since the start
 * if there was none: the answer begins anew from there</td>
 * </tr>
 * <tr>
 * <td>done</td>
 * <td>{@code finishReason} (stop, length, tool-calls, …), {@code usage} with
 * {@code input}, {@code output}, {@code cached} and {@code reasoning} unless it is not
 * known, {@code model}, {@code responseId}. The last event of a complete answer</td>
 * </tr>
 * <tr>
 * <td>run-error</td>
 * <td>{@code code}, {@code message}, {@code retryable}, {@code partial}. The last event
 * of an answer that failed. Not called {@code error}, which is {@code EventSource}'s word
 * for a lost connection</td>
 * </tr>
 * <tr>
 * <td>aborted</td>
 * <td>{@code reason}: {@code stopped} if it was asked for, {@code disconnected} if nobody
 * watched any more. The last event of an answer that was ended early, of which what came
 * is to be kept</td>
 * </tr>
 * </table>
 * All pieces of kind {@code object}, one after the other, are the JSON of one object, so
 * that it costs its length however many pieces there are; a client sees it grow by
 * reading the JSON as it comes. What has come was right as far as it goes, but it is only
 * with {@code done} that the object is whole and was found valid; {@code run-error} says
 * {@code invalid-output} if it was not. Texts grow by characters, lists by elements,
 * numbers and literals come whole. After a {@code reset} another JSON begins.
 * <p>
 * A stream that ends with none of {@code done}, {@code run-error} and {@code aborted} was
 * cut, or its server goes down and another one has the run: {@code retry: 250} and a
 * comment come before. Either way, a run that has an id is resumed.
 */
public final class NativeProtocol implements RelayProtocol {

	@Override
	public String name() {
		return "native";
	}

	@Override
	public boolean comesBack() {
		return true;
	}

	@Override
	public EventEncoder newEncoder() {
		return new NativeEventEncoder();
	}

}
