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

package io.llmstream.test;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import io.netty.handler.codec.http.HttpResponseStatus;
import org.jspecify.annotations.Nullable;

/**
 * Writes the head of an HTTP response.
 */
final class ResponseHead {

	private static final AtomicLong REQUEST_IDS = new AtomicLong();

	private ResponseHead() {
	}

	/**
	 * The status line and the headers, without those that say how long the body is.
	 * @param head how the answer begins
	 * @param wire the wire that is spoken, or {@code null}
	 * @return lines, each with its end
	 */
	static String text(ScriptHead head, @Nullable Wire wire) {
		ErrorWords error = head.error();
		int status = (error != null) ? error.status(wire) : head.status();
		StringBuilder text = new StringBuilder("HTTP/1.1 ").append(status)
			.append(' ')
			.append(HttpResponseStatus.valueOf(status).reasonPhrase())
			.append("\r\n");
		header(text, "Content-Type", contentType(head, wire));
		header(text, "Date", date(Instant.now()));
		header(text, (wire == Wire.ANTHROPIC) ? "request-id" : "x-request-id",
				"req_scripted_" + REQUEST_IDS.incrementAndGet());
		Duration delay = (error != null) ? error.retryAfter() : null;
		if (delay != null && wire != Wire.GEMINI && wire != Wire.GEMINI_ARRAY) {
			header(text, "Retry-After", Long.toString((delay.toMillis() + 999) / 1000));
		}
		Duration date = head.retryDate();
		if (date != null) {
			header(text, "Retry-After", date(Instant.now().plus(date)));
		}
		for (Map.Entry<String, String> header : head.headers()) {
			header(text, header.getKey(), header.getValue());
		}
		return text.toString();
	}

	static String contentType(ScriptHead head, @Nullable Wire wire) {
		String chosen = head.contentType();
		if (chosen != null) {
			return chosen;
		}
		if (head.error() != null) {
			return "application/json";
		}
		return (wire != null) ? wire.contentType() : Wire.OPENAI_CHAT.contentType();
	}

	private static String date(Instant instant) {
		return DateTimeFormatter.RFC_1123_DATE_TIME.format(instant.atOffset(ZoneOffset.UTC));
	}

	private static void header(StringBuilder text, String name, String value) {
		text.append(name).append(": ").append(value).append("\r\n");
	}

}
