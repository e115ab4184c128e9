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

import java.util.Optional;

import io.llmstream.observation.ActiveStream;
import io.llmstream.observation.ActiveStreams;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * Actuator endpoint {@code llmstream}: providers, routes, recent figures and the active
 * streams, of which {@code DELETE} stops one. Tells no prompt, no answer and no key; the
 * tags of requests, which may name users, are for those who may read this endpoint.
 */
@WebEndpoint(id = "llmstream")
public class LlmStreamEndpoint {

	private final ActiveStreams streams;

	private final StreamReports reports;

	LlmStreamEndpoint(ActiveStreams streams, StreamReports reports) {
		this.streams = streams;
		this.reports = reports;
	}

	/**
	 * Everything.
	 * @return the report
	 */
	@ReadOperation
	public StreamReport report() {
		return this.reports.report();
	}

	/**
	 * One active stream.
	 * @param id its id
	 * @return the stream, or {@code null} if it has ended, which is a 404
	 */
	@ReadOperation
	public StreamReport.@Nullable Stream stream(@Selector String id) {
		Optional<ActiveStream> stream = this.streams.find(id);
		return stream.map(StreamReport.Stream::of).orElse(null);
	}

	/**
	 * Stop an active stream. Its subscriber gets an error of the kind {@code stopped}.
	 * @param id its id
	 * @return 204, or 404 if it has ended
	 */
	@DeleteOperation
	public WebEndpointResponse<Void> stop(@Selector String id) {
		return new WebEndpointResponse<>(
				(this.streams.stop(id)) ? WebEndpointResponse.STATUS_NO_CONTENT : WebEndpointResponse.STATUS_NOT_FOUND);
	}

}
