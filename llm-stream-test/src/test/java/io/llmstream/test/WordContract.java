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

package io.llmstream.test;

import java.util.List;

import io.llmstream.ErrorKind;
import io.llmstream.provider.ProviderDialect;
import io.llmstream.wire.Framing;

/**
 * The contract for a {@link WordDialect}.
 */
class WordContract extends DialectContract {

	private final WordDialect.Flaw flaw;

	private final Framing framing;

	WordContract(WordDialect.Flaw flaw, Framing framing) {
		this.flaw = flaw;
		this.framing = framing;
	}

	@Override
	protected ProviderDialect dialect() {
		return new WordDialect(this.flaw);
	}

	@Override
	protected List<DialectSample> answer() {
		return List.of(DialectSample.of("{\"word\":\"Héllo\"}"), DialectSample.of("{\"word\":\" wörld 👋\"}"),
				DialectSample.of("{\"end\":true}"));
	}

	@Override
	protected String text() {
		return "Héllo wörld 👋";
	}

	@Override
	protected DialectSample error() {
		return DialectSample.of("{\"error\":\"busy\"}");
	}

	@Override
	protected ErrorKind errorKind() {
		return ErrorKind.OVERLOADED;
	}

	@Override
	protected Framing framing() {
		return this.framing;
	}

}
