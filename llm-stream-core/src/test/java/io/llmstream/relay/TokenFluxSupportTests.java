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

import java.util.List;
import java.util.Map;

import io.llmstream.Partial;
import io.llmstream.Token;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.ResolvableType;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

import static org.assertj.core.api.Assertions.assertThat;

class TokenFluxSupportTests {

	@Test
	void streamsOfTokensAreTold() {
		assertThat(isTokenFlux(Flux.class, Token.class)).isTrue();
		assertThat(isTokenFlux(Flux.class, Token.Text.class)).isTrue();
		assertThat(isTokenFlux(Publisher.class, Token.class)).isTrue();
		assertThat(isTokenFlux(Flux.class, String.class)).isFalse();
		assertThat(isTokenFlux(Mono.class, Token.class)).isFalse();
		assertThat(isTokenFlux(List.class, Token.class)).isFalse();
		assertThat(TokenFluxSupport.isTokenFlux(ResolvableType.forClass(Flux.class))).isFalse();
	}

	@Test
	void streamsOfPartialObjectsAreTold() {
		ResolvableType partial = ResolvableType.forClassWithGenerics(Partial.class, String.class);
		ResolvableType several = ResolvableType.forClassWithGenerics(Flux.class, partial);
		assertThat(TokenFluxSupport.isPartialFlux(several)).isTrue();
		assertThat(TokenFluxSupport.isRelayed(several)).isTrue();
		assertThat(TokenFluxSupport.isTokenFlux(several)).isFalse();
		assertThat(TokenFluxSupport.isPartialFlux(ResolvableType.forClassWithGenerics(Mono.class, partial))).isFalse();
		assertThat(TokenFluxSupport.isRelayed(ResolvableType.forClassWithGenerics(Flux.class, String.class))).isFalse();
	}

	private static boolean isTokenFlux(Class<?> type, Class<?> element) {
		return TokenFluxSupport.isTokenFlux(ResolvableType.forClassWithGenerics(type, element));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "text/event-stream|true", "*/*|true", "text/*|true", "application/json|false",
					"application/json, text/plain, */*|false", "text/html, */*|true",
					"text/event-stream, application/json|true", "application/x-ndjson|false", "text/html|false" })
	void eventsAreWantedUnlessJsonComesFirst(String accept, boolean wanted) {
		assertThat(TokenFluxSupport.wantsEvents(MediaType.parseMediaTypes(accept))).isEqualTo(wanted);
	}

	@Test
	void headersOfTheApplicationStay() {
		HttpHeaders headers = new HttpHeaders();
		headers.setCacheControl("no-store");
		TokenFluxSupport.addHeaders(headers, Map.of("X-Protocol", "v1"));
		assertThat(headers.getCacheControl()).isEqualTo("no-store");
		assertThat(headers.getFirst("X-Protocol")).isEqualTo("v1");
		assertThat(headers.getFirst("X-Accel-Buffering")).isEqualTo("no");
	}

}
