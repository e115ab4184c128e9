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

package io.llmstream.benchmarks.run;

import java.util.ArrayList;
import java.util.List;

import io.llmstream.benchmarks.client.LimitStrings;
import io.llmstream.benchmarks.client.Ours;
import io.llmstream.benchmarks.client.OursBare;
import io.llmstream.benchmarks.client.OursUnobserved;
import io.llmstream.benchmarks.client.RawNetty;
import io.llmstream.benchmarks.client.WebClientByHand;

/**
 * A client that takes part.
 *
 * @param name its name in the tables
 * @param type the class that makes it
 * @param otherWires whether it speaks other wires than OpenAI's here
 */
record ClientEntry(String name, String type, boolean otherWires) {

	static final String RAW = "raw Reactor Netty";

	static final String LIMIT = "limit-strings";

	static final String OURS = "ours";

	static final String SPRING_AI = "org.springframework.ai.openai.OpenAiChatModel";

	static final String PEERS = "io.llmstream.benchmarks.peers.";

	/**
	 * All that can run here: peers need the build profile that brings them.
	 */
	static List<ClientEntry> all() {
		List<ClientEntry> all = new ArrayList<>();
		all.add(new ClientEntry(RAW, RawNetty.class.getName(), true));
		all.add(new ClientEntry(LIMIT, LimitStrings.class.getName(), true));
		all.add(new ClientEntry(OURS, Ours.class.getName(), true));
		all.add(new ClientEntry("ours, unobserved", OursUnobserved.class.getName(), true));
		all.add(new ClientEntry("ours, bare", OursBare.class.getName(), true));
		all.add(new ClientEntry("WebClient by hand", WebClientByHand.class.getName(), false));
		addPeer(all, "LangChain4j", "LangChain4jClient", "dev.langchain4j.model.openai.OpenAiStreamingChatModel");
		addPeer(all, "openai-java", "OpenAiJavaClient", "com.openai.client.okhttp.OpenAIOkHttpClientAsync");
		addPeer(all, "Spring AI", "SpringAiClient", SPRING_AI);
		return all;
	}

	private static void addPeer(List<ClientEntry> all, String name, String type, String library) {
		if (arePresent(PEERS + type, library)) {
			all.add(new ClientEntry(name, PEERS + type, false));
		}
	}

	/**
	 * Whether classes are there: those of another build may still lie about, without the
	 * libraries that they need.
	 */
	static boolean arePresent(String... types) {
		try {
			for (String type : types) {
				Class.forName(type, false, ClientEntry.class.getClassLoader());
			}
			return true;
		}
		catch (ClassNotFoundException ex) {
			return false;
		}
	}

}
