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

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What becomes of the answer of a controller's method when the last browser that watches
 * it leaves.
 *
 * <pre class="code">
 * &#64;PostMapping("/report")
 * &#64;OnDisconnect(DisconnectPolicy.CONTINUE)
 * Flux&lt;Token&gt; report(&#64;RequestBody String question) {
 *     return this.client.prompt(question).stream();
 * }
 * </pre>
 *
 * Without it a {@code Flux<Token>} ends with its browser, and a {@link Run} does what
 * {@link RunSettings} or the {@link RunOptions} of its start say. A {@code Flux<Token>}
 * that is to go on is started as a run of the request's user: its id is in the header
 * {@value TokenFluxSupport#RUN_ID}, and a browser may come back to it where the
 * application offers that. On a class it applies to all its methods.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ ElementType.METHOD, ElementType.TYPE })
public @interface OnDisconnect {

	/**
	 * What becomes of it.
	 * @return the policy
	 */
	DisconnectPolicy value();

	/**
	 * How long it may be without a browser, if it is allowed to, such as {@code 2m} or
	 * {@code PT2M}. For its first one it waits 30 seconds at least.
	 * @return the time; empty for that of the settings
	 */
	String grace() default "";

}
