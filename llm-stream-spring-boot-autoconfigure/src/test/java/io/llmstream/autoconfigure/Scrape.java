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

package io.llmstream.autoconfigure;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of a Prometheus scrape, against which queries are held.
 */
final class Scrape {

	private static final Pattern SAMPLE = Pattern.compile("^([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? \\S+", Pattern.MULTILINE);

	private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]\\w*)=\"");

	private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][\\w:]*");

	private static final Pattern STRING = Pattern.compile("\"[^\"]*\"");

	private static final Pattern SELECTOR = Pattern.compile("([a-zA-Z_:][\\w:]*)\\s*\\{([^}]*)}");

	private static final Pattern GROUPING = Pattern.compile("\\b(?:by|without|on|ignoring)\\s*\\(([^)]*)\\)");

	private static final Set<String> WORDS = Set.of("sum", "max", "min", "avg", "count", "rate", "increase",
			"histogram_quantile", "by", "without", "label_values", "on", "ignoring", "and");

	/** What Prometheus adds to each sample. */
	private static final Set<String> OF_THE_TARGET = Set.of("instance", "job");

	private final Map<String, Set<String>> labels = new HashMap<>();

	Scrape(String text) {
		Matcher sample = SAMPLE.matcher(text);
		while (sample.find()) {
			Set<String> names = this.labels.computeIfAbsent(sample.group(1), (name) -> new HashSet<>());
			if (sample.group(2) != null) {
				LABEL.matcher(sample.group(2)).results().forEach((label) -> names.add(label.group(1)));
			}
		}
	}

	/**
	 * What a query asks for that there is not.
	 */
	Set<String> missing(String query) {
		Set<String> missing = new TreeSet<>();
		Set<String> known = new HashSet<>(OF_THE_TARGET);
		for (String name : metrics(query)) {
			Set<String> of = this.labels.get(name);
			if (of == null) {
				missing.add(name);
			}
			else {
				known.addAll(of);
			}
		}
		SELECTOR.matcher(query).results().forEach((selector) -> {
			for (String label : names(STRING.matcher(selector.group(2)).replaceAll(""))) {
				if (!this.labels.getOrDefault(selector.group(1), Set.of()).contains(label)) {
					missing.add(selector.group(1) + "{" + label + "}");
				}
			}
		});
		GROUPING.matcher(query).results().forEach((group) -> {
			for (String label : names(group.group(1))) {
				if (!known.contains(label)) {
					missing.add("by (" + label + ")");
				}
			}
		});
		return missing;
	}

	/**
	 * The metrics that a query asks for.
	 */
	static List<String> metrics(String query) {
		String bare = GROUPING.matcher(query).replaceAll(" ");
		bare = bare.replaceAll("\\{[^}]*}", " ").replaceAll("\\[[^]]*]", " ");
		bare = bare.replaceAll("label_values\\(\\s*(\\w+)\\s*,[^)]*\\)", "$1");
		return names(bare).stream().filter((name) -> !WORDS.contains(name)).toList();
	}

	private static List<String> names(String text) {
		return NAME.matcher(text).results().map(MatchResult::group).toList();
	}

}
