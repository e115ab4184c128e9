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

package io.llmstream.provider;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Makes a provider's words fit for an exception message: one short line, no markup, and
 * no key, which some providers repeat.
 */
final class ErrorText {

	private static final int LONGEST_MESSAGE = 500;

	private static final int LONGEST_CODE = 100;

	private static final int MOST_TO_CLEAN = 20_000;

	private static final Pattern TITLE = Pattern.compile("<title[^<>]*>([^<]*)</title", Pattern.CASE_INSENSITIVE);

	private static final Pattern INVISIBLE = Pattern.compile("<(script|style|head)\\b.*?</\\1\\s*>|<!--.*?-->",
			Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

	private static final Pattern MARKUP = Pattern.compile("<[^<>]*>");

	private static final Pattern BLANK = Pattern.compile("[\\s\\p{Cntrl}\\p{Cf}]+");

	private static final Pattern KEY = Pattern
		.compile("\\b(?:sk|pk|rk|gsk|xai|pplx|hf|nvapi|tgp|csk|fw|r8)[-_][\\w*.-]*[\\w*]"
				+ "|\\bAI[zZ][\\w-]{12,}|\\beyJ[\\w-]{10,}(?:\\.[\\w-]+)*+");

	private static final Pattern NAMED_KEY = Pattern.compile(
			"((?:api[ _-]?key|token)(?: provided)?\\s*[:=]\\s*|\\bBearer\\s+)(['\"`]?)[\\w*./+~=-]*[\\w*/+~=-]",
			Pattern.CASE_INSENSITIVE);

	private ErrorText() {
	}

	static @Nullable String message(@Nullable String text) {
		if (text == null) {
			return null;
		}
		String clean = (text.length() > MOST_TO_CLEAN) ? text.substring(0, MOST_TO_CLEAN) : text;
		if (clean.stripLeading().startsWith("<")) {
			clean = withoutMarkup(clean);
		}
		return line(clean, LONGEST_MESSAGE);
	}

	static @Nullable String code(@Nullable String text) {
		return (text != null) ? line(text, LONGEST_CODE) : null;
	}

	private static @Nullable String line(String text, int longest) {
		String line = BLANK.matcher(text).replaceAll(" ").strip();
		line = NAMED_KEY.matcher(line).replaceAll("$1$2***");
		line = KEY.matcher(line).replaceAll("***");
		if (line.isEmpty()) {
			return null;
		}
		if (line.length() <= longest) {
			return line;
		}
		int end = (Character.isHighSurrogate(line.charAt(longest - 1))) ? longest - 1 : longest;
		return line.substring(0, end) + "…";
	}

	private static String withoutMarkup(String page) {
		Matcher title = TITLE.matcher(page);
		if (title.find() && !title.group(1).isBlank()) {
			return title.group(1);
		}
		return MARKUP.matcher(INVISIBLE.matcher(page).replaceAll(" ")).replaceAll(" ");
	}

}
