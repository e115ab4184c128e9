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

package io.llmstream.autoconfigure;

import java.util.List;

import io.llmstream.StreamFilter;
import io.llmstream.engine.ProviderSettings;

/**
 * Filters that an auto-configuration puts around clients. Where each stands is said by
 * its {@linkplain org.springframework.core.Ordered order}, which
 * {@link io.llmstream.StreamFilterOrder} describes.
 */
interface BuiltInFilters {

	/**
	 * Filters around each client, that of a provider and that of a route.
	 * @param client the client's name
	 * @return the filters
	 */
	default List<StreamFilter> aroundClient(String client) {
		return List.of();
	}

	/**
	 * Filters around the client of a provider, inside of any route.
	 * @param settings how the provider is asked
	 * @return the filters
	 */
	default List<StreamFilter> aroundProvider(ProviderSettings settings) {
		return List.of();
	}

	/**
	 * Filters around a route.
	 * @param route the route's name
	 * @return the filters
	 */
	default List<StreamFilter> aroundRoute(String route) {
		return List.of();
	}

	/**
	 * What is to stand in the place of a filter of the application.
	 * @param filter the filter
	 * @return the filter, or one around it
	 */
	default StreamFilter around(StreamFilter filter) {
		return filter;
	}

}
