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

package io.llmstream.relay;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

import io.llmstream.Partial;
import io.llmstream.Token;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.format.datetime.standard.DurationFormatterUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.util.StringUtils;

/**
 * When a controller's return value is relayed as events. The same on both web stacks.
 */
public final class TokenFluxSupport {

	/** The content type of every event stream. */
	public static final MediaType EVENT_STREAM = MediaType.parseMediaType("text/event-stream;charset=UTF-8");

	/** The header that names the run of a response. */
	public static final String RUN_ID = "X-Run-Id";

	/** The query parameter for browsers that cannot set a {@link #LAST_EVENT_ID}. */
	public static final String AFTER = "after";

	/** The header that names the last event that a browser got. */
	public static final String LAST_EVENT_ID = "Last-Event-ID";

	/** The header with which a start that is sent twice starts one run. */
	public static final String IDEMPOTENCY_KEY = "Idempotency-Key";

	private TokenFluxSupport() {
	}

	/**
	 * Whether a type is a stream of tokens: a {@link Publisher} of several tokens, of all
	 * kinds or of one.
	 * @param type the type of a body
	 * @return whether it is a stream of tokens
	 */
	public static boolean isTokenFlux(ResolvableType type) {
		return isFluxOf(Token.class, type);
	}

	/**
	 * Whether a type is an object that grows: a {@link Publisher} of several
	 * {@link Partial}s.
	 * @param type the type of a body
	 * @return whether it is a stream of partial objects
	 */
	public static boolean isPartialFlux(ResolvableType type) {
		return isFluxOf(Partial.class, type);
	}

	private static boolean isFluxOf(Class<?> wanted, ResolvableType type) {
		Class<?> raw = type.resolve();
		if (raw == null || !Publisher.class.isAssignableFrom(raw) || Mono.class.isAssignableFrom(raw)) {
			return false;
		}
		Class<?> element = type.as(Publisher.class).getGeneric().resolve();
		return element != null && wanted.isAssignableFrom(element);
	}

	/**
	 * Whether values of a type are relayed: a stream of tokens, one of partial objects,
	 * or a {@link Run}.
	 * @param type the type of a body
	 * @return whether they are relayed
	 */
	public static boolean isRelayed(ResolvableType type) {
		return isTokenFlux(type) || isPartialFlux(type) || Run.class == type.resolve();
	}

	/**
	 * Which event a request says it got last. Only a request that reads can have got any.
	 * @param method the request's method
	 * @param header the value of its {@link #LAST_EVENT_ID}
	 * @param parameter the value of its parameter {@link #AFTER}
	 * @return the number as it was sent, or {@code null} if it has none
	 */
	public static @Nullable String lastEventId(HttpMethod method, @Nullable String header, @Nullable String parameter) {
		if (!HttpMethod.GET.equals(method)) {
			return null;
		}
		return (header != null) ? header : parameter;
	}

	/**
	 * Whether a request comes back for the rest of an answer, as browsers do on their
	 * own. A stream that is no run would be asked for anew, and paid for again.
	 * @param method the request's method
	 * @param header the value of its {@link #LAST_EVENT_ID}
	 * @return whether it comes back
	 */
	public static boolean comesBack(HttpMethod method, @Nullable String header) {
		return StringUtils.hasText(lastEventId(method, header, null));
	}

	/**
	 * How to start a stream of tokens as a run, where its method says with
	 * {@link OnDisconnect} that it may be without a browser.
	 * @param returnType the method's return type
	 * @return the options, or {@code null} if the stream ends with its browser
	 */
	public static @Nullable RunOptions outliving(MethodParameter returnType) {
		RunOptions options = options(returnType);
		return (options != null && options.onDisconnect() != DisconnectPolicy.CANCEL) ? options : null;
	}

	/**
	 * Apply what a controller's method says with {@link OnDisconnect} to the run that it
	 * returned.
	 * @param run the run
	 * @param returnType the method's return type
	 */
	public static void apply(Run run, MethodParameter returnType) {
		RunOptions options = options(returnType);
		if (options != null && options.onDisconnect() != null) {
			run.onDisconnect(options.onDisconnect(), options.grace());
		}
	}

	private static @Nullable RunOptions options(MethodParameter returnType) {
		OnDisconnect found = returnType.getMethodAnnotation(OnDisconnect.class);
		if (found == null) {
			found = AnnotatedElementUtils.findMergedAnnotation(returnType.getContainingClass(), OnDisconnect.class);
		}
		if (found == null) {
			return null;
		}
		Duration grace = (found.grace().isEmpty()) ? null : DurationFormatterUtils.detectAndParse(found.grace());
		return new RunOptions(found.value(), grace, null);
	}

	/**
	 * What of an answer browsers may have in any form: all but the provider's own JSON,
	 * which may name, or sign, what only the server knows.
	 * @param tokens the tokens
	 * @return the tokens without it
	 */
	public static Flux<Token> forBrowsers(Publisher<?> tokens) {
		return Flux.from(tokens).cast(Token.class).mapNotNull(TokenFluxSupport::forBrowser);
	}

	private static @Nullable Token forBrowser(Token token) {
		if (token instanceof Token.Citation citation) {
			return new Token.Citation(citation.url(), citation.title(), citation.quote(), "{}");
		}
		return (token instanceof Token.ReplayState || token instanceof Token.Other) ? null : token;
	}

	/**
	 * The headers of a response that relays a run.
	 * @param run the run
	 * @param protocol the headers of the protocol
	 * @return all of them
	 */
	public static Map<String, String> headers(Run run, Map<String, String> protocol) {
		Map<String, String> headers = new LinkedHashMap<>(protocol);
		headers.put(RUN_ID, run.id());
		return headers;
	}

	/**
	 * Add the headers of an event stream, without its content type, where the application
	 * has not set them.
	 * @param target the response's headers
	 * @param more the headers of the protocol
	 */
	public static void addHeaders(HttpHeaders target, Map<String, String> more) {
		add(target, HttpHeaders.CACHE_CONTROL, "no-cache, no-transform");
		// Otherwise nginx collects events before it passes them on.
		add(target, "X-Accel-Buffering", "no");
		add(target, "X-Content-Type-Options", "nosniff");
		more.forEach((name, value) -> add(target, name, value));
	}

	private static void add(HttpHeaders target, String name, String value) {
		if (!target.containsHeader(name)) {
			target.set(name, value);
		}
	}

	/**
	 * Whether to answer with events.
	 * @param types what the handler produces or, if it does not say, what the client
	 * accepts; the most wanted first
	 * @return {@code false} if the client would rather have the tokens as JSON, or
	 * accepts no events
	 */
	public static boolean wantsEvents(Collection<MediaType> types) {
		for (MediaType type : types) {
			if (type.isCompatibleWith(MediaType.TEXT_EVENT_STREAM)) {
				return true;
			}
			if (type.getSubtype().contains("json")) {
				return false;
			}
		}
		return false;
	}

}
