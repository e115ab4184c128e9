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

import java.util.ArrayList;
import java.util.List;

import io.llmstream.FinishReason;
import io.llmstream.Usage;
import org.jspecify.annotations.Nullable;

/**
 * OpenAI Responses.
 */
final class OpenAiResponsesWriter extends WireWriter {

	private final List<String> output = new ArrayList<>();

	private final StringBuilder content = new StringBuilder();

	private @Nullable Item open;

	private @Nullable String signature;

	private int sequence;

	private String status = "completed";

	private String details = "null";

	OpenAiResponsesWriter(AnswerFacts facts) {
		super(facts, new SseFraming("\n"));
	}

	private void event(String type, String members) {
		frame(type, "{\"type\":" + Json.quote(type) + ",\"sequence_number\":" + this.sequence++ + "," + members + "}");
	}

	private String response(String status, String members) {
		return "\"response\":{\"id\":" + Json.quote(facts().id("resp_")) + ",\"object\":\"response\",\"created_at\":"
				+ AnswerFacts.CREATED + ",\"status\":" + Json.quote(status) + ",\"model\":"
				+ Json.quote(facts().model()) + "," + members + "}";
	}

	private String where(Item item) {
		return "\"item_id\":" + Json.quote(item.id()) + ",\"output_index\":" + this.output.size();
	}

	@Override
	void open() {
		String members = "\"error\":null,\"incomplete_details\":null,\"output\":[],\"usage\":null";
		event("response.created", response("in_progress", members));
		event("response.in_progress", response("in_progress", members));
	}

	@Override
	void text(String piece) {
		content("message", "output_text", piece);
	}

	@Override
	void refusal(String piece) {
		content("message", "refusal", piece);
	}

	@Override
	void reasoning(String piece) {
		content("reasoning", "reasoning_summary_text", piece);
	}

	@Override
	void signature(String signature) {
		Item item = this.open;
		if (item == null || !item.type().equals("reasoning")) {
			closeItem();
			begin(new Item("reasoning", "reasoning_summary_text", "rs_" + this.output.size(), "", ""), true);
		}
		this.signature = signature;
	}

	private void content(String type, String part, String piece) {
		Item item = this.open;
		if (item == null || !item.part().equals(part)) {
			closeItem();
			item = new Item(type, part, ((type.equals("message")) ? "msg_" : "rs_") + this.output.size(), "", "");
			begin(item, true);
		}
		this.content.append(piece);
		event("response." + part + ".delta",
				where(item) + "," + item.partIndex() + ",\"delta\":" + Json.quote(piece) + ",\"obfuscation\":\"x\"");
	}

	private void begin(Item item, boolean part) {
		this.open = item;
		this.content.setLength(0);
		event("response.output_item.added",
				"\"output_index\":" + this.output.size() + ",\"item\":" + item.json("in_progress", "", null, true));
		if (part) {
			event(item.partEvent() + ".added", where(item) + "," + item.partIndex() + ",\"part\":" + item.partJson(""));
		}
	}

	private void closeItem() {
		Item item = this.open;
		if (item == null) {
			return;
		}
		String all = this.content.toString();
		if (item.type().equals("function_call")) {
			event("response.function_call_arguments.done", where(item) + ",\"arguments\":" + Json.quote(all));
		}
		else {
			event("response." + item.part() + ".done", where(item) + "," + item.partIndex() + ","
					+ ((item.part().equals("refusal")) ? "\"refusal\":" : "\"text\":") + Json.quote(all));
			event(item.partEvent() + ".done", where(item) + "," + item.partIndex() + ",\"part\":" + item.partJson(all));
		}
		String json = item.json("completed", all, this.signature, false);
		event("response.output_item.done", "\"output_index\":" + this.output.size() + ",\"item\":" + json);
		this.output.add(json);
		this.open = null;
		this.signature = null;
	}

	@Override
	void toolStart(int index, String id, String name) {
		closeItem();
		begin(new Item("function_call", "function_call_arguments", "fc_" + this.output.size(), id, name), false);
	}

