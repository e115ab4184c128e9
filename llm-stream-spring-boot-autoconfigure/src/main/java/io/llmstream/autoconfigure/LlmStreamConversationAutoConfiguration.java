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

import io.llmstream.ConversationRunner;
import io.llmstream.LlmStreamClient;
import io.llmstream.conversation.ConversationMemory;
import io.llmstream.conversation.Conversations;
import io.llmstream.conversation.InMemoryConversationMemory;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of what keeps conversations, around all that clients do for an
 * answer.
 */
@AutoConfiguration(before = LlmStreamAutoConfiguration.class)
@ConditionalOnClass(LlmStreamClient.class)
@EnableConfigurationProperties(ConversationProperties.class)
public final class LlmStreamConversationAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(ConversationMemory.class)
	InMemoryConversationMemory llmStreamConversationMemory(ConversationProperties properties) {
		return properties.toMemory();
	}

	@Bean
	@ConditionalOnMissingBean(ConversationRunner.class)
	Conversations llmStreamConversations(ConversationMemory memory, ConversationProperties properties) {
		return new Conversations(memory, properties.toWindows());
	}

}
