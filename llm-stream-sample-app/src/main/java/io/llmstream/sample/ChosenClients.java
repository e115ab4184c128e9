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

package io.llmstream.sample;

import io.llmstream.LlmStreamClient;
import io.llmstream.autoconfigure.LlmStreamClients;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.util.StringUtils;
import org.springframework.web.server.ResponseStatusException;

/**
 * Finds the client that was chosen on the page.
 */
@Component
class ChosenClients {

	private final LlmStreamClients clients;

	ChosenClients(LlmStreamClients clients) {
		this.clients = clients;
	}

	LlmStreamClient get(@Nullable String provider) {
		if (!StringUtils.hasText(provider)) {
			throw badRequest("The question names no provider.");
		}
		if (!this.clients.names().contains(provider)) {
			throw badRequest("There is no provider of that name.");
		}
		return this.clients.get(provider);
	}

	private static ResponseStatusException badRequest(String reason) {
		return new ResponseStatusException(HttpStatus.BAD_REQUEST, reason);
	}

}
