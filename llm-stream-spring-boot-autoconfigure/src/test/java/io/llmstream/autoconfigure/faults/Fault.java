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

package io.llmstream.autoconfigure.faults;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

import io.llmstream.ErrorKind;
import io.llmstream.test.Script;

/**
 * What a provider does wrong. The names are the rows of the table.
 */
enum Fault {

	REFUSED_CONNECTION(Address.REFUSES),

	CONNECT_HANG(Address.HANGS),

	RESET_BEFORE_HEADERS {
		@Override
		Script script(Wire wire, String[] pieces) {
			return Script.noAnswer().reset();
		}
	},

	RATE_LIMIT {
		@Override
		Script script(Wire wire, String[] pieces) {
			return Script.status(429);
		}
	},

	RATE_LIMIT_SECONDS(Duration.ofSeconds(1)) {
		@Override
		Script script(Wire wire, String[] pieces) {
			return Script.status(429).header("retry-after", "1");
		}
	},

	RATE_LIMIT_DATE(Duration.ofMillis(500)) {
		@Override
		Script script(Wire wire, String[] pieces) {
			// dates have whole seconds: between one and two
			return Script.status(429).retryAfterDate(Duration.ofSeconds(2));
		}
	},

	RATE_LIMIT_MILLIS(Duration.ofMillis(300)) {
		@Override
		Script script(Wire wire, String[] pieces) {
			// the other one is coarser
			return Script.status(429).header("retry-after-ms", "300").header("retry-after", "1");
		}
	},

	/** RetryInfo on Gemini, a sentence in the message on the others. */
	RATE_LIMIT_IN_BODY(Duration.ofMillis(300)) {
		@Override
		Script script(Wire wire, String[] pieces) {
			return (wire == Wire.GEMINI) ? Script.status(429).retryAfter(Duration.ofMillis(300))
					: Script.status(429).errorMessage("Rate limit reached. Please try again in 300ms.");
		}
	},

	RATE_LIMIT_RESET_HEADER(Duration.ofMillis(300)) {
		@Override
		Script script(Wire wire, String[] pieces) {
			if (wire == Wire.ANTHROPIC) {
				String reset = DateTimeFormatter.ISO_OFFSET_DATE_TIME
					.format(Instant.now().plusSeconds(2).truncatedTo(ChronoUnit.SECONDS).atOffset(ZoneOffset.UTC));
				return Script.status(429)
					.header("anthropic-ratelimit-requests-remaining", "0")
					.header("anthropic-ratelimit-requests-reset", reset);
			}
			return Script.status(429)
				.header("x-ratelimit-remaining-requests", "0")
				.header("x-ratelimit-reset-requests", "300ms");
		}
	},

	RATE_LIMIT_FOR_TOO_LONG {
		@Override
		Script script(Wire wire, String[] pieces) {
			return Script.status(429).header("retry-after", "60");
		}
	},

	STATUS_500 {
		@Override
		Script script(Wire wire, String[] pieces) {
			return Script.status(500);
		}
	},

	STATUS_503 {
		@Override
		Script script(Wire wire, String[] pieces) {
			return Script.status(503);
		}
	},

	STATUS_529 {
		@Override
		Script script(Wire wire, String[] pieces) {
			return Script.status(529);
		}
	},

	/** The request itself is wrong: nobody else can cure it. */
	STATUS_400 {
		@Override
		Script script(Wire wire, String[] pieces) {
			return Script.status(400);
		}
	},

	ERROR_BEFORE_CONTENT {
		@Override
		Script script(Wire wire, String[] pieces) {
			return Script.start().opening().inBandError(ErrorKind.SERVER_ERROR);
		}
	},

	END_BEFORE_CONTENT {
		@Override
		Script script(Wire wire, String[] pieces) {
			return Script.start().opening().cut();
		}
	},

	STALL_BEFORE_FIRST_TOKEN {
		@Override
		Script script(Wire wire, String[] pieces) {
			return Script.start().opening().stall();
		}
	},

	STALL_MID_STREAM {
		@Override
		Script script(Wire wire, String[] pieces) {
			return begin(pieces).stall();
		}
	},

	RESET_MID_STREAM {
		@Override
		Script script(Wire wire, String[] pieces) {
			// a reset discards what the client has not read yet
			return begin(pieces).stall(Duration.ofMillis(500)).reset();
		}
	},

	HANG_UP_MID_STREAM {
		@Override
		Script script(Wire wire, String[] pieces) {
			return begin(pieces).hangUp();
		}
	},

	END_MID_STREAM {
		@Override
		Script script(Wire wire, String[] pieces) {
			return begin(pieces).cut();
		}
	},

	END_MID_FRAME {
		@Override
		Script script(Wire wire, String[] pieces) {
			return begin(pieces).cutMidFrame();
		}
	},

	MALFORMED_MID_STREAM {
		@Override
		Script script(Wire wire, String[] pieces) {
			return begin(pieces).malformedJson();
		}
	},

	ERROR_MID_STREAM {
		@Override
		Script script(Wire wire, String[] pieces) {
			return begin(pieces).inBandError(ErrorKind.SERVER_ERROR);
		}
	},

	/** One byte at a time: slow, and no fault. */
	SLOW_DRIP {
		@Override
		Script script(Wire wire, String[] pieces) {
			return Script.text(pieces).usage(1, pieces.length).drip(1, Duration.ofNanos(100_000));
		}
	};

	/** How many pieces an attempt emits before a fault in mid-stream. */
	static final int PIECES_BEFORE = 3;

	private final Address address;

	private final Duration asksToWait;

	Fault() {
		this(Address.ANSWERS, Duration.ZERO);
	}

	Fault(Address address) {
		this(address, Duration.ZERO);
	}

	Fault(Duration asksToWait) {
		this(Address.ANSWERS, asksToWait);
	}

	Fault(Address address, Duration asksToWait) {
		this.address = address;
		this.asksToWait = asksToWait;
	}

	/**
	 * What the provider answers.
	 * @param wire how it speaks
	 * @param pieces what it would say if it were well
	 */
	Script script(Wire wire, String[] pieces) {
		throw new IllegalStateException(this + " answers nothing");
	}

	private static Script begin(String[] pieces) {
		int count = Math.min(PIECES_BEFORE, pieces.length);
		String[] first = new String[count];
		System.arraycopy(pieces, 0, first, 0, count);
		return Script.text(first);
	}

	Address address() {
		return this.address;
	}

	/**
	 * Whether a cell with this fault waits most of its time.
	 */
	boolean isSlow() {
		return this == STALL_BEFORE_FIRST_TOKEN || this == STALL_MID_STREAM || this.address == Address.HANGS;
	}

	boolean isRateLimit() {
		return name().startsWith("RATE_LIMIT");
	}

	/**
	 * How long the provider asks to wait, at the least.
	 */
	Duration asksToWait() {
		return this.asksToWait;
	}

	/**
	 * How the fault is called in the table.
	 */
	String words() {
		return name().toLowerCase(Locale.ROOT).replace('_', ' ');
	}

	/**
	 * What there is where the provider should be.
	 */
	enum Address {

		/** A provider. */
		ANSWERS,

		/** Nobody. */
		REFUSES,

		/** Somebody who accepts no connection. */
		HANGS

	}

}
