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

package io.llmstream;

/**
 * One call of a tool, as the model made it.
 *
 * @param id the id of the call
 * @param name the tool's name
 * @param arguments the arguments as JSON, written by the model: to be checked like any
 * input from outside
 * @param step which step of the answer made it, counted from 1
 * @param request the request that is being answered, with its tags and with the messages
 * of the earlier steps
 */
public record ToolInvocation(String id, String name, String arguments, int step, StreamRequest request) {

	@Override
	public String toString() {
		return "ToolInvocation[" + this.name + ", id=" + this.id + ", step=" + this.step + "]";
	}

}
