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
 * Says more of a parameter of a {@link Tool} method.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
public @interface ToolParam {

	/**
	 * What the argument means, for the model to read.
	 * @return the description
	 */
	@AliasFor("description")
	String value() default "";

	/**
	 * What the argument means, for the model to read.
	 * @return the description
	 */
	@AliasFor("value")
	String description() default "";

	/**
	 * The argument's name.
	 * @return the name, by default that of the parameter
	 */
	String name() default "";

	/**
	 * Whether the model must give the argument. One that is an {@code Optional} or may be
	 * {@code null} need not be given in any case.
	 * @return whether it must
	 */
	boolean required() default true;

}
