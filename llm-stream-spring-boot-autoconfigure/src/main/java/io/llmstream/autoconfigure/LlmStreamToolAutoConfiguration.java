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

import io.llmstream.LlmStreamClient;
import io.llmstream.ToolApproval;
import io.llmstream.ToolRunner;
import io.llmstream.tool.ToolArguments;
import io.llmstream.tool.ToolLoop;
import io.llmstream.tool.ToolRegistry;
import jakarta.validation.Validator;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.condition.ConditionalOnThreading;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.thread.Threading;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/**
 * Auto-configuration of what runs the tools of all clients, and finds those that are
 * beans.
 */
@AutoConfiguration(before = LlmStreamAutoConfiguration.class,
		afterName = "org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration")
@ConditionalOnClass(LlmStreamClient.class)
@EnableConfigurationProperties(ToolProperties.class)
public final class LlmStreamToolAutoConfiguration {

	private static final String EXECUTOR = "llmStreamToolExecutor";

	/**
	 * Not the application's task executor: tools that hang would take all of its threads.
	 */
	@Bean(name = EXECUTOR, defaultCandidate = false)
	@ConditionalOnMissingBean(name = EXECUTOR)
	@ConditionalOnThreading(Threading.VIRTUAL)
	SimpleAsyncTaskExecutor llmStreamVirtualToolExecutor() {
		SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor("llm-stream-tool-");
		executor.setVirtualThreads(true);
		return executor;
	}

	@Bean(name = EXECUTOR, defaultCandidate = false)
	@ConditionalOnMissingBean(name = EXECUTOR)
	@ConditionalOnThreading(Threading.PLATFORM)
	ThreadPoolTaskExecutor llmStreamPlatformToolExecutor(ToolProperties properties) {
		properties.toOptions();
		ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
		executor.setThreadNamePrefix("llm-stream-tool-");
		executor.setCorePoolSize(properties.getThreads());
		executor.setMaxPoolSize(properties.getThreads());
		executor.setAllowCoreThreadTimeOut(true);
		executor.setDaemon(true);
		return executor;
	}

	@Bean
	@ConditionalOnMissingBean(ToolRegistry.class)
	BeanToolRegistry llmStreamToolRegistry(ConfigurableListableBeanFactory beanFactory,
			ObjectProvider<ToolArguments> check) {
		return new BeanToolRegistry(beanFactory, check);
	}

	@Bean
	@ConditionalOnMissingBean(ToolRunner.class)
	ToolLoop llmStreamToolLoop(ToolProperties properties, ToolRegistry registry,
			@Qualifier(EXECUTOR) TaskExecutor executor, ObjectProvider<ToolApproval> approval,
			ObjectProvider<ToolArguments> check) {
		return ToolLoop.builder()
			.options(properties.toOptions().approval(approval.getIfUnique()).build())
			.registry(registry)
			.executor(executor)
			.check(check.getIfUnique())
			.build();
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(Validator.class)
	static class ValidationConfiguration {

		@Bean
		@ConditionalOnMissingBean(ToolArguments.class)
		@ConditionalOnSingleCandidate(Validator.class)
		ValidatedToolArguments llmStreamToolArguments(ObjectProvider<Validator> validator) {
			return new ValidatedToolArguments(validator);
		}

	}

}
