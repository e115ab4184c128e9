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

package io.llmstream.service;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The system message of a method, or of all methods of an interface that have none of
 * their own.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ ElementType.METHOD, ElementType.TYPE })
public @interface SystemPrompt {

	/**
	 * The text, or where it is: {@code classpath:prompts/support.txt}, in UTF-8.
	 * <code>{name}</code> stands for the value of a parameter; a value is never read as a
	 * template. Other braces are text; <code>{{name}}</code> is the text
	 * <code>{name}</code>, and <code>{{{name}}}</code> the value in braces.
	 * @return the text or its address
	 */
	String value();

}
