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

package io.llmstream.engine;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import io.llmstream.ErrorKind;
import io.llmstream.LlmStreamException;
import io.llmstream.RateLimitState;
import io.llmstream.StreamFailure;
import io.llmstream.StreamRequest;
import io.llmstream.http.HttpAnswer;
import io.llmstream.http.HttpCall;
import io.llmstream.provider.EncodedRequest;
import io.llmstream.provider.ErrorResponse;
import io.llmstream.provider.FormatFallback;
import io.llmstream.provider.ProviderError;
import io.llmstream.provider.RateLimitHeaders;
import io.llmstream.provider.TokenDecoder;
import org.jspecify.annotations.Nullable;

/**
 * One request to one provider: encodes it, and words its failures.
 */
final class Attempt {

	private static final String[] REQUEST_ID_HEADERS = { "x-request-id", "request-id", "apim-request-id",
			"x-generation-id", "x-ms-request-id", "x-goog-request-id" };

	private final ProviderSettings settings;

	private final StreamRequest request;

	private final FormatFallback format;

	private final KeyRing keys;

	private final @Nullable String apiKey;

	private final @Nullable String model;

	private @Nullable Integer status;

	private @Nullable String requestId;

	Attempt(ProviderSettings settings, StreamRequest request, KeyRing keys, @Nullable String apiKey) {
		this.settings = settings;
		this.format = FormatFallback.of(request, settings.dialect().capabilities());
		this.request = this.format.request();
		this.keys = keys;
		this.apiKey = apiKey;
		this.model = (request.model() != null) ? request.model() : settings.defaultModel();
	}

	ProviderSettings settings() {
		return this.settings;
	}

	String provider() {
		return this.settings.name();
	}

	@Nullable String model() {
		return this.model;
	}

	TokenDecoder newDecoder() {
		return this.format.decode(this.settings.dialect().newDecoder());
	}

	HttpCall call() {
		if (this.model == null) {
			throw failure(ErrorKind.INVALID_REQUEST, "no model is chosen; set llm-stream.providers." + provider()
					+ ".model, or the model of the request")
				.toException();
		}
		StreamRequest.Builder complete = this.request.mutate().model(this.model);
		Map<String, Object> extra = new LinkedHashMap<>(this.settings.extra());
		extra.putAll(this.request.extra());
		EncodedRequest encoded = this.settings.dialect().encode(complete.extra(extra).build(), provider());
		Map<String, String> headers = new LinkedHashMap<>(encoded.headers());
		if (this.apiKey != null) {
			headers.putAll(this.settings.dialect().authentication(this.apiKey));
		}
		headers.putAll(this.settings.headers());
		headers.putAll(this.request.headers());
		headers.forEach(this::checkHeader);
		return new HttpCall(uri(encoded.path()), headers, encoded.body());
	}

	// the HTTP client's own error would come as a failed connection, and be retried
	private void checkHeader(String name, String value) {
		if (value.chars().anyMatch((c) -> (c < ' ' && c != '\t') || c == 0x7F)) {
			throw failure(ErrorKind.INVALID_REQUEST,
					"the value of the header " + name
							+ " holds a control character, such as a line break; look at llm-stream.providers."
							+ provider() + ".api-key and .headers, and at the headers of the request")
				.toException();
		}
	}

