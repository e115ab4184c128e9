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

package io.llmstream.benchmarks.process;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Named values, which pass between processes as one line.
 */
public final class Figures {

	private final Map<String, String> values = new LinkedHashMap<>();

	/**
	 * Read a line.
	 * @param line words of the form {@code name=value}
	 * @return the figures
	 */
	public static Figures parse(String line) {
		Figures figures = new Figures();
		for (String word : line.trim().split("\\s+")) {
			int equals = word.indexOf('=');
			if (equals > 0) {
				figures.values.put(word.substring(0, equals), word.substring(equals + 1));
			}
		}
		return figures;
	}

	/**
	 * Set a value.
	 * @param name its name
	 * @param value the value, without white space
	 * @return these figures
	 */
	public Figures with(String name, Object value) {
		this.values.put(name, String.valueOf(value));
		return this;
	}

	/**
	 * Set all values of others.
	 * @param others the others
	 * @return these figures
	 */
	public Figures with(Figures others) {
		this.values.putAll(others.values);
		return this;
	}

	/**
	 * A number.
	 * @param name its name
	 * @return the number
	 * @throws IllegalArgumentException if there is none of that name
	 */
	public double number(String name) {
		return Double.parseDouble(text(name));
	}

	/**
	 * A number.
	 * @param name its name
	 * @param missing what to return if there is none
	 * @return the number
	 */
	public double number(String name, double missing) {
		return (this.values.containsKey(name)) ? number(name) : missing;
	}

	/**
	 * A whole number.
	 * @param name its name
	 * @param missing what to return if there is none
	 * @return the number
	 */
	public int integer(String name, int missing) {
		return (this.values.containsKey(name)) ? Integer.parseInt(text(name)) : missing;
	}

	/**
	 * A value.
	 * @param name its name
	 * @return the value
	 * @throws IllegalArgumentException if there is none of that name
	 */
	public String text(String name) {
		String value = this.values.get(name);
		if (value == null) {
			throw new IllegalArgumentException("No " + name + " in " + this);
		}
		return value;
	}

	@Override
	public String toString() {
		return this.values.entrySet()
			.stream()
			.map((entry) -> entry.getKey() + "=" + entry.getValue())
			.collect(Collectors.joining(" "));
	}

}
