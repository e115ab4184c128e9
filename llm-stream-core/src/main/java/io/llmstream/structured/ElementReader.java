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

package io.llmstream.structured;

import java.util.ArrayList;
import java.util.List;

/**
 * Takes the elements of a list from its document, each as soon as it is complete.
 *
 * @param <T> the type of an element
 */
final class ElementReader<T> {

	private final OutputType list;

	private final OutputSettings settings;

	private List<T> ready = new ArrayList<>();

	private int read;

	ElementReader(OutputType list, OutputSettings settings) {
		this.list = list;
		this.settings = settings;
	}

	/**
	 * Look for elements that have become complete.
	 * @throws OutputProblemException if one is not what was asked for
	 */
	@SuppressWarnings("unchecked")
	void read(JsonSnapshot snapshot) {
		int complete = this.list.completeElements(snapshot);
		while (this.read < complete) {
			Object element = this.list.bindElement(snapshot, this.read);
			this.settings.validate(element);
			this.ready.add((T) element);
			this.read++;
		}
	}

	/**
	 * Say that the document is complete.
	 * @throws OutputProblemException if it is no list
	 */
	void end(JsonSnapshot snapshot) {
		if (this.list.completeElements(snapshot) < 0) {
			throw new OutputProblemException(new OutputProblem("the member " + this.list.member() + " is no list"));
		}
	}

	/**
	 * The elements that have become complete since this was called last.
	 */
	List<T> take() {
		List<T> taken = this.ready;
		if (!taken.isEmpty()) {
			this.ready = new ArrayList<>();
		}
		return taken;
	}

	void reset() {
		this.ready = new ArrayList<>();
		this.read = 0;
	}

}
