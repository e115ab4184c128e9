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

import io.llmstream.StreamFilter;
import io.llmstream.StreamFilterOrder;
import io.llmstream.StreamRequest;
import io.llmstream.StreamingModel;
import io.llmstream.Token;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SignalType;

import org.springframework.core.Ordered;

/**
 * Puts one span around all that a route tries, so that the calls of its targets have a
 * common parent.
 */
public final class RouteObservationFilter implements StreamFilter, Ordered {

	private final String route;

	private final ObservationRegistry observations;

	/**
	 * Create a filter.
	 * @param route the route's name
	 * @param observations where observations go
	 */
	public RouteObservationFilter(String route, ObservationRegistry observations) {
		this.route = route;
		this.observations = observations;
	}

	@Override
	public int getOrder() {
		return StreamFilterOrder.OBSERVATION;
	}

	@Override
	public Flux<Token> filter(StreamRequest request, StreamingModel next) {
		return Flux.deferContextual((context) -> {
			Observation observation = Observation.createNotStarted(OwnName.ROUTE, this.observations)
				.contextualName("route " + this.route)
				.lowCardinalityKeyValue(OwnName.CLIENT, this.route)
				.lowCardinalityKeyValue(OwnName.OUTCOME, GenAiInferenceConvention.NONE);
			Observation parent = context.getOrDefault(ObservationThreadLocalAccessor.KEY, null);
			if (parent != null) {
				observation.parentObservation(parent);
			}
			observation.start();
			return next.stream(request)
				.doOnError(observation::error)
				.doFinally((signal) -> stop(observation, signal))
				.contextWrite((before) -> before.put(ObservationThreadLocalAccessor.KEY, observation));
		});
	}

	private static void stop(Observation observation, SignalType signal) {
		String outcome = switch (signal) {
			case ON_COMPLETE -> "completed";
			case CANCEL -> "cancelled";
			default -> "failed";
		};
		observation.lowCardinalityKeyValue(OwnName.OUTCOME, outcome).stop();
	}

	@Override
	public String toString() {
		return "RouteObservationFilter[" + this.route + "]";
	}

}