	@Override
	void toolArguments(int index, String fragment) {
		Item item = this.open;
		if (item == null) {
			throw new IllegalStateException("No tool call is open");
		}
		this.content.append(fragment);
		event("response.function_call_arguments.delta", where(item) + ",\"delta\":" + Json.quote(fragment));
	}

	@Override
	void toolEnd(int index) {
		closeItem();
	}

	@Override
	void finish(FinishReason reason, @Nullable String raw) {
		closeItem();
		String incomplete = (raw != null) ? raw : switch (reason) {
			case LENGTH -> "max_output_tokens";
			case CONTENT_FILTER -> "content_filter";
			case OTHER -> "other";
			default -> null;
		};
		if (incomplete != null) {
			this.status = "incomplete";
			this.details = "{\"reason\":" + Json.quote(incomplete) + "}";
		}
		else if (reason == FinishReason.ERROR) {
			this.status = "failed";
		}
	}

	@Override
	void end() {
		Usage usage = facts().usage();
		String error = (this.status.equals("failed"))
				? "{\"code\":\"server_error\",\"message\":\"The model failed to answer.\"}" : "null";
		String used = (usage != null) ? "{\"input_tokens\":" + usage.inputTokens()
				+ ",\"input_tokens_details\":{\"cached_tokens\":" + usage.cachedInputTokens() + "},\"output_tokens\":"
				+ usage.outputTokens() + ",\"output_tokens_details\":{\"reasoning_tokens\":" + usage.reasoningTokens()
				+ "},\"total_tokens\":" + usage.totalTokens() + "}" : "null";
		event("response." + this.status, response(this.status, "\"error\":" + error + ",\"incomplete_details\":"
				+ this.details + ",\"output\":[" + String.join(",", this.output) + "],\"usage\":" + used));
	}

	@Override
	void error(ErrorWords error) {
		event("error", "\"error\":" + error.openAiError());
		event("response.failed",
				response("failed", "\"error\":{\"code\":" + Json.quote(error.openAiCode()) + ",\"message\":"
						+ Json.quote(error.message()) + "},\"incomplete_details\":null,\"output\":[],\"usage\":null"));
	}

	/**
	 * An output item that is being written.
	 *
	 * @param type the type of the item
	 * @param part what its deltas are called
	 * @param id its id
	 * @param callId the id of the call, for tool calls
	 * @param name the name of the tool, for tool calls
	 */
	private record Item(String type, String part, String id, String callId, String name) {

		private String partEvent() {
			return (this.type.equals("reasoning")) ? "response.reasoning_summary_part" : "response.content_part";
		}

		private String partIndex() {
			return (this.type.equals("reasoning")) ? "\"summary_index\":0" : "\"content_index\":0";
		}

		private String partJson(String text) {
			return switch (this.part) {
				case "refusal" -> "{\"type\":\"refusal\",\"refusal\":" + Json.quote(text) + "}";
				case "output_text" ->
					"{\"type\":\"output_text\",\"text\":" + Json.quote(text) + ",\"annotations\":[],\"logprobs\":[]}";
				default -> "{\"type\":\"summary_text\",\"text\":" + Json.quote(text) + "}";
			};
		}

		private String json(String status, String all, @Nullable String signature, boolean begun) {
			String head = "{\"id\":" + Json.quote(this.id) + ",\"type\":" + Json.quote(this.type) + ",";
			return head + switch (this.type) {
				case "function_call" -> "\"status\":" + Json.quote(status) + ",\"arguments\":" + Json.quote(all)
						+ ",\"call_id\":" + Json.quote(this.callId) + ",\"name\":" + Json.quote(this.name) + "}";
				case "message" -> "\"status\":" + Json.quote(status) + ",\"role\":\"assistant\",\"content\":["
						+ ((begun) ? "" : partJson(all)) + "]}";
				default -> "\"summary\":[" + ((begun || all.isEmpty()) ? "" : partJson(all)) + "]"
						+ ((signature != null) ? ",\"encrypted_content\":" + Json.quote(signature) : "") + "}";
			};
		}

	}

}
