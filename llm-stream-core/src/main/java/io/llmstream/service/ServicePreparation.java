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

import java.lang.reflect.Type;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Does in advance all that a service needs from nobody else.
 */
final class ServicePreparation {

	private ServicePreparation() {
	}

	/**
	 * Prepare a service.
	 * @param service the interface
	 * @param objects prepares a type of objects that models write
	 */
	static void prepare(Class<?> service, Consumer<Type> objects) {
		try {
			for (ServiceSignature signature : ServiceDefinition.of(service).methods()) {
				Type written = signature.result().objectType();
				if (written != null) {
					objects.accept(written);
				}
			}
		}
		catch (InvalidLlmServiceException ex) {
			// is found again, and told, when the service is created
			return;
		}
		if (!ServiceClass.prepare(service)) {
			ServiceProxy.instantiate(service, Map.of());
		}
	}

}
