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

/**
 * Something that a kind of server may or may not be able to do.
 */
public enum Capability {

	/** Takes tools and calls them. */
	TOOLS,

	/** Lets the request say which tool to call, or that one must be called. */
	TOOL_CHOICE,

	/** Lets the request allow or forbid several calls at once. */
	PARALLEL_TOOL_CALLS,

	/** Holds the arguments of a call to the schema of the tool. */
	STRICT_TOOLS,

	/** Reads images given by content. */
	IMAGE_DATA,

	/** Reads images given by address. */
	IMAGE_URL,

	/** Answers with any JSON object. */
	JSON_OBJECT,

	/** Answers with JSON that follows a schema. */
	JSON_SCHEMA,

	/** Answers with JSON that follows a schema also where the request has tools. */
	JSON_SCHEMA_WITH_TOOLS,

	/** Takes a reasoning effort. */
	REASONING_EFFORT,

	/** Takes a budget of reasoning tokens. */
	REASONING_BUDGET,

	/** Streams reasoning, or a summary of it. */
	REASONING_OUTPUT,

	/** Takes a temperature. */
	TEMPERATURE,

	/** Takes a top-p. */
	TOP_P,

	/** Takes a limit of output tokens. */
	MAX_OUTPUT_TOKENS,

	/** Takes stop sequences. */
	STOP,

	/** Takes a seed. */
	SEED,

	/** Takes marks of what to cache. Without it, marks are ignored: they are hints. */
	CACHE_HINTS,

	/** Reports usage within a stream. */
	USAGE

}
