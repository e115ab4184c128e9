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

package io.llmstream.usage;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * Spans of time that figures are added up over, and budgets begin anew with. All of them
 * follow the calendar of a time zone.
 */
public enum UsagePeriod {

	/** A minute. */
	MINUTE,

	/** An hour. */
	HOUR,

	/** A day, from midnight. */
	DAY,

	/** A month, from its first day. */
	MONTH;

	/**
	 * When the period began that holds a moment.
	 * @param moment the moment
	 * @param zone whose calendar is meant
	 * @return the beginning, not after the moment
	 */
	public Instant start(Instant moment, ZoneId zone) {
		return start(moment.atZone(zone)).toInstant();
	}

	/**
	 * When the next period begins after a moment.
	 * @param moment the moment
	 * @param zone whose calendar is meant
	 * @return the end of the period that holds the moment, after the moment
	 */
	public Instant end(Instant moment, ZoneId zone) {
		ZonedDateTime start = start(moment.atZone(zone));
		return switch (this) {
			case MINUTE -> start.plusMinutes(1).toInstant();
			case HOUR -> start.plusHours(1).toInstant();
			case DAY -> start.toLocalDate().plusDays(1).atStartOfDay(zone).toInstant();
			case MONTH -> start.toLocalDate().plusMonths(1).atStartOfDay(zone).toInstant();
		};
	}

	private ZonedDateTime start(ZonedDateTime moment) {
		// where clocks go forward at midnight, a day begins at one o'clock, and the
		// others
		// of its month do not
		return switch (this) {
			case MINUTE -> moment.truncatedTo(ChronoUnit.MINUTES);
			case HOUR -> moment.truncatedTo(ChronoUnit.HOURS);
			case DAY -> moment.toLocalDate().atStartOfDay(moment.getZone());
			case MONTH -> moment.toLocalDate().withDayOfMonth(1).atStartOfDay(moment.getZone());
		};
	}

	/**
	 * The period of a name.
	 * @param name the name, in any case
	 * @return the period
	 * @throws IllegalArgumentException if there is none of this name; the message names
	 * those that there are
	 */
	public static UsagePeriod of(String name) {
		for (UsagePeriod period : values()) {
			if (period.name().equals(name.toUpperCase(Locale.ROOT))) {
				return period;
			}
		}
		throw new IllegalArgumentException("A period is one of minute, hour, day and month");
	}

}
