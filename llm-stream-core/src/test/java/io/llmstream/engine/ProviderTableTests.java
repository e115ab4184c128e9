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

package io.llmstream.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.llmstream.provider.Capability;
import io.llmstream.provider.ProviderDialect;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The README's table of providers says what the dialects say.
 */
class ProviderTableTests {

	private static final String BEGIN = "<!-- providers: checked by ProviderTableTests -->\n";

	private static final String END = "<!-- end of providers -->";

	@Test
	void theReadmeListsEveryProviderAsItIs() throws IOException {
		String readme = Files.readString(Path.of("../README.md"));
		assertThat(readme).contains(BEGIN, END);
		String table = readme.substring(readme.indexOf(BEGIN) + BEGIN.length(), readme.indexOf(END));
		assertThat(table).isEqualTo(table());
	}

	private static String table() {
		StringBuilder table = new StringBuilder();
		table.append(
				"| `type` | server | address, where none is set | key | tools | images | JSON schema | reasoning |\n");
		table.append("|---|---|---|---|---|---|---|---|\n");
		for (ProviderDialect dialect : BuiltInDialects.all()) {
			String url = dialect.defaultBaseUrl();
			table.append("| `")
				.append(dialect.type())
				.append("` | ")
				.append(dialect.displayName())
				.append(" | ")
				.append((url != null) ? "`" + url + "`" : "must be set")
				.append(" | ")
				.append(dialect.requiresApiKey() ? "required" : "optional")
				.append(" | ")
				.append(mark(dialect, Capability.TOOLS))
				.append(" | ")
				.append(mark(dialect, Capability.IMAGE_DATA))
				.append(" | ")
				.append(mark(dialect, Capability.JSON_SCHEMA))
				.append(" | ")
				.append(reasoning(dialect))
				.append(" |\n");
		}
		return table.toString();
	}

	private static String mark(ProviderDialect dialect, Capability capability) {
		return dialect.capabilities().has(capability) ? "yes" : "–";
	}

	private static String reasoning(ProviderDialect dialect) {
		List<String> words = new ArrayList<>();
		if (dialect.capabilities().has(Capability.REASONING_OUTPUT)) {
			words.add("shown");
		}
		if (dialect.capabilities().has(Capability.REASONING_EFFORT)) {
			words.add("effort");
		}
		if (dialect.capabilities().has(Capability.REASONING_BUDGET)) {
			words.add("budget");
		}
		return words.isEmpty() ? "–" : String.join(", ", words);
	}

}
