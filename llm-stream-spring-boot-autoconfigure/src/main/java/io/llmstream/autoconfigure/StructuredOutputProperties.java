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

import io.llmstream.ResponseFormat;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Properties of answers that are objects.
 */
@ConfigurationProperties("llm-stream.structured-output")
public class StructuredOutputProperties {

	/**
	 * How models are told which JSON to write: by the best that the provider can do, by
	 * its own mode for JSON schemas, by a tool, or by words in the prompt.
	 */
	private ResponseFormat.Mode mode = ResponseFormat.Mode.AUTO;

	/**
	 * How many times a model is told what was wrong with its answer and asked again.
	 */
	private int maxRepairs;

	/**
	 * Most characters that the answer may have.
	 */
	private int maxLength = 8 * 1024 * 1024;

	/**
	 * Most levels to which objects and arrays may be nested.
	 */
	private int maxDepth = 200;

	/**
	 * Whether objects are validated by Jakarta Bean Validation, where the application has
	 * it.
	 */
	private boolean validate = true;

	/**
	 * How models are told which JSON to write.
	 * @return the mode
	 */
	public ResponseFormat.Mode getMode() {
		return this.mode;
	}

	/**
	 * Set how models are told which JSON to write.
	 * @param mode the mode
	 */
	public void setMode(ResponseFormat.Mode mode) {
		this.mode = mode;
	}

	/**
	 * How many times a model is asked again.
	 * @return 0 or more
	 */
	public int getMaxRepairs() {
		return this.maxRepairs;
	}

	/**
	 * Set how many times a model is asked again.
	 * @param maxRepairs 0 or more
	 */
	public void setMaxRepairs(int maxRepairs) {
		this.maxRepairs = maxRepairs;
	}

	/**
	 * Most characters that the answer may have.
	 * @return 1 or more
	 */
	public int getMaxLength() {
		return this.maxLength;
	}

	/**
	 * Set most characters that the answer may have.
	 * @param maxLength 1 or more
	 */
	public void setMaxLength(int maxLength) {
		this.maxLength = maxLength;
	}

	/**
	 * Most levels of nesting.
	 * @return 1 or more
	 */
	public int getMaxDepth() {
		return this.maxDepth;
	}

	/**
	 * Set most levels of nesting.
	 * @param maxDepth from 1 to 500
	 */
	public void setMaxDepth(int maxDepth) {
		this.maxDepth = maxDepth;
	}

	/**
	 * Whether objects are validated.
	 * @return whether they are
	 */
	public boolean isValidate() {
		return this.validate;
	}

	/**
	 * Set whether objects are validated.
	 * @param validate whether they are
	 */
	public void setValidate(boolean validate) {
		this.validate = validate;
	}

}
