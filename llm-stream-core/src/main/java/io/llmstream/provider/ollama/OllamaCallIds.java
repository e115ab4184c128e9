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

package io.llmstream.provider.ollama;

import io.llmstream.json.JsonReader;

/**
 * Ids for calls to which the server gave none, which older servers never do. Answers have
 * no id either; the time at which one began tells the calls of several answers of a
 * conversation apart.
 */
final class OllamaCallIds {

	private String answer = "";

	/**
	 * Take note of when the answer began. Every line has a time; the first one stays.
	 * @param json stands before the time
	 */
	void answerBegan(JsonReader json) {
		if (!this.answer.isEmpty()) {
			json.skip();
			return;
		}
		String time = json.string("");
		if (!time.isEmpty()) {
			this.answer = Integer.toHexString(time.hashCode()) + "-";
		}
	}

	String makeUp(int index) {
		return "ollama-call-" + this.answer + index;
	}

}
