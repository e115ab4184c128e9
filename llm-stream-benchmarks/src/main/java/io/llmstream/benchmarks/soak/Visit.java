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

package io.llmstream.benchmarks.soak;

import java.io.IOException;
import java.util.Locale;
import java.util.Random;

import io.llmstream.benchmarks.load.AnswerCheck;
import io.llmstream.benchmarks.load.Workload;

/**
 * Ways in which people use a page. Each fails if it does not see what it must.
 */
enum Visit {

	/** Reads an answer that cannot be resumed to its end. */
	READ {

		@Override
		void pay(Site site, Random random) throws IOException {
			Workload workload = paced(random);
			AnswerCheck check = check();
			try (Connection connection = site.chat(workload)) {
				connection.read(check, Integer.MAX_VALUE);
				requireWhole(connection, check, workload);
			}
		}

	},

	/** Goes away amid an answer that cannot be resumed. */
	LEAVE {

		@Override
		void pay(Site site, Random random) throws IOException {
			Workload workload = paced(random);
			try (Connection connection = site.chat(workload)) {
				connection.read(check(), random.nextInt(workload.tokens()));
				if (random.nextBoolean()) {
					connection.reset();
				}
			}
		}

	},

	/** Goes away amid a run and never comes back. */
	FORGET {

		@Override
		void pay(Site site, Random random) throws IOException {
			Workload workload = paced(random);
			try (Connection connection = site.start(workload)) {
				connection.read(check(), random.nextInt(workload.tokens()));
				if (random.nextBoolean()) {
					connection.reset();
				}
			}
		}

	},

	/** Loads the page again, up to three times, amid a run. */
	RELOAD {

		@Override
		void pay(Site site, Random random) throws IOException {
			Workload workload = paced(random);
			AnswerCheck check = check();
			Connection connection = site.start(workload);
			String runId = connection.runId();
			for (int reloads = random.nextInt(3) + 1; reloads > 0 && connection.terminal() == null; reloads--) {
				connection.read(check, check.tokens() + random.nextInt(1 + workload.tokens() / 3));
				connection.close();
				pause(random.nextInt(200));
				if (connection.terminal() == null) {
					connection = site.resume(runId, connection.lastEventId());
				}
			}
			try (Connection last = connection) {
				if (last.terminal() == null) {
					last.read(check, Integer.MAX_VALUE);
				}
				requireWhole(last, check, workload);
			}
		}

	},

	/** Takes nothing for a while, then reads on to the end. */
	STALL {

		@Override
		void pay(Site site, Random random) throws IOException {
			Workload workload = new Workload(5_000 + random.nextInt(15_000), 0, 0);
			AnswerCheck check = check();
			try (Connection connection = (random.nextBoolean()) ? site.start(workload) : site.chat(workload)) {
				connection.read(check, random.nextInt(50));
				pause(500 + random.nextInt(1_500));
				connection.read(check, Integer.MAX_VALUE);
				requireWhole(connection, check, workload);
			}
		}

	},

	/** Takes nothing until the relay gives it up. */
	HANG {

		@Override
		void pay(Site site, Random random) throws IOException {
			Workload workload = new Workload(500_000, 0, 0);
			try (Connection connection = (random.nextBoolean()) ? site.start(workload) : site.chat(workload)) {
				pause(site.patienceMillis() + random.nextInt(2_000));
				connection.reset();
			}
		}

	},

	/** Stops a run and keeps what came. */
	STOP {

		@Override
		void pay(Site site, Random random) throws IOException {
			Workload workload = new Workload(2_000, 100, 0);
			AnswerCheck check = check();
			try (Connection connection = site.start(workload)) {
				connection.read(check, 1 + random.nextInt(100));
				site.stop(connection.runId());
				connection.read(check, Integer.MAX_VALUE);
				require("aborted".equals(connection.terminal()), "the end is " + connection.terminal());
				require(!check.isBroken() && check.tokens() < workload.tokens(), check.tokens() + " tokens");
			}
		}

	},

	/** Watches a run in two tabs. */
	TWICE {

		@Override
		void pay(Site site, Random random) throws IOException {
			Workload workload = paced(random);
			AnswerCheck check = check();
			AnswerCheck other = check();
			try (Connection connection = site.start(workload)) {
				connection.read(check, random.nextInt(workload.tokens()));
				try (Connection second = site.resume(connection.runId(), "0")) {
					second.read(other, Integer.MAX_VALUE);
					requireWhole(second, other, workload);
				}
				if (connection.terminal() == null) {
					connection.read(check, Integer.MAX_VALUE);
				}
				requireWhole(connection, check, workload);
			}
		}

	};

	private static final Visit[] ALL = values();

	/**
	 * Do it.
	 * @param site where
	 * @param random decides how
	 * @throws IOException if a connection failed that must not
	 */
	abstract void pay(Site site, Random random) throws IOException;

	/**
	 * Choose one; those that take long are rare.
	 */
	static Visit any(Random random) {
		Visit visit = ALL[random.nextInt(ALL.length)];
		return (visit == HANG && random.nextInt(4) > 0) ? READ : visit;
	}

	private static Workload paced(Random random) {
		return new Workload(20 + random.nextInt(300), 50 + random.nextInt(250), random.nextInt(50));
	}

	private static AnswerCheck check() {
		return new AnswerCheck((micros) -> {
		}, (micros) -> {
		}, false);
	}

	private static void requireWhole(Connection connection, AnswerCheck check, Workload workload) {
		require("done".equals(connection.terminal()), "the end is " + connection.terminal());
		require(check.isComplete(workload.tokens()), check.tokens() + " tokens of " + workload.tokens());
		require(check.lostSpaces() == 0, "spaces were lost");
	}

	private static void require(boolean condition, String otherwise) {
		if (!condition) {
			throw new IllegalStateException(otherwise);
		}
	}

	private static void pause(long millis) {
		try {
			Thread.sleep(millis);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}
