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

import io.llmstream.BudgetExceededException;
import io.llmstream.relay.RunRefusedException;
import io.llmstream.relay.endpoint.RunEndpoint;
import io.llmstream.relay.endpoint.RunEndpoint.Answer;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;

/**
 * Answers a run that was refused, and a request that a budget has no room for, with
 * {@code application/problem+json}, whatever the request accepts. An advice of the
 * application comes first.
 */
@ControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
class RunProblemAdvice {

	@ExceptionHandler
	ResponseEntity<byte[]> overBudget(BudgetExceededException failure, HttpServletRequest request) {
		return refused(RunRefusedException.overBudget(failure.getRetryAfter()), request);
	}

	@ExceptionHandler
	ResponseEntity<byte[]> refused(RunRefusedException refusal, HttpServletRequest request) {
		return entity(RunEndpoint.refused(refusal, HttpMethod.valueOf(request.getMethod()),
				new ServletServerHttpRequest(request).getHeaders()));
	}

	static ResponseEntity<byte[]> entity(Answer answer) {
		return ResponseEntity.status(answer.status()).headers(answer.headers()).body(answer.body());
	}

}
