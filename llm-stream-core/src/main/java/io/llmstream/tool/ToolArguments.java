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

import java.lang.reflect.Method;

import io.llmstream.ToolException;
import org.jspecify.annotations.Nullable;

/**
 * Checks the arguments with which a model calls a method, mostly with Jakarta Bean
 * Validation.
 */
@FunctionalInterface
public interface ToolArguments {

	/**
	 * Check the arguments. Runs on the thread of the tool.
	 * @param bean the object whose method is called
	 * @param method the method
	 * @param arguments the arguments
	 * @throws ToolException if they are wrong; the message tells the model how
	 */
	void check(Object bean, Method method, @Nullable Object[] arguments);

}
