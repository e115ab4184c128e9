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

package io.llmstream.sample;

import java.util.List;
import java.util.Locale;

import io.llmstream.ToolException;
import io.llmstream.tool.Tool;
import io.llmstream.tool.ToolParam;

import org.springframework.stereotype.Component;

/**
 * A tool that any model may call. It knows no real weather: a city has the same every
 * time, made up from its name, and Atlantis has none.
 */
@Component
class WeatherTools {

	private static final List<String> SKIES = List.of("clear", "partly cloudy", "overcast", "grey");

	@Tool(name = "get_weather", description = "Tells the current weather of a city.")
	Weather getWeather(@ToolParam("the name of the city") String city,
			@ToolParam(description = "the unit of the temperature, Celsius if it is missing",
					required = false) Unit unit) {
		if (city.strip().equalsIgnoreCase("Atlantis")) {
			throw new ToolException("There is no weather station in " + city.strip() + ".");
		}
		int seed = Math.floorMod(city.strip().toLowerCase(Locale.ROOT).hashCode(), 100);
		int celsius = seed % 30;
		boolean fahrenheit = unit == Unit.FAHRENHEIT;
		return new Weather(city, SKIES.get(seed % SKIES.size()), (fahrenheit) ? celsius * 9 / 5 + 32 : celsius,
				(fahrenheit) ? "°F" : "°C");
	}

	/**
	 * A unit of temperatures.
	 */
	enum Unit {

		/** Degrees Celsius. */
		CELSIUS,

		/** Degrees Fahrenheit. */
		FAHRENHEIT

	}

	/**
	 * The weather of a city.
	 *
	 * @param city the city
	 * @param sky what the sky looks like
	 * @param temperature how warm it is
	 * @param unit what the temperature is measured in
	 */
	record Weather(String city, String sky, int temperature, String unit) {
	}

}
