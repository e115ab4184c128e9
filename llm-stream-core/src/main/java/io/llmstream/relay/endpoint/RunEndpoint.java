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

package io.llmstream.relay.endpoint;

import java.security.Principal;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;

import io.llmstream.StreamRequest;
import io.llmstream.Token;
import io.llmstream.relay.Run;
import io.llmstream.relay.RunOptions;
import io.llmstream.relay.RunRefusedException;
import io.llmstream.relay.Runs;
import io.llmstream.relay.TokenFluxSupport;
import io.llmstream.relay.protocol.WireBuffer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.server.ResponseStatusException;

/**
 * Ready-made endpoints of runs, the same on both web stacks, which read the request and
 * write the answer: {@code POST} to the path starts a run, {@code GET} of the path with a
 * run's id watches it, {@code POST} to that with {@code /stop} stops it.
 * <p>
 * The body of a start is JSON: {@code {"prompt": "…"}}, or {@code {"messages": [{"role":
 * "user", "content": "…"}, …]}}. Problems are {@code application/problem+json}. Who asks
 * for nothing but an event stream of a run that is not there gets 204, at which
 * {@code EventSource} asks no more. A start that is sent again with the same
 * {@code Idempotency-Key} by the same user watches the run that it started the first
 * time, from its first event on, for as long as that run can be read.
 * <p>
 * Safe for use by several threads; does no I/O.
 */
public final class RunEndpoint {

	private final RunStarter starter;

	private final Runs runs;

	private final RunOptions options;

	private final int maxRequestSize;

	/**
	 * Create endpoints.
	 * @param starter answers what browsers ask
	 * @param runs the runs of the relay
	 * @param options what runs that are started here have otherwise than others
	 * @param maxRequestSize how many bytes the body of a request may have
	 */
	public RunEndpoint(RunStarter starter, Runs runs, RunOptions options, int maxRequestSize) {
		this.starter = starter;
		this.runs = runs;
		this.options = options;
		this.maxRequestSize = maxRequestSize;
	}

	/**
	 * How many bytes the body of a request may have.
	 * @return the size
	 */
	public int maxRequestSize() {
		return this.maxRequestSize;
	}

	/**
	 * Whether a request to start has a body that should be read.
	 * @param method the request's method
	 * @param headers the request's headers
	 * @return what is wrong with it, or {@code null} if its body may be read
	 */
	public @Nullable Answer refuse(HttpMethod method, HttpHeaders headers) {
		if (!HttpMethod.POST.equals(method)) {
			return notAllowed(method, HttpMethod.POST);
		}
		if (!isJson(headers)) {
			return problem(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "The body must be application/json", new HttpHeaders());
		}
		if (!acceptsEvents(headers)) {
			return notAcceptable();
		}
		return (headers.getContentLength() > this.maxRequestSize) ? tooLarge() : null;
	}

	/**
	 * Answer a request to start.
	 * @param headers the request's headers
	 * @param body the request's body
	 * @param principal who asks
	 * @param start starts the run
	 * @return the answer
	 */
	public Answer start(HttpHeaders headers, byte[] body, @Nullable Principal principal,
			BiFunction<Flux<Token>, RunOptions, Run> start) {
		if (body.length > this.maxRequestSize) {
			return tooLarge();
		}
		return guarded(() -> {
			StreamRequest request = RunRequestReader.read(body);
			String key = headers.getFirst(TokenFluxSupport.IDEMPOTENCY_KEY);
			Run run = this.runs.started(key, name(principal))
				.orElseGet(() -> start.apply(this.starter.start(request, principal),
						this.options.withIdempotencyKey(key)));
			return new Answer(run, 0, HttpStatus.OK, new HttpHeaders(), new byte[0]);
		});
	}

	/**
	 * Answer a request to watch.
	 * @param runId the run's id
	 * @param method the request's method
	 * @param headers the request's headers
	 * @param after the request's parameter {@code after}
	 * @param principal who asks
	 * @return the answer
	 */
	public Answer watch(String runId, HttpMethod method, HttpHeaders headers, @Nullable String after,
			@Nullable Principal principal) {
		if (!HttpMethod.GET.equals(method)) {
			return notAllowed(method, HttpMethod.GET);
		}
		Run run = this.runs.find(runId, name(principal)).orElse(null);
		if (run == null) {
			return refused(RunRefusedException.notFound(), method, headers);
		}
		if (!acceptsEvents(headers)) {
			return notAcceptable();
		}
		return guarded(() -> {
			long position = run.position(
					TokenFluxSupport.lastEventId(method, headers.getFirst(TokenFluxSupport.LAST_EVENT_ID), after));
			if (run.isExhausted(position)) {
				HttpHeaders named = new HttpHeaders();
				named.set(TokenFluxSupport.RUN_ID, run.id());
				return plain(HttpStatus.NO_CONTENT, named);
			}
			return new Answer(run, position, HttpStatus.OK, new HttpHeaders(), new byte[0]);
		});
	}

