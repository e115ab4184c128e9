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

package io.llmstream.observation;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import io.llmstream.AttemptLedger;
import io.llmstream.StreamFilter;
import io.llmstream.StreamFilterOrder;
import io.llmstream.StreamRequest;
import io.llmstream.StreamingModel;
import io.llmstream.Token;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

import org.springframework.core.Ordered;

/**
 * The streams that are being answered: who asks whom, since when, how far it is. Any of
 * them can be stopped.
 * <p>
 * A stream counts once, with the outermost client that has a {@linkplain #filter filter};
 * what is asked inside of it belongs to it. Safe for use by several threads.
 */
public final class ActiveStreams {

	private final Map<String, TrackedStream> streams = new ConcurrentHashMap<>();

	private final List<StreamListener> listeners;

	// so that an id of one server, or of one start, means nothing to another
	private final String prefix = Integer.toHexString(ThreadLocalRandom.current().nextInt() | 0x10000000) + "-";

	private final AtomicLong ids = new AtomicLong();

	/**
	 * Create a list.
	 * @param listeners are told of all streams
	 */
	public ActiveStreams(List<? extends StreamListener> listeners) {
		this.listeners = List.copyOf(listeners);
	}

	/**
	 * What enters the streams of a client here, to be put around it.
	 * @param client the client's name
	 * @return the filter
	 */
	public StreamFilter filter(String client) {
		return new Filter(client);
	}

	/**
	 * All streams, the oldest first.
	 * @return the streams as they are now
	 */
	public List<ActiveStream> list() {
		return this.streams.values()
			.stream()
			.map(TrackedStream::snapshot)
			.sorted(Comparator.comparing(ActiveStream::started))
			.toList();
	}

	/**
	 * How many streams are active.
	 * @return the number
	 */
	public int size() {
		return this.streams.size();
	}

	/**
	 * Find a stream.
	 * @param id its id
	 * @return the stream as it is now, or nothing if it has ended
	 */
	public Optional<ActiveStream> find(String id) {
		return Optional.ofNullable(this.streams.get(id)).map(TrackedStream::snapshot);
	}

	/**
	 * Stop a stream: the call to the provider is cancelled, and its subscriber gets a
	 * {@link io.llmstream.StreamStoppedException} that carries what came. Returns at
	 * once.
	 * @param id its id
	 * @return whether this stopped it; {@code false} if it has ended
	 */
	public boolean stop(String id) {
		TrackedStream stream = this.streams.get(id);
		return stream != null && stream.stop();
	}

	void add(TrackedStream stream) {
		this.streams.put(stream.id(), stream);
		tell((listener) -> listener.began(stream.client()));
	}

	void remove(TrackedStream stream, EndedStream ended) {
		this.streams.remove(stream.id());
		tell((listener) -> listener.ended(ended));
	}

	void tell(Consumer<StreamListener> event) {
		for (StreamListener listener : this.listeners) {
			try {
				event.accept(listener);
			}
			catch (RuntimeException ex) {
				Operators.onErrorDropped(ex, Context.empty());
			}
		}
	}

	@Override
	public String toString() {
		return "ActiveStreams[" + size() + "]";
	}

	private final class Filter implements StreamFilter, Ordered {

		private final String client;

		private Filter(String client) {
			this.client = client;
		}

		@Override
		public int getOrder() {
			return StreamFilterOrder.ACTIVE_STREAMS;
		}

		@Override
		public Flux<Token> filter(StreamRequest request, StreamingModel next) {
			return AttemptLedger.keep(new Flux<>() {

				@Override
				public void subscribe(CoreSubscriber<? super Token> actual) {
					Flux<Token> tokens;
					try {
						tokens = next.stream(request);
					}
					catch (RuntimeException ex) {
						tokens = Flux.error(ex);
					}
					if (actual.currentContext().hasKey(TrackedStream.class)) {
						tokens.subscribe(actual);
						return;
					}
					String id = ActiveStreams.this.prefix + ActiveStreams.this.ids.incrementAndGet();
					TrackedStream stream = new TrackedStream(ActiveStreams.this, id, Filter.this.client, request,
							actual);
					add(stream);
					tokens.subscribe(stream);
				}

			});
		}

	}

}
