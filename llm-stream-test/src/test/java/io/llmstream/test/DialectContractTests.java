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

import io.llmstream.wire.Framing;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link DialectContract}: a sound dialect keeps it, each flaw breaks it.
 */
class DialectContractTests {

	@Nested
	class SoundTests extends WordContract {

		SoundTests() {
			super(WordDialect.Flaw.NONE, Framing.SSE);
		}

	}

	@Nested
	class SoundLinesTests extends WordContract {

		SoundLinesTests() {
			super(WordDialect.Flaw.NONE, Framing.NDJSON);
		}

	}

	@Nested
	class SoundArrayTests extends WordContract {

		SoundArrayTests() {
			super(WordDialect.Flaw.NONE, Framing.JSON_ARRAY);
		}

	}

	@Test
	void findsWhoTakesAnyEndForSuccess() {
		breaks(contract(WordDialect.Flaw.TAKES_ANY_END)::anAnswerThatBreaksOffIsTruncated);
	}

	@Test
	void findsWhoIgnoresErrors() {
		breaks(contract(WordDialect.Flaw.IGNORES_ERRORS)::anErrorWithinTheStreamFailsIt);
	}

	@Test
	void findsWhoDislikesNews() {
		breaks(contract(WordDialect.Flaw.DISLIKES_NEWS)::unknownMembersMeanNothing);
		breaks(contract(WordDialect.Flaw.DISLIKES_NEWS)::unknownEventsDoNotEndTheStream);
	}

	@Test
	void findsWhoForgets() {
		breaks(contract(WordDialect.Flaw.FORGETS_THE_DELAY)::aRateLimitSaysWhenToReturn);
		breaks(contract(WordDialect.Flaw.FORGETS_THE_PROMPT)::aRequestIsJsonThatCarriesThePrompt);
		breaks(contract(WordDialect.Flaw.FORGETS_THE_KEY)::theKeyIsInNoMessage);
	}

	private static void breaks(ThrowingCallable test) {
		assertThatExceptionOfType(AssertionError.class).isThrownBy(test);
	}

	private static WordContract contract(WordDialect.Flaw flaw) {
		return new WordContract(flaw, Framing.SSE);
	}

}
