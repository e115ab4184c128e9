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

package io.llmstream.benchmarks.load;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AnswerCheck}: figures are worth nothing if damaged text passes.
 */
class AnswerCheckTests {

	private final Histogram latency = new Histogram();

	private final Histogram firstToken = new Histogram();

	private final AnswerCheck check = new AnswerCheck(this.latency::record, this.firstToken::record, true);

	@Test
	void tokensThatWereMergedAndCutAnywhereAreComplete() {
		String text = token(0) + token(1) + token(2);
		for (int i = 0; i < text.length(); i += 7) {
			this.check.text(text.substring(i, Math.min(text.length(), i + 7)));
		}
		assertThat(this.check.isComplete(3)).isTrue();
		assertThat(this.check.lostSpaces()).isZero();
		assertThat(this.latency.total()).isEqualTo(3);
		assertThat(this.firstToken.total()).isEqualTo(1);
	}

	@Test
	void aTokenThatIsMissingIsNoticed() {
		this.check.text(token(0) + token(2));
		assertThat(this.check.isBroken()).isTrue();
	}

	@Test
	void aTokenThatCameTwiceIsNoticed() {
		this.check.text(token(0) + token(0));
		assertThat(this.check.isBroken()).isTrue();
	}

	@Test
	void aTokenThatIsNotWholeIsNoticed() {
		this.check.text(token(0) + token(1).substring(0, 9));
		assertThat(this.check.isComplete(1)).isFalse();
		assertThat(this.check.isComplete(2)).isFalse();
	}

	@Test
	void aLostLeadingSpaceIsCountedAndTheRestIsRead() {
		this.check.text(token(0).substring(1) + token(1));
		assertThat(this.check.lostSpaces()).isEqualTo(1);
		assertThat(this.check.isComplete(2)).isTrue();
	}

	@Test
	void aDamagedCharacterIsNoticed() {
		this.check.text(token(0).replace(':', ';'));
		assertThat(this.check.isBroken()).isTrue();
	}

	@Test
	void theTimeOfATokenIsRead() {
		byte[] bytes = new byte[TokenText.LENGTH];
		TokenText.write(77, 1_234_567_890_123L, bytes, 0);
		assertThat(TokenText.stamp(bytes)).isEqualTo(1_234_567_890_123L);
	}

	private static String token(int number) {
		byte[] bytes = new byte[TokenText.LENGTH];
		TokenText.write(number, TokenText.now(), bytes, 0);
		return new String(bytes, StandardCharsets.US_ASCII);
	}

}
