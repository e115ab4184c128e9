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

package io.llmstream.autoconfigure.service;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import io.llmstream.service.LlmService;

import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.AliasFor;

/**
 * Says where the interfaces are that are annotated with {@link LlmService}. Without it
 * they are looked for in the packages of the application, that is in the package of the
 * class with {@code @SpringBootApplication} and below.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Import(LlmServicesRegistrar.class)
public @interface EnableLlmServices {

	/**
	 * The packages to look in, with those below them. The package of the annotated class
	 * if nothing is named.
	 * @return the names of the packages
	 */
	@AliasFor("basePackages")
	String[] value() default {};

	/**
	 * The packages to look in, with those below them.
	 * @return the names of the packages
	 */
	@AliasFor("value")
	String[] basePackages() default {};

	/**
	 * Classes whose packages to look in.
	 * @return the classes
	 */
	Class<?>[] basePackageClasses() default {};

	/**
	 * Interfaces to use. If there are any, and no package is named, nothing is looked
	 * for.
	 * @return the interfaces
	 */
	Class<?>[] services() default {};

}
