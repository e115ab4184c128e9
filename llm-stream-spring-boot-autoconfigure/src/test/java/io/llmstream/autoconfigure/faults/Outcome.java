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
import java.util.List;

import io.llmstream.StreamAttempt;
import io.llmstream.StreamOutcome;

/**
 * What became of a cell.
 *
 * @param cell the cell
 * @param words what happened, in the words of the table
 */
record Outcome(Cell cell, String words) {

	/**
	 * Put together what the browser saw and what the application was told.
	 * @param requests how many requests the providers received
	 */
	static Outcome of(Cell cell, BrowserView browser, StreamOutcome told, int requests) {
		List<StreamAttempt> attempts = told.attempts();
		String resets = "reset ".repeat(browser.resets());
		String complaints = attempts(cell, attempts, requests);
		if (browser.end().equals("done") && told.end() == StreamOutcome.End.COMPLETED) {
			complaints += (browser.text().equals(Answer.TEXT)) ? "" : " WRONG TEXT " + browser.text();
			return new Outcome(cell, resets + "done/" + attempts.size() + complaints);
		}
		if (browser.end().equals("run-error") && told.error() != null) {
			String kind = told.error().getKind().name();
			return new Outcome(cell,
					resets + kind + "/" + attempts.size() + " +" + pieces(browser.text()) + complaints);
		}
		return new Outcome(cell, "the browser saw " + browser.end() + " and the application " + told);
	}

	private static String pieces(String text) {
		for (int i = 0; i <= Answer.size(); i++) {
			if (text.equals(Answer.first(i))) {
				return String.valueOf(i);
			}
		}
		return "WRONG TEXT " + text;
	}

	private static String attempts(Cell cell, List<StreamAttempt> attempts, int requests) {
		Duration delay = cell.fault().asksToWait();
		if (cell.layout() == Layout.ONE_ONCE && attempts.size() > 1 && attempts.get(1).delay().compareTo(delay) < 0) {
			return " WAITED " + attempts.get(1).delay().toMillis() + " ms only";
		}
		boolean lastEndsAsTheStream = attempts.stream()
			.limit(Math.max(0, attempts.size() - 1))
			.allMatch((attempt) -> attempt.end() == StreamOutcome.End.FAILED);
		if (!lastEndsAsTheStream) {
			return " WRONG LEDGER " + attempts;
		}
		long answered = attempts.size() - ((cell.fault().address() == Fault.Address.ANSWERS) ? 0
				: attempts.stream().filter((attempt) -> attempt.end() == StreamOutcome.End.FAILED).count());
		return (answered == requests) ? "" : " BUT " + requests + " REQUESTS";
	}

	@Override
	public String toString() {
		return this.cell + ": " + this.words;
	}

}
