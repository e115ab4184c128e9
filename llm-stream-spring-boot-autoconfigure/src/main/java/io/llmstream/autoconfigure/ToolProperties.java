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

import java.time.Duration;

import io.llmstream.ToolErrorPolicy;
import io.llmstream.ToolOptions;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * How tools are run where a request does not say otherwise.
 */
@ConfigurationProperties("llm-stream.tools")
public class ToolProperties {

	/**
	 * How often the model is asked for one answer. When it calls tools in the last of
	 * these steps, the stream fails.
	 */
	private int maxSteps = 16;

	/**
	 * How many calls of one answer run at the same time; others wait.
	 */
	private int maxParallelCalls = 8;

	/**
	 * How long a call may take.
	 */
	private Duration timeout = Duration.ofSeconds(30);

	/**
	 * How long a result may be, in characters. A longer one is a failure of the call.
	 */
	private int maxResultLength = 100_000;

	/**
	 * What becomes of a call that fails: the model is told, or the stream fails.
	 */
	private ToolErrorPolicy errorPolicy = ToolErrorPolicy.TELL_MODEL;

	/**
	 * How many threads run tools that block, unless virtual threads are enabled. A call
	 * that finds none waits; its timeout runs meanwhile.
	 */
	private int threads = 64;

	public int getMaxSteps() {
		return this.maxSteps;
	}

	public void setMaxSteps(int maxSteps) {
		this.maxSteps = maxSteps;
	}

	public int getMaxParallelCalls() {
		return this.maxParallelCalls;
	}

	public void setMaxParallelCalls(int maxParallelCalls) {
		this.maxParallelCalls = maxParallelCalls;
	}

	public Duration getTimeout() {
		return this.timeout;
	}

	public void setTimeout(Duration timeout) {
		this.timeout = timeout;
	}

	public int getMaxResultLength() {
		return this.maxResultLength;
	}

	public void setMaxResultLength(int maxResultLength) {
		this.maxResultLength = maxResultLength;
	}

	public ToolErrorPolicy getErrorPolicy() {
		return this.errorPolicy;
	}

	public void setErrorPolicy(ToolErrorPolicy errorPolicy) {
		this.errorPolicy = errorPolicy;
	}

	public int getThreads() {
		return this.threads;
	}

	public void setThreads(int threads) {
		this.threads = threads;
	}

	ToolOptions.Builder toOptions() {
		PropertyChecks checks = new PropertyChecks("llm-stream.tools.");
		checks.check(this.maxSteps >= 1, "max-steps", this.maxSteps, "must be 1 or more", "16");
		checks.check(this.maxParallelCalls >= 1, "max-parallel-calls", this.maxParallelCalls, "must be 1 or more", "8");
		checks.positive("timeout", this.timeout, "30s");
		checks.check(this.maxResultLength >= 1, "max-result-length", this.maxResultLength, "must be 1 or more",
				"100000");
		checks.check(this.threads >= 1, "threads", this.threads, "must be 1 or more", "64");
		return ToolOptions.builder()
			.maxSteps(this.maxSteps)
			.maxParallelCalls(this.maxParallelCalls)
			.timeout(this.timeout)
			.maxResultLength(this.maxResultLength)
			.errorPolicy(this.errorPolicy);
	}

}
