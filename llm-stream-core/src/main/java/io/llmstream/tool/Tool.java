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

package io.llmstream.tool;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.core.annotation.AliasFor;

/**
 * Makes a method a tool that a model may call. Its parameters become the JSON schema of
 * the tool's arguments; what it returns is the result: text as it is, anything else as
 * JSON. A parameter of type {@link io.llmstream.ToolInvocation} receives the call itself
 * and is not part of the schema.
 * <p>
 * A method that returns a {@code Mono}, a {@code Flux}, another {@code Publisher} or a
 * {@code CompletionStage} must not block. Any other method runs on a thread on which it
 * may block, and which is interrupted when the call is stopped. Calls of one answer run
 * in parallel.
 * <p>
 * The annotation, and those of the parameters, may stand on the method of an interface or
 * of a superclass: they hold for the methods that implement or override it and do not say
 * otherwise themselves.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Tool {

	/**
	 * What the tool does, for the model to read.
	 * @return the description
	 */
	@AliasFor("description")
	String value() default "";

	/**
	 * What the tool does, for the model to read.
	 * @return the description
	 */
	@AliasFor("value")
	String description() default "";

	/**
	 * The tool's name: letters, digits, underscores and hyphens, 64 at most.
	 * @return the name, by default that of the method
	 */
	String name() default "";

	/**
	 * Whether the provider must hold the arguments to the schema, where it can.
	 * @return whether it must
	 */
	boolean strict() default false;

	/**
	 * How long a call may take, such as {@code 5s} or {@code PT5S}.
	 * @return the limit, by default that of the configuration
	 */
	String timeout() default "";

}
