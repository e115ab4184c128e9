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
import io.llmstream.OutputOptions;
import io.llmstream.StructuredOutput;
import io.llmstream.structured.BeanOutputValidator;
import io.llmstream.structured.JsonStructuredOutput;
import io.llmstream.structured.OutputValidator;
import jakarta.validation.Validator;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Auto-configuration of answers that are objects.
 */
@AutoConfiguration(afterName = "org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration")
@ConditionalOnClass(LlmStreamClient.class)
@EnableConfigurationProperties(StructuredOutputProperties.class)
public final class LlmStreamStructuredOutputAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	StructuredOutput llmStreamStructuredOutput(StructuredOutputProperties properties,
			ObjectProvider<OutputValidator> validator) {
		PropertyChecks checks = new PropertyChecks("llm-stream.structured-output.");
		checks.check(properties.getMaxRepairs() >= 0, "max-repairs", properties.getMaxRepairs(), "must not be negative",
				"1");
		checks.check(properties.getMaxLength() >= 1, "max-length", properties.getMaxLength(), "must not be less than 1",
				"1000000");
		checks.check(properties.getMaxDepth() >= 1 && properties.getMaxDepth() <= 500, "max-depth",
				properties.getMaxDepth(), "must be from 1 to 500", "200");
		return JsonStructuredOutput.builder()
			.defaults(new OutputOptions(properties.getMode(), properties.getMaxRepairs()))
			.maxLength(properties.getMaxLength())
			.maxDepth(properties.getMaxDepth())
			.validator(validator.getIfAvailable())
			.build();
	}

	/**
	 * Validation, where the application has it.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(Validator.class)
	@ConditionalOnBooleanProperty(name = "llm-stream.structured-output.validate", matchIfMissing = true)
	static class ValidationConfiguration {

		@Bean
		@ConditionalOnMissingBean
		@ConditionalOnSingleCandidate(Validator.class)
		OutputValidator llmStreamOutputValidator(Validator validator) {
			return new BeanOutputValidator(validator);
		}

	}

}
