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

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.llmstream.Token;
import io.llmstream.json.JsonKind;
import io.llmstream.json.JsonReader;
import io.llmstream.provider.RequestJson;
import io.llmstream.provider.TokenSink;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Keeps what a later request must carry of the reasoning: as text, or as a list of blocks
 * with signatures.
 */
final class ReasoningReplay {

	private final String dialect;

	private final Set<String> members;

	private final Map<String, StringBuilder> texts = new LinkedHashMap<>();

	private final Map<String, List<Block>> lists = new LinkedHashMap<>();

	private @Nullable String extra;

	ReasoningReplay(OpenAiProfile profile) {
		this.dialect = profile.type();
		this.members = profile.replayMembers();
	}

	/**
	 * Keep a piece of reasoning text.
	 * @param member the member it came in
	 * @param text the piece
	 */
	void text(String member, String text) {
		if (this.members.contains(member)) {
			this.texts.computeIfAbsent(member, (key) -> new StringBuilder()).append(text);
		}
	}

	/**
	 * Keep a vendor's own member of the message.
	 * @param json the member, as JSON
	 */
	void extra(String json) {
		this.extra = json;
	}

	/**
	 * Read a list of blocks.
	 * @param member the member that holds the list
	 * @param json stands before the list
	 * @param seen receives the text of the blocks, for people to read
	 */
	void blocks(String member, JsonReader json, StringBuilder seen) {
		if (!json.enterArray()) {
			return;
		}
		boolean keep = this.members.contains(member);
		while (json.nextElement()) {
			Block block = Block.read(json);
			if (block != null) {
				block.appendReadable(seen);
				if (keep) {
					add(this.lists.computeIfAbsent(member, (key) -> new ArrayList<>()), block);
				}
			}
		}
	}

	private static void add(List<Block> list, Block block) {
		Block last = (list.isEmpty()) ? null : list.get(list.size() - 1);
		if (last == null || !last.merge(block)) {
			list.add(block);
		}
	}

	/**
	 * Emit what was kept, once.
	 * @param sink receives the state
	 */
	void finish(TokenSink sink) {
		this.lists.forEach((member, blocks) -> {
			ArrayNode array = RequestJson.object().putArray(member);
			blocks.forEach((block) -> block.write(array.addObject()));
			emit(member, array.toString(), sink);
		});
		this.texts.forEach((member, text) -> emit(member, StringNode.valueOf(text.toString()).toString(), sink));
		if (this.extra != null) {
			emit(ReplayKinds.EXTRA_CONTENT, this.extra, sink);
		}
		this.lists.clear();
		this.texts.clear();
		this.extra = null;
	}

	private void emit(String kind, String json, TokenSink sink) {
		sink.next(new Token.ReplayState(this.dialect, kind, json));
	}

	/**
	 * A block of reasoning, put together from fragments.
	 */
	private static final class Block {

		private final Map<String, StringBuilder> texts = new LinkedHashMap<>();

		private final Map<String, String> others = new LinkedHashMap<>();

		static @Nullable Block read(JsonReader json) {
			if (!json.enterObject()) {
				return null;
			}
			Block block = new Block();
			for (String name = json.nextName(); name != null; name = json.nextName()) {
				if (json.peek() == JsonKind.NULL) {
					continue;
				}
				switch (name) {
					case "text", "summary", "thinking", "signature", "data" -> {
						if (json.peek() == JsonKind.STRING) {
							block.texts.put(name, new StringBuilder(json.string("")));
						}
						else {
							block.others.put(name, json.raw());
						}
					}
					default -> block.others.put(name, json.raw());
				}
			}
			return block;
		}

		void appendReadable(StringBuilder seen) {
			for (String name : List.of("text", "summary", "thinking")) {
				StringBuilder text = this.texts.get(name);
				if (text != null) {
					seen.append(text);
				}
			}
		}

		boolean merge(Block next) {
			// encrypted blocks come whole, and a signature closes its block
			if (this.texts.containsKey("data") || next.texts.containsKey("data") || isSigned()) {
				return false;
			}
			for (Map.Entry<String, String> member : next.others.entrySet()) {
				String present = this.others.get(member.getKey());
				if (present != null && !present.equals(member.getValue())) {
					return false;
				}
			}
			next.others.forEach(this.others::putIfAbsent);
			next.texts
				.forEach((name, text) -> this.texts.computeIfAbsent(name, (key) -> new StringBuilder()).append(text));
			return true;
		}

		private boolean isSigned() {
			StringBuilder signature = this.texts.get("signature");
			return signature != null && !signature.isEmpty();
		}

		void write(ObjectNode target) {
			this.others.forEach((name, json) -> target.set(name, RequestJson.parse(json, name)));
			this.texts.forEach((name, text) -> target.put(name, text.toString()));
		}

	}

}
