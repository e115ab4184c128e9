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

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * Ids of tool calls.
 */
final class ToolCallIds {

	private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

	private static final int SHORT = 9;

	private ToolCallIds() {
	}

	/**
	 * An id for a call to which the provider gave none.
	 * @return a new id, short enough for every server
	 */
	static String create() {
		return "call_" + UUID.randomUUID().toString().replace("-", "");
	}

	/**
	 * An id of nine letters and digits, the same for the same id.
	 * @param id any id
	 * @return the id itself if it is of that form
	 */
	static String shorten(String id) {
		if (isShort(id)) {
			return id;
		}
		byte[] digest = digest(id);
		StringBuilder result = new StringBuilder(SHORT);
		for (int i = 0; i < SHORT; i++) {
			result.append(ALPHABET.charAt((digest[i] & 0xFF) % ALPHABET.length()));
		}
		return result.toString();
	}

	private static boolean isShort(String id) {
		return id.length() == SHORT && id.chars().allMatch((c) -> ALPHABET.indexOf(c) >= 0);
	}

	private static byte[] digest(String id) {
		try {
			return MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

}
