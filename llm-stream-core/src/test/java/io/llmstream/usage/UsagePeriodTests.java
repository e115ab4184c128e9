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
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UsagePeriod}.
 */
class UsagePeriodTests {

	@ParameterizedTest
	@CsvSource({ "Africa/Cairo, 2026-04-24", "Asia/Beirut, 2026-03-29", "America/Santiago, 2026-09-06",
			"America/Havana, 2026-03-08" })
	void aDayWithoutAMidnightBelongsToItsMonthAndEndsAtTheNextMidnight(ZoneId zone, LocalDate day) {
		Instant midnight = day.atStartOfDay(zone).toInstant();
		Instant noon = day.atTime(12, 0).atZone(zone).toInstant();
		for (Instant moment : new Instant[] { midnight, noon }) {
			assertThat(UsagePeriod.DAY.start(moment, zone)).isEqualTo(midnight);
			assertThat(UsagePeriod.DAY.end(moment, zone)).isEqualTo(midnight(day.plusDays(1), zone));
			assertThat(UsagePeriod.MONTH.start(moment, zone)).isEqualTo(midnight(day.withDayOfMonth(1), zone));
			assertThat(UsagePeriod.MONTH.end(moment, zone))
				.isEqualTo(midnight(day.withDayOfMonth(1).plusMonths(1), zone));
		}
	}

	private static Instant midnight(LocalDate day, ZoneId zone) {
		ZonedDateTime midnight = ZonedDateTime.of(day, LocalTime.MIDNIGHT, zone);
		assertThat(midnight.getHour()).isZero();
		return midnight.toInstant();
	}

	@Test
	void aDayBeginsAtTheFirstOfTwoMidnights() {
		ZoneId havana = ZoneId.of("America/Havana");
		Instant first = Instant.parse("2026-11-01T04:00:00Z");
		assertThat(UsagePeriod.DAY.start(first.plusSeconds(5_400), havana)).isEqualTo(first);
		assertThat(UsagePeriod.DAY.end(first, havana)).isEqualTo(Instant.parse("2026-11-02T05:00:00Z"));
		assertThat(UsagePeriod.MONTH.start(first.plusSeconds(5_400), havana)).isEqualTo(first);
	}

}
