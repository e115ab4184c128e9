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

package io.llmstream.relay.servlet;

import java.io.IOException;
import java.util.Map;
import java.util.Set;

import io.llmstream.relay.TokenFluxSupport;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * An emitter of bytes that are framed already. It has no time-out of its own: a long
 * answer is no failure, and the provider's side has its own clocks.
 */
final class RelayEmitter extends SseEmitter {

	/** The attribute of a request that is answered by an emitter of this kind. */
	static final String HANDLED = RelayEmitter.class.getName() + ".HANDLED";

	private static final Long NO_TIMEOUT = -1L;

	private final Map<String, String> headers;

	private @Nullable Runnable onHandling;

	private volatile @Nullable ServerHttpResponse response;

	/** Whether anything was sent after the opening, by the thread that sends. */
	private boolean sent;

	RelayEmitter(Map<String, String> headers) {
		super(NO_TIMEOUT);
		this.headers = headers;
	}

	/**
	 * Set what to do when Spring begins to handle this emitter, which is the first moment
	 * at which it is certain that its response will end.
	 */
	void onHandling(Runnable action) {
		this.onHandling = action;
	}

	/**
	 * Set what the response begins with.
	 * @param bytes the bytes
	 * @param onWriting told when Spring writes them, which is when it is done preparing
	 * the response. What was sent any sooner would neither be written nor block, and so
	 * pile up without limit
	 */
	void sendOpening(byte[] bytes, Runnable onWriting) throws IOException {
		send(Set.of(new Opening(bytes, onWriting)));
	}

	/**
	 * Write bytes as they are, with one flush. Blocks while the browser is slow. Called
	 * by one thread at a time.
	 * @throws IOException also if the response has ended
	 */
	void sendBytes(byte[] bytes) throws IOException {
		ServerHttpResponse opened = this.response;
		if (opened == null || !this.sent) {
			// Whoever sends was told by the opening, which Spring writes with its lock
			// held: this comes next, and what is sent now is not kept for later.
			send(Set.of(new DataWithMediaType(bytes, MediaType.APPLICATION_OCTET_STREAM)));
			this.sent = true;
			return;
		}
		this.writeLock.lock();
		try {
			// Past the converters, which would read the headers of the response each
			// time. If the response has ended, Spring's wrapper of it throws.
			opened.getBody().write(bytes);
			opened.flush();
		}
		finally {
			this.writeLock.unlock();
		}
	}

	@Override
	protected void extendResponse(ServerHttpResponse outputMessage) {
		this.response = outputMessage;
		HttpHeaders target = outputMessage.getHeaders();
		target.setContentType(TokenFluxSupport.EVENT_STREAM);
		TokenFluxSupport.addHeaders(target, this.headers);
		Runnable action = this.onHandling;
		if (action != null) {
			this.onHandling = null;
			// refuses, if it does, before anything is as for an answer
			action.run();
		}
		RequestAttributes request = RequestContextHolder.getRequestAttributes();
		if (request != null) {
			request.setAttribute(HANDLED, true, RequestAttributes.SCOPE_REQUEST);
		}
	}

	private static final class Opening extends DataWithMediaType {

		private final Runnable onWriting;

		private Opening(byte[] bytes, Runnable onWriting) {
			super(bytes, MediaType.APPLICATION_OCTET_STREAM);
			this.onWriting = onWriting;
		}

		@Override
		public Object getData() {
			this.onWriting.run();
			return super.getData();
		}

	}

}
