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

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.llmstream.Token;
import io.llmstream.relay.GuardedTokens;
import io.llmstream.relay.RelayErrorMapper;
import io.llmstream.relay.RelaySettings;
import io.llmstream.relay.Run;
import io.llmstream.relay.RunRefusedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of runs of which it is decided on another thread whether they may begin.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class TokenRelayAdmissionTests {

	private final TokenRelay relay = new TokenRelay(RelaySettings.defaults(), RelayErrorMapper.safe(), Runnable::run);

	private final AtomicBoolean decided = new AtomicBoolean();

	@AfterEach
	void close() {
		this.relay.close();
	}

	@Test
	void aRefusalIsWaitedFor() {
		assertThatExceptionOfType(RunRefusedException.class)
			.isThrownBy(() -> this.relay.start(decidedLater(false), null))
			.satisfies((refused) -> assertThat(refused.getStatusCode().value()).isEqualTo(429));
		assertThat(this.relay.runs().active()).isZero();
	}

	@Test
	void aRunThatIsLetInIsAtWork() {
		Run run = this.relay.start(decidedLater(true), null);
		assertThat(this.decided).isTrue();
		assertThat(this.relay.run(run.id(), null)).isSameAs(run);
		assertThat(this.relay.runs().active()).isEqualTo(1);
	}

	@Test
	void aThreadThatMustNotBlockIsNotBlocked() {
		Run run = Mono.fromSupplier(() -> this.relay.start(GuardedTokens.by(Mono.never()), null))
			.subscribeOn(Schedulers.parallel())
			.block();
		assertThat(run).isNotNull();
		assertThat(this.relay.runs().active()).isEqualTo(1);
	}

	/** When the stream has been subscribed to, whether somebody waits for it or not. */
	private Flux<Token> decidedLater(boolean granted) {
		return GuardedTokens.by(Mono.delay(Duration.ofMillis(50)).map((tick) -> {
			this.decided.set(true);
			return granted;
		}));
	}

}