	private URI uri(String path) {
		StringBuilder uri = new StringBuilder(this.settings.baseUrl()).append(path);
		char separator = (path.indexOf('?') < 0) ? '?' : '&';
		for (Map.Entry<String, String> parameter : this.settings.query().entrySet()) {
			uri.append(separator)
				.append(URLEncoder.encode(parameter.getKey(), StandardCharsets.UTF_8))
				.append('=')
				.append(URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8));
			separator = '&';
		}
		try {
			URI address = new URI(uri.toString());
			if (address.getHost() != null
					&& ("http".equals(address.getScheme()) || "https".equals(address.getScheme()))) {
				return address;
			}
		}
		catch (URISyntaxException ex) {
			// its message quotes the query, in which there may be a key
		}
		throw failure(ErrorKind.INVALID_REQUEST, "the address is not valid; set llm-stream.providers." + provider()
				+ ".base-url to one such as https://host/path, it is " + this.settings.baseUrl())
			.toException();
	}

	void answered(HttpAnswer answer) {
		this.status = answer.status();
		RateLimitState limits = RateLimitHeaders.read(answer.headers(), KeyRing.now());
		if (limits != null) {
			this.keys.limits(this.apiKey, limits);
		}
		for (String name : REQUEST_ID_HEADERS) {
			String value = answer.headers().get(name);
			if (value != null && !value.isEmpty()) {
				this.requestId = value;
				return;
			}
		}
	}

	@Nullable String requestId() {
		return this.requestId;
	}

	boolean isAnswered() {
		return this.status != null;
	}

	/**
	 * The exception for an answer whose status is not a success.
	 */
	LlmStreamException refused(HttpAnswer answer, String body) {
		if (answer.status() >= 300 && answer.status() < 400) {
			return failure(ErrorKind.INVALID_REQUEST,
					"answered " + answer.status() + ", a redirect to " + host(answer.headers().get("location"))
							+ ". Redirects are not followed, because they could carry the API key to another host:"
							+ " set llm-stream.providers." + provider() + ".base-url to the final address")
				.toException();
		}
		ProviderError error = this.settings.dialect().error(new ErrorResponse(answer.status(), answer.headers(), body));
		return said("answered " + answer.status(), error).toException();
	}

	private static String host(@Nullable String location) {
		try {
			String host = (location != null) ? URI.create(location).getHost() : null;
			return (host != null) ? host : "another path";
		}
		catch (IllegalArgumentException ex) {
			return "an address that is not valid";
		}
	}

	StreamFailure.Builder said(String what, ProviderError error) {
		String message = redact(error.message());
		return failure(error.kind(),
				what + ", " + describe(error) + ((message != null && !message.isEmpty()) ? ": " + message : ""))
			.said(error.code(), message, error.retryAfter());
	}

	private static String describe(ProviderError error) {
		String words = switch (error.kind()) {
			case AUTHENTICATION -> "the API key is not accepted";
			case PERMISSION_DENIED -> "permission denied";
			case NOT_FOUND -> "the model or the address is not known";
			case RATE_LIMITED -> "too many requests";
			case QUOTA_EXHAUSTED -> "no credit or quota is left";
			case CONTEXT_TOO_LONG -> "the conversation is too long for the model";
			case CONTENT_BLOCKED -> "blocked by content rules";
			case OVERLOADED -> "no capacity";
			case SERVER_ERROR -> "the provider failed";
			default -> "the request is not accepted";
		};
		return (error.retryAfter() != null) ? words + ", retry after " + error.retryAfter().toMillis() + " ms" : words;
	}

	StreamFailure.Builder failure(ErrorKind kind, String message) {
		return StreamFailure.of(kind, provider(), message).model(this.model).response(this.status, this.requestId);
	}

	/**
	 * Some providers quote the key that they reject.
	 */
	private @Nullable String redact(@Nullable String message) {
		if (message == null || this.apiKey == null) {
			return message;
		}
		return message.replace(this.apiKey, "***");
	}

	LlmStreamException transport(Throwable error) {
		ErrorKind kind = TransportErrors.kind(error, isAnswered());
		return failure(kind, TransportErrors.describe(kind, error)).cause(TransportErrors.cause(error)).toException();
	}

	/**
	 * The failure that ends the attempt: the same one, with what came before it.
	 */
	LlmStreamException withPartial(LlmStreamException error, String partialText, TokenDecoder decoder) {
		StreamFailure failure = error.getFailure();
		LlmStreamException complete = StreamFailure.of(failure.kind(), failure.provider(), failure.message())
			.model(failure.model())
			.response(this.status, this.requestId)
			.said(failure.code(), failure.providerMessage(), failure.retryAfter())
			.partial(partialText, decoder.usage(), decoder.responseId())
			.cause(failure.cause())
			.toException();
		complete.setStackTrace(error.getStackTrace());
		this.keys.failed(this.apiKey, complete);
		return complete;
	}

}
