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

package io.llmstream.crowd;

import io.llmstream.service.LlmService;

/**
 * So many services that they are prepared.
 */
public final class Crowd {

	private Crowd() {
	}

	/**
	 * What they have in common.
	 */
	public interface Asking {

		/**
		 * Ask.
		 * @param text the question
		 * @return the answer
		 */
		String ask(String text);

	}

	@LlmService
	interface One extends Asking {

	}

	@LlmService
	interface Two extends Asking {

	}

	@LlmService
	interface Three extends Asking {

	}

	@LlmService
	interface Four extends Asking {

	}

	@LlmService
	interface Five extends Asking {

	}

	@LlmService
	interface Six extends Asking {

	}

	@LlmService
	interface Seven extends Asking {

	}

	@LlmService
	interface Eight extends Asking {

	}

	@LlmService
	interface Nine extends Asking {

	}

	@LlmService
	interface Ten extends Asking {

	}

	/**
	 * Cannot work.
	 */
	@LlmService
	interface Broken {

		void ask(String text);

	}

}
