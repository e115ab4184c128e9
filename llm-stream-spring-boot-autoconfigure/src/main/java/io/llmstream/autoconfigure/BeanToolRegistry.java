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

package io.llmstream.autoconfigure;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.llmstream.ToolCallback;
import io.llmstream.tool.Tool;
import io.llmstream.tool.ToolArguments;
import io.llmstream.tool.ToolMethods;
import io.llmstream.tool.ToolRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.annotation.AnnotationUtils;

/**
 * The tools that are beans: {@link ToolCallback}s, and beans with {@link Tool} methods.
 * They are found by their types, so that none is created for it and a tool may use a
 * client; all are checked once all beans are there. Beans may have tools of the same name
 * as long as none is asked for by it.
 */
final class BeanToolRegistry implements ToolRegistry, SmartInitializingSingleton {

	private final ConfigurableListableBeanFactory beanFactory;

	private final ObjectProvider<ToolArguments> check;

	private volatile boolean ready;

	private volatile @Nullable Map<String, List<BeanTool>> found;

	BeanToolRegistry(ConfigurableListableBeanFactory beanFactory, ObjectProvider<ToolArguments> check) {
		this.beanFactory = beanFactory;
		this.check = check;
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.ready = true;
		found();
	}

	/**
	 * Those of which there is one alone by their name.
	 */
	@Override
	public Map<String, ToolCallback> tools() {
		Map<String, ToolCallback> tools = new LinkedHashMap<>();
		found().forEach((name, all) -> {
			if (all.size() == 1) {
				tools.put(name, all.get(0).tool());
			}
		});
		return Collections.unmodifiableMap(tools);
	}

	@Override
	public ToolCallback get(String name) {
		List<BeanTool> all = found().getOrDefault(name, List.of());
		if (all.size() > 1) {
			throw new IllegalArgumentException(
					"The tools " + all.stream().map(BeanTool::toString).collect(Collectors.joining(" and "))
							+ " have the same name; set @Tool(name = …) for one of them");
		}
		return (all.isEmpty()) ? ToolRegistry.super.get(name) : all.get(0).tool();
	}

	private Map<String, List<BeanTool>> found() {
		Map<String, List<BeanTool>> known = this.found;
		if (known == null) {
			known = find();
			if (this.ready) {
				// before, beans may be missing whose types are not known yet
				this.found = known;
			}
		}
		return known;
	}

	private Map<String, List<BeanTool>> find() {
		List<BeanTool> all = new ArrayList<>();
		this.beanFactory.getBeansOfType(ToolCallback.class).forEach((name, tool) -> all.add(new BeanTool(name, tool)));
		ToolArguments arguments = this.check.getIfUnique();
		try {
			for (String name : this.beanFactory.getBeanNamesForType(Object.class, true, false)) {
				Class<?> type = (ScopedProxyUtils.isScopedTarget(name)) ? null : toolType(name);
				if (type != null) {
					ToolMethods.of(type, () -> this.beanFactory.getBean(name), arguments)
						.forEach((tool) -> all.add(new BeanTool(name, tool)));
				}
			}
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidLlmStreamConfigurationException(ex.getMessage() + ".",
					"Change the method, or remove its @Tool annotation.");
		}
		return all.stream()
			.collect(Collectors.groupingBy((each) -> each.tool().definition().name(), LinkedHashMap::new,
					Collectors.toList()));
	}

	/**
	 * The class of a bean, if it has tools.
	 */
	private @Nullable Class<?> toolType(String name) {
		Class<?> type;
		try {
			type = AutoProxyUtils.determineTargetClass(this.beanFactory, name);
		}
		catch (RuntimeException ex) {
			// nothing of ours: a bean whose class is not there
			return null;
		}
		if (type == null || type.getName().startsWith("org.springframework.")
				|| !AnnotationUtils.isCandidateClass(type, Tool.class)) {
			return null;
		}
		return (ToolMethods.find(type).isEmpty()) ? null : type;
	}

	@Override
	public String toString() {
		return found().keySet().toString();
	}

	/**
	 * A tool, and the bean that has it.
	 */
	private record BeanTool(String bean, ToolCallback tool) {

		@Override
		public String toString() {
			return this.tool + " of the bean '" + this.bean + "'";
		}

	}

}
