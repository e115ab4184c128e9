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
package io.llmstream.relay.servlet;

import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.web.context.request.AbstractRequestAttributes;

/**
 * A request of which only attributes matter.
 */
final class MapRequestAttributes extends AbstractRequestAttributes {

	private final Map<String, Object> attributes = new HashMap<>();

	@Override
	public @Nullable Object getAttribute(String name, int scope) {
		return this.attributes.get(name);
	}

	@Override
	public void setAttribute(String name, Object value, int scope) {
		this.attributes.put(name, value);
	}

	@Override
	public void removeAttribute(String name, int scope) {
		this.attributes.remove(name);
	}

	@Override
	public String[] getAttributeNames(int scope) {
		return this.attributes.keySet().toArray(String[]::new);
	}

	@Override
	public void registerDestructionCallback(String name, Runnable callback, int scope) {
		registerRequestDestructionCallback(name, callback);
	}

	@Override
	public @Nullable Object resolveReference(String key) {
		return null;
	}

	@Override
	public String getSessionId() {
		return "none";
	}

	@Override
	public Object getSessionMutex() {
		return this;
	}

	@Override
	protected void updateAccessedSessionAttributes() {
		// There is no session.
	}

}
