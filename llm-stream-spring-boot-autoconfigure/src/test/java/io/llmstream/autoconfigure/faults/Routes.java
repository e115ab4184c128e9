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

package io.llmstream.autoconfigure.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.llmstream.test.DeafProvider;
import io.llmstream.test.ScriptedProvider;

/**
 * The properties of an application that has a route for every cell.
 */
final class Routes {

	static final List<String> POLICIES = List.of("fail", "restart", "continue");

	static final int MAX_RECOVERIES = 2;

	private Routes() {
	}

	static String name(String policy, int targets, Fault.Address address, Wire wire) {
		return policy + "-" + targets + "-" + word(address) + "-" + wire.word();
	}

	private static String word(Fault.Address address) {
		return address.name().toLowerCase(Locale.ROOT);
	}

	static String[] properties(ScriptedProvider first, ScriptedProvider second, DeafProvider deaf) {
		List<String> properties = new ArrayList<>();
		for (Wire wire : Wire.values()) {
			provider(word(Fault.Address.ANSWERS), wire, first.baseUrl(), properties);
			// nobody listens on the port for multiplexing
			provider(word(Fault.Address.REFUSES), wire, "http://127.0.0.1:1", properties);
			provider(word(Fault.Address.HANGS), wire, deaf.baseUrl(), properties);
			provider("second", wire, second.baseUrl(), properties);
			for (Fault.Address address : Fault.Address.values()) {
				POLICIES.forEach((policy) -> routes(policy, address, wire, properties));
			}
		}
		return properties.toArray(String[]::new);
	}

	private static void provider(String name, Wire wire, String address, List<String> properties) {
		String prefix = "llm-stream.providers." + name + "-" + wire.word() + ".";
		properties.add(prefix + "type=" + wire.type());
		properties.add(prefix + "base-url=" + address + wire.path());
		properties.add(prefix + "api-key=a-key");
		properties.add(prefix + "model=a-model");
		properties.add(prefix + "timeouts.connect=1s");
		properties.add(prefix + "timeouts.first-token=5s");
		properties.add(prefix + "timeouts.stall=5s");
		properties.add(prefix + "retry.max-retries=1");
		properties.add(prefix + "retry.delay=20ms");
		properties.add(prefix + "retry.jitter=0");
		properties.add(prefix + "retry.max-delay=5s");
	}

	private static void routes(String policy, Fault.Address address, Wire wire, List<String> properties) {
		for (int targets = 1; targets <= 2; targets++) {
			String prefix = "llm-stream.routes." + name(policy, targets, address, wire) + ".";
			properties.add(prefix + "targets[0]=" + word(address) + "-" + wire.word());
			if (targets == 2) {
				properties.add(prefix + "targets[1]=second-" + wire.next().word());
			}
			properties.add(prefix + "mid-stream=" + policy);
			properties.add(prefix + "max-recoveries=" + MAX_RECOVERIES);
		}
	}

}
