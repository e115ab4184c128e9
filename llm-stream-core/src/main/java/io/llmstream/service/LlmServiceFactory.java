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

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

import io.llmstream.LlmStreamClient;

import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.io.ResourceLoader;

/**
 * Creates {@link LlmService}s. Safe for use by several threads, as are the services. A
 * service is an instance of a class that is made for its interface, in the package and
 * the class loader of that, so that it can be wrapped as any bean can; or a proxy of the
 * JDK where none can be made and where annotations other than those of this package stand
 * on the interface.
 */
public final class LlmServiceFactory {

	private final Function<String, LlmStreamClient> clients;

	private final Function<Class<?>, Object> beans;

	private final ResourceLoader resources;

	private final Map<String, LlmStreamClient> known = new ConcurrentHashMap<>();

	/**
	 * Create a factory for services that all ask one client and have no beans as tools.
	 * @param client the client
	 */
	public LlmServiceFactory(LlmStreamClient client) {
		this((name) -> client, (type) -> {
			throw new IllegalArgumentException("There are no beans");
		}, new DefaultResourceLoader());
	}

	/**
	 * Create a factory.
	 * @param clients finds the client of a name, which is empty for the default; throws
	 * an {@link IllegalArgumentException} if there is none
	 * @param beans finds the bean of a class, for {@link Tools}
	 * @param resources finds prompts
	 */
	public LlmServiceFactory(Function<String, LlmStreamClient> clients, Function<Class<?>, Object> beans,
			ResourceLoader resources) {
		this.clients = clients;
		this.beans = beans;
		this.resources = resources;
	}

	/**
	 * Understand a service, load what it consists of, and make its class, so that it is
	 * created sooner later on: that is most of what it takes. Called on another thread
	 * while an application starts; does not say what is wrong with a service.
	 * @param service the interface
	 * @param objects prepares a type of objects that a model is to write, such as for
	 * finding out whether it can
	 */
	public static void prepare(Class<?> service, Consumer<Type> objects) {
		ServicePreparation.prepare(service, objects);
	}

	/**
	 * Create a service.
	 * @param <T> the type of the service
	 * @param service an interface; the annotation {@link LlmService} may be missing where
	 * there is one client
	 * @return the service
	 * @throws InvalidLlmServiceException if a method cannot work; the message names it
	 */
	public <T> T create(Class<T> service) {
		if (!service.isInterface()) {
			throw new InvalidLlmServiceException(service.getName() + " is no interface, which an @LlmService must be");
		}
		LlmService annotation = service.getAnnotation(LlmService.class);
		LlmStreamClient client = client(service, (annotation != null) ? annotation.client() : "");
		Map<Method, ServiceMethod> methods = new LinkedHashMap<>();
		for (ServiceSignature signature : ServiceDefinition.of(service).methods()) {
			methods.put(signature.method(),
					new ServiceMethod(signature, client, this.resources, signature.tools(this.beans)));
		}
		Object created = ServiceClass.instantiate(service, methods);
		return service.cast((created != null) ? created : ServiceProxy.instantiate(service, methods));
	}

	private LlmStreamClient client(Class<?> service, String name) {
		LlmStreamClient known = this.known.get(name);
		if (known != null) {
			return known;
		}
		try {
			LlmStreamClient client = this.clients.apply(name);
			this.known.put(name, client);
			return client;
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidLlmServiceException(
					service.getName() + " asks the client '" + name + "', which cannot be had: " + ex.getMessage(), ex);
		}
	}

}
