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

package io.llmstream.autoconfigure.servlet;

import java.io.IOException;

import io.llmstream.relay.RunRefusedException;
import io.llmstream.relay.TokenFluxSupport;
import io.llmstream.relay.endpoint.RunEndpoint.Answer;
import io.llmstream.relay.endpoint.RunEndpoint;
import io.llmstream.relay.servlet.TokenRelay;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The endpoints of runs for Spring MVC. All methods are mapped, so that the answer to a
 * wrong one is a problem too.
 */
@RestController
class RunEndpointController {

	private static final String PATH = "${llm-stream.relay.endpoints.path:/llm-stream/runs}";

	private final RunEndpoint endpoint;

	private final TokenRelay relay;

	RunEndpointController(RunEndpoint endpoint, TokenRelay relay) {
		this.endpoint = endpoint;
		this.relay = relay;
	}

	@RequestMapping(PATH)
	Object start(HttpServletRequest request) throws IOException {
		Answer refused = this.endpoint.refuse(method(request), headers(request));
		if (refused != null) {
			return answer(refused);
		}
		byte[] body = request.getInputStream().readNBytes(this.endpoint.maxRequestSize() + 1);
		return answer(this.endpoint.start(headers(request), body, request.getUserPrincipal(),
				(tokens, options) -> this.relay.start(tokens, request.getUserPrincipal(), options)));
	}

	@RequestMapping(PATH + "/{runId}")
	Object watch(@PathVariable("runId") String runId, HttpServletRequest request) {
		return answer(this.endpoint.watch(runId, method(request), headers(request),
				request.getParameter(TokenFluxSupport.AFTER), request.getUserPrincipal()));
	}

	@RequestMapping(PATH + "/{runId}/stop")
	Object stop(@PathVariable("runId") String runId, HttpServletRequest request) {
		return answer(this.endpoint.stop(runId, method(request), request.getUserPrincipal()));
	}

	/**
	 * An advice of the application is not asked: these endpoints answer alike everywhere.
	 */
	@ExceptionHandler
	ResponseEntity<byte[]> refused(RunRefusedException refusal, HttpServletRequest request) {
		return RunProblemAdvice.entity(RunEndpoint.refused(refusal, method(request), headers(request)));
	}

	private Object answer(Answer answer) {
		if (answer.run() != null) {
			return this.relay.emitter(answer.run(), answer.position());
		}
		return RunProblemAdvice.entity(answer);
	}

	private static HttpMethod method(HttpServletRequest request) {
		return HttpMethod.valueOf(request.getMethod());
	}

	private static HttpHeaders headers(HttpServletRequest request) {
		return new ServletServerHttpRequest(request).getHeaders();
	}

}
