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

package io.llmstream.elsewhere;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.llmstream.Token;
import io.llmstream.service.ConversationId;
import io.llmstream.service.LlmService;
import io.llmstream.service.UserPrompt;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A service that remembers what was said.
 */
@LlmService
public interface Clerk {

	/**
	 * Talk.
	 * @param id the conversation
	 * @param text what to say
	 * @return the answer
	 */
	Flux<Token> talk(@ConversationId String id, @UserPrompt String text);

	/**
	 * Write a bill.
	 * @param id the conversation
	 * @param text what was bought
	 * @return the bill
	 */
	Mono<Bill> bill(@ConversationId String id, @UserPrompt String text);

	/**
	 * A bill.
	 *
	 * @param payment how it is paid
	 */
	record Bill(Payment payment) {
	}

	/**
	 * A payment.
	 */
	@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME)
	sealed interface Payment {

	}

	/**
	 * Paid by card.
	 *
	 * @param number the card's number
	 */
	record Card(String number) implements Payment {
	}

	/**
	 * Paid in cash.
	 *
	 * @param change what is given back
	 */
	record Cash(int change) implements Payment {
	}

}
