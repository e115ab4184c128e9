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

package io.llmstream.service;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * A text with places for values. It is read once; values are put where they belong and
 * never read as templates, whatever braces they have.
 */
final class PromptTemplate {

	/** Texts and names in turn, beginning and ending with a text. */
	private final List<String> parts = new ArrayList<>();

	private PromptTemplate() {
	}

	/**
	 * Read a template.
	 */
	static PromptTemplate parse(String text) {
		PromptTemplate template = new PromptTemplate();
		StringBuilder literal = new StringBuilder();
		int i = 0;
		while (i < text.length()) {
			int end = (text.charAt(i) == '{') ? endOfName(text, i + 1) : -1;
			if (text.startsWith("{{{", i) && isEnclosed(text, i + 3, "}}}")) {
				// a value in braces
				literal.append(text.charAt(i++));
				end = endOfName(text, i + 2);
				template.parts.add(literal.toString());
				template.parts.add(text.substring(i + 2, end));
				literal.setLength(0);
				literal.append('}');
				i = end + 3;
			}
			else if (text.startsWith("{{", i) && isEnclosed(text, i + 2, "}}")) {
				int close = text.indexOf("}}", i);
				literal.append(text, i + 1, close + 1);
				i = close + 2;
			}
			else if (end > 0) {
				template.parts.add(literal.toString());
				template.parts.add(text.substring(i + 1, end));
				literal.setLength(0);
				i = end + 1;
			}
			else {
				literal.append(text.charAt(i++));
			}
		}
		template.parts.add(literal.toString());
		return template;
	}

	private static boolean isEnclosed(String text, int from, String braces) {
		int end = endOfName(text, from);
		return end > 0 && text.startsWith(braces, end);
	}

	/**
	 * Where the brace is that closes a name, or -1 if there is no name.
	 */
	private static int endOfName(String text, int from) {
		int i = from;
		while (i < text.length() && Character.isJavaIdentifierPart(text.charAt(i))) {
			i++;
		}
		boolean name = i > from && Character.isJavaIdentifierStart(text.charAt(from));
		return (name && i < text.length() && text.charAt(i) == '}') ? i : -1;
	}

	/**
	 * The names of the values that are needed.
	 */
	Set<String> variables() {
		Set<String> names = new LinkedHashSet<>();
		for (int i = 1; i < this.parts.size(); i += 2) {
			names.add(this.parts.get(i));
		}
		return names;
	}

	/**
	 * The text with values.
	 * @param values gives the value for a name
	 */
	String render(Function<String, String> values) {
		if (this.parts.size() == 1) {
			return this.parts.get(0);
		}
		StringBuilder text = new StringBuilder();
		for (int i = 0; i < this.parts.size(); i++) {
			String part = this.parts.get(i);
			text.append((i % 2 == 0) ? part : values.apply(part));
		}
		return text.toString();
	}

}
