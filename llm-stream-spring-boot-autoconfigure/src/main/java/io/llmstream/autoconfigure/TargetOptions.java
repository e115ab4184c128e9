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

import java.util.Map;
import java.util.function.UnaryOperator;

import io.llmstream.StreamRequest;

/**
 * Replaces what a target of a route is to be asked differently.
 */
final class TargetOptions implements UnaryOperator<StreamRequest> {

	private final RouteProperties.Options options;

	private final Map<String, Object> extra;

	TargetOptions(RouteProperties.Options options) {
		this.options = options;
		this.extra = ExtraMembers.of(options.getExtra());
	}

	@Override
	public StreamRequest apply(StreamRequest request) {
		StreamRequest.Builder builder = request.mutate();
		if (this.options.getTemperature() != null) {
			builder.temperature(this.options.getTemperature());
		}
		if (this.options.getTopP() != null) {
			builder.topP(this.options.getTopP());
		}
		if (this.options.getMaxOutputTokens() != null) {
			builder.maxOutputTokens(this.options.getMaxOutputTokens());
		}
		return builder.extra(this.extra).build();
	}

}