	/**
	 * Answer a request to stop. A run that has ended is no problem: its end and the
	 * request may have met on the way.
	 * @param runId the run's id
	 * @param method the request's method
	 * @param principal who asks
	 * @return the answer
	 */
	public Answer stop(String runId, HttpMethod method, @Nullable Principal principal) {
		if (!HttpMethod.POST.equals(method)) {
			return notAllowed(method, HttpMethod.POST);
		}
		Run run = this.runs.find(runId, name(principal)).orElse(null);
		if (run == null) {
			return problem(RunRefusedException.notFound());
		}
		HttpHeaders headers = new HttpHeaders();
		headers.setContentType(MediaType.APPLICATION_JSON);
		WireBuffer out = new WireBuffer();
		out.raw("{\"stopped\":").raw(Boolean.toString(run.stop())).raw("}");
		return new Answer(null, 0, HttpStatus.OK, headers, out.take());
	}

	/**
	 * The answer to a body that is too large.
	 * @return the answer
	 */
	public Answer tooLarge() {
		return problem(HttpStatus.CONTENT_TOO_LARGE, "The body may have " + this.maxRequestSize + " bytes",
				new HttpHeaders());
	}

	/**
	 * The answer to a request whose run was refused, by these endpoints or by a
	 * controller of the application.
	 * @param refusal what was refused
	 * @param method the request's method
	 * @param headers the request's headers
	 * @return a problem, or 204 if an {@code EventSource} asks for a run that is not
	 * there
	 */
	public static Answer refused(RunRefusedException refusal, HttpMethod method, HttpHeaders headers) {
		boolean missing = refusal.getStatusCode().isSameCodeAs(HttpStatus.NOT_FOUND);
		return (missing && HttpMethod.GET.equals(method) && wantsOnlyEvents(headers))
				? plain(HttpStatus.NO_CONTENT, new HttpHeaders()) : problem(refusal);
	}

	private static Answer guarded(Supplier<Answer> answer) {
		try {
			return answer.get();
		}
		catch (ResponseStatusException ex) {
			return problem(ex);
		}
	}

	private static boolean isJson(HttpHeaders headers) {
		try {
			MediaType type = headers.getContentType();
			return type != null && (MediaType.APPLICATION_JSON.isCompatibleWith(type)
					|| "application".equals(type.getType()) && type.getSubtype().endsWith("+json"));
		}
		catch (InvalidMediaTypeException ex) {
			return false;
		}
	}

	private static boolean wantsOnlyEvents(HttpHeaders headers) {
		try {
			List<MediaType> accept = headers.getAccept();
			return !accept.isEmpty() && accept.stream().allMatch(MediaType.TEXT_EVENT_STREAM::equalsTypeAndSubtype);
		}
		catch (InvalidMediaTypeException ex) {
			return false;
		}
	}

	private static boolean acceptsEvents(HttpHeaders headers) {
		try {
			List<MediaType> accept = headers.getAccept();
			return accept.isEmpty() || accept.stream().anyMatch(MediaType.TEXT_EVENT_STREAM::isCompatibleWith);
		}
		catch (InvalidMediaTypeException ex) {
			return true;
		}
	}

	private static Answer notAcceptable() {
		return problem(HttpStatus.NOT_ACCEPTABLE, "The answer is text/event-stream", new HttpHeaders());
	}

	private static Answer notAllowed(HttpMethod method, HttpMethod allowed) {
		HttpHeaders headers = new HttpHeaders();
		headers.set(HttpHeaders.ALLOW, allowed.name() + ", OPTIONS");
		if (HttpMethod.OPTIONS.equals(method)) {
			return plain(HttpStatus.NO_CONTENT, headers);
		}
		return problem(HttpStatus.METHOD_NOT_ALLOWED, "Only " + allowed.name() + " is possible here", headers);
	}

	private static Answer plain(HttpStatus status, HttpHeaders headers) {
		return new Answer(null, 0, status, headers, new byte[0]);
	}

	private static Answer problem(ResponseStatusException ex) {
		String reason = ex.getReason();
		return problem(ex.getStatusCode(), (reason != null) ? reason : "", ex.getHeaders());
	}

	private static Answer problem(HttpStatusCode status, String detail, HttpHeaders more) {
		HttpHeaders headers = new HttpHeaders();
		headers.putAll(more);
		headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
		headers.setCacheControl("no-store");
		HttpStatus known = HttpStatus.resolve(status.value());
		WireBuffer out = new WireBuffer();
		out.raw("{\"title\":").string((known != null) ? known.getReasonPhrase() : "Problem");
		out.raw(",\"status\":").number(status.value());
		out.raw(",\"detail\":").string(detail).raw("}");
		return new Answer(null, 0, status, headers, out.take());
	}

	private static @Nullable String name(@Nullable Principal principal) {
		return (principal != null) ? principal.getName() : null;
	}

	/**
	 * What to answer.
	 *
	 * @param run the run to relay, or {@code null} if the rest is the whole answer
	 * @param position after which event to begin
	 * @param status the status
	 * @param headers further headers
	 * @param body the body where there is no run
	 */
	public record Answer(@Nullable Run run, long position, HttpStatusCode status, HttpHeaders headers, byte[] body) {
	}

}
