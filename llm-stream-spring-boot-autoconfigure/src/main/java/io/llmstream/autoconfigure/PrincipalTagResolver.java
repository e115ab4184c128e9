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

package io.llmstream.autoconfigure;

import java.security.Principal;
import java.util.Map;

import io.llmstream.StreamRequest;
import io.llmstream.usage.UsageTagResolver;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;

/**
 * Tags a stream with the name of who is logged in, on both web stacks: with Spring MVC
 * the thread that asks knows, with WebFlux the Reactor context.
 */
final class PrincipalTagResolver implements UsageTagResolver {

	private final String tag;

	PrincipalTagResolver(String tag) {
		this.tag = tag;
	}

	@Override
	public Mono<Map<String, String>> resolve(String route, StreamRequest request) {
		Principal here = known(ofThread());
		if (here != null) {
			return Mono.just(tags(here));
		}
		return ReactiveSecurityContextHolder.getContext()
			.mapNotNull(SecurityContext::getAuthentication)
			.mapNotNull(PrincipalTagResolver::known)
			.map(this::tags);
	}

	/**
	 * Who is logged in on this thread. To ask puts an empty context there, which must not
	 * stay on a thread that had none.
	 */
	private static @Nullable Authentication ofThread() {
		Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
		if (authentication == null) {
			SecurityContextHolder.clearContext();
		}
		return authentication;
	}

	private Map<String, String> tags(Principal principal) {
		return Map.of(this.tag, principal.getName());
	}

	private static @Nullable Principal known(@Nullable Authentication authentication) {
		return (authentication != null && authentication.isAuthenticated()
				&& !(authentication instanceof AnonymousAuthenticationToken)) ? authentication : null;
	}

}
