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

package io.llmstream.test;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives JUnit tests a {@link ScriptedProvider}. In a static field with
 * {@code @RegisterExtension} one provider serves all tests of the class and is
 * {@linkplain ScriptedProvider#reset() reset} before each; otherwise each test has its
 * own. Test methods may take it as a parameter.
 */
public final class ScriptedProviderExtension implements BeforeAllCallback, BeforeEachCallback, ParameterResolver {

	private final Namespace namespace = Namespace.create(ScriptedProviderExtension.class, this);

	private volatile @Nullable ScriptedProvider current;

	/**
	 * The provider of the running test.
	 * @return the provider
	 * @throws IllegalStateException if no test is running
	 */
	public ScriptedProvider provider() {
		ScriptedProvider provider = this.current;
		if (provider == null) {
			throw new IllegalStateException("The provider is started before the first test");
		}
		return provider;
	}

	@Override
	public void beforeAll(ExtensionContext context) {
		provider(context);
	}

	@Override
	public void beforeEach(ExtensionContext context) {
		provider(context).reset();
	}

	private ScriptedProvider provider(ExtensionContext context) {
		// The store closes it at the end of the context in which it was asked for first.
		ScriptedProvider provider = context.getStore(this.namespace)
			.computeIfAbsent(ScriptedProvider.class, (type) -> ScriptedProvider.start(), ScriptedProvider.class);
		this.current = provider;
		return provider;
	}

	@Override
	public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
		return parameter.getParameter().getType() == ScriptedProvider.class;
	}

	@Override
	public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
		return provider(context);
	}

}
