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

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * Finds annotations on interfaces and their methods: those that stand there, and those
 * that other annotations or interfaces pass on. The search for the latter is spared where
 * there are no others, which is nearly everywhere and counts where there are hundreds of
 * services.
 */
final class ServiceAnnotations {

	/** Packages of annotations that no annotation of ours stands on. */
	private static final Set<String> PLAIN = Set.of(ServiceAnnotations.class.getPackageName(), "java.lang",
			"org.jspecify.annotations", "kotlin");

	private ServiceAnnotations() {
	}

	static <A extends Annotation> @Nullable A find(Method method, Class<A> type) {
		return find(method, method.getDeclaringClass(), type);
	}

	static <A extends Annotation> @Nullable A find(Class<?> service, Class<A> type) {
		return find(service, service, type);
	}

	private static <A extends Annotation> @Nullable A find(AnnotatedElement element, Class<?> owner, Class<A> type) {
		A direct = element.getDeclaredAnnotation(type);
		if (direct != null || (owner.getInterfaces().length == 0 && hasPlainOnly(element))) {
			return direct;
		}
		return AnnotatedElementUtils.findMergedAnnotation(element, type);
	}

	/**
	 * Whether only annotations of this package, of the languages and on null stand
	 * somewhere: nothing that others pass on, or that anybody but us would act upon.
	 */
	static boolean hasPlainOnly(AnnotatedElement element) {
		for (Annotation annotation : element.getDeclaredAnnotations()) {
			if (!PLAIN.contains(annotation.annotationType().getPackageName())) {
				return false;
			}
		}
		return true;
	}

}
