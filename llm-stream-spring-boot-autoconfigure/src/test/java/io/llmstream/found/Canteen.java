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
package io.llmstream.found;

import io.llmstream.Partial;
import reactor.core.publisher.Flux;

/**
 * A class that implements a service by itself, such as one that keeps answers, or the
 * double of a test. It is no service.
 */
public class Canteen implements Kitchen {

	private final Kitchen kitchen;

	public Canteen(Kitchen kitchen) {
		this.kitchen = kitchen;
	}

	@Override
	public Flux<Partial<Dish>> grow(String what) {
		return this.kitchen.grow(what);
	}

	@Override
	public Flux<Dish> menu(String what) {
		return this.kitchen.menu(what);
	}

}
