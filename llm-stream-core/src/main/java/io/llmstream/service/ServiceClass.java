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

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.asm.Type;
import org.springframework.core.NativeDetector;
import org.springframework.util.ReflectionUtils;

/**
 * Implements services with classes that are made for them, which takes a fraction of the
 * time that a proxy of the JDK takes. Such a class stands in the package and the class
 * loader of its interface and bears its name, so that whatever makes subclasses or spies
 * of beans can do so with services. It refers to nothing but the interface and types of
 * the JDK.
 */
final class ServiceClass {

	/**
	 * Ends the name of a class that implements a service. Spring takes what has two
	 * dollar signs for a subclass that it made by itself.
	 */
	static final String SUFFIX = "__LlmService";

	private static final Logger logger = LoggerFactory.getLogger(ServiceClass.class);

	private static final MethodType CONSTRUCTOR = MethodType.methodType(void.class, BiFunction.class);

	/** What it keeps of an interface belongs to the interface's class loader. */
	private static final ClassValue<Optional<MethodHandle>> constructors = new ClassValue<>() {

		@Override
		protected Optional<MethodHandle> computeValue(Class<?> service) {
			return Optional.ofNullable(constructor(service));
		}

	};

	private ServiceClass() {
	}

	/**
	 * Make the class that implements a service, so that it need not be made later.
	 * @param service the interface
	 * @return whether there is one; else there is a proxy
	 */
	static boolean prepare(Class<?> service) {
		return constructors.get(service).isPresent();
	}

	/**
	 * Create an instance of the class that implements a service.
	 * @param service the interface
	 * @param methods its {@link #methods(Class) methods} and what they do
	 * @return the instance, or {@code null} if only a proxy can implement the interface:
	 * in a native image, where a module or a class loader lets no class in, and where an
	 * annotation of somebody else may mean something to whoever wraps beans
	 */
	static @Nullable Object instantiate(Class<?> service, Map<Method, ServiceMethod> methods) {
		MethodHandle constructor = constructors.get(service).orElse(null);
		if (constructor == null) {
			return null;
		}
		try {
			BiFunction<String, @Nullable Object[], Object> calls = new Calls(calls(service, methods));
			return (Object) constructor.invokeExact((BiFunction<?, ?, ?>) calls);
		}
		catch (Throwable ex) {
			throw new IllegalStateException("The class of " + service.getName() + " cannot be instantiated", ex);
		}
	}

	/**
	 * The methods that ask a model.
	 */
	static List<Method> methods(Class<?> service) {
		List<Method> methods = new ArrayList<>();
		for (Method method : service.getMethods()) {
			if (Modifier.isAbstract(method.getModifiers()) && !ReflectionUtils.isObjectMethod(method)) {
				methods.add(method);
			}
		}
		return methods;
	}

	private static @Nullable MethodHandle constructor(Class<?> service) {
		if (NativeDetector.inNativeImage() || !isSuitable(service)) {
			return null;
		}
		List<Method> methods = methods(service);
		for (Method method : methods) {
			if (!isWithinReach(method.getReturnType(), service)) {
				return null;
			}
		}
		try {
			MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(service, MethodHandles.lookup());
			Class<?> type = lookup.ensureInitialized(define(service, methods, lookup));
			return lookup.findConstructor(type, CONSTRUCTOR).asType(CONSTRUCTOR.changeReturnType(Object.class));
		}
		catch (ReflectiveOperationException | LinkageError | RuntimeException ex) {
			logger.debug("{} is implemented by a proxy, as no class can be made for it", service.getName(), ex);
			return null;
		}
	}

	/**
	 * What a class says when a method is called: its name and the types of its
	 * parameters. A number would not do: a class may have been made by another factory,
	 * even by another copy of this library.
	 */
	static String key(Method method) {
		return key(method, Type.getMethodDescriptor(method));
	}

	static String key(Method method, String descriptor) {
		return method.getName() + descriptor.substring(0, descriptor.indexOf(')') + 1);
	}

	private static Class<?> define(Class<?> service, Collection<Method> methods, MethodHandles.Lookup lookup)
			throws ReflectiveOperationException {
		try {
			return lookup.defineClass(ServiceClassWriter.write(service, methods));
		}
		catch (LinkageError ex) {
			// another thread or another copy of this library was here before; that is
			// rare, and to look first would have every file of the class path searched
			Class<?> known = Class.forName(service.getName() + SUFFIX, false, service.getClassLoader());
			if (!service.isAssignableFrom(known)) {
				throw ex;
			}
			return known;
		}
	}

	private static Map<String, Call> calls(Class<?> service, Map<Method, ServiceMethod> methods)
			throws NoSuchMethodException {
		Map<String, Call> calls = new HashMap<>();
		for (Map.Entry<Method, ServiceMethod> entry : methods.entrySet()) {
			Call call = new Call(entry.getKey(), entry.getValue());
			if (calls.putIfAbsent(call.does.key(), call) != null) {
				// of those that differ in nothing, or in what they return, a proxy calls
				// this one
				Method first = service.getMethod(call.method.getName(), call.method.getParameterTypes());
				ServiceMethod does = methods.get(first);
				if (does != null) {
					calls.put(does.key(), new Call(first, does));
				}
			}
		}
		return calls;
	}

	/**
	 * Whether nobody would find less on a class than on the interface or its proxy. Those
	 * who look for annotations of their own on a bean, such as aspects, treat proxies
	 * specially.
	 */
	private static boolean isSuitable(Class<?> service) {
		if (service.isSealed() || service.isHidden() || !isPlain(service)) {
			return false;
		}
		for (Method method : service.getMethods()) {
			if (!ServiceAnnotations.hasPlainOnly(method)) {
				return false;
			}
		}
		return true;
	}

	private static boolean isPlain(Class<?> type) {
		if (!ServiceAnnotations.hasPlainOnly(type)) {
			return false;
		}
		for (Class<?> parent : type.getInterfaces()) {
			if (!isPlain(parent)) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Whether a class beside the interface may name what a method returns.
	 */
	private static boolean isWithinReach(Class<?> type, Class<?> service) {
		Class<?> element = type;
		while (element.isArray()) {
			element = Objects.requireNonNull(element.componentType());
		}
		return Modifier.isPublic(element.getModifiers()) || (element.getClassLoader() == service.getClassLoader()
				&& element.getPackageName().equals(service.getPackageName()));
	}

	/**
	 * A method and what it does.
	 */
	private record Call(Method method, ServiceMethod does) {
	}

	/**
	 * What the classes call.
	 */
	private record Calls(Map<String, Call> all) implements BiFunction<String, @Nullable Object[], Object> {

		@Override
		public Object apply(String key, @Nullable Object[] arguments) {
			Call call = this.all.get(key);
			if (call == null) {
				throw new AbstractMethodError(key);
			}
			try {
				return call.does.invoke(arguments);
			}
			catch (Throwable ex) {
				throw ServiceClass.<RuntimeException>thrown(ex, call.method);
			}
		}

	}

	/**
	 * Code that is not written in Java may throw what nobody declares, which a proxy
	 * wraps.
	 */
	@SuppressWarnings("unchecked")
	private static <T extends Throwable> RuntimeException thrown(Throwable ex, Method method) throws T {
		if (ex instanceof RuntimeException || ex instanceof Error
				|| ReflectionUtils.declaresException(method, ex.getClass())) {
			throw (T) ex;
		}
		return new UndeclaredThrowableException(ex);
	}

}
