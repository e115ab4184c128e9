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

package io.llmstream.test.simulation;

import java.util.Locale;

/**
 * What the simulated model says.
 */
final class SimulatedText {

	private static final int CHAPTERS = 40;

	private SimulatedText() {
	}

	static String thoughts(Conversation conversation) {
		return String.format(Locale.ROOT,
				"The user wrote %d characters, and this is turn %d. They ask me to think first, so I weigh what to say."
						+ "\nA short summary, a list and an example should do.",
				conversation.last().length(), conversation.turns().size());
	}

	static String answer(Conversation conversation) {
		String result = conversation.toolResult();
		if (result != null) {
			return "The tool has answered:\n\n> " + quoted(result) + "\n\nThat is all I know about it.";
		}
		String echo = "You said:\n\n> " + quoted(conversation.last()) + "\n\n";
		if (conversation.asksFor("long")) {
			return echo + chapters();
		}
		return echo + String.format(Locale.ROOT, """
				## Turn %1$d of our conversation

				I am a **simulated** model, so I answer from a script:

				1. Your words come back *as you wrote them*.
				2. Nested lists keep their spaces:
				   - like this one
				   - and this one
				3. Several writings arrive whole: Grüße, здравствуйте, 你好, مرحبا, नमस्ते, 👩‍🚀🎉.

				| Count | Value |
				|:------|------:|
				| turns | %1$d |
				| characters you wrote | %2$d |

				```java
				for (String piece : answer) {
				    page.append(piece); // spaces at either end belong to it
				}
				```

				Ask me to *think*, to be *slow* or *long*, or to end with an *error*.
				""", conversation.turns().size(), conversation.last().length());
	}

	private static String chapters() {
		StringBuilder text = new StringBuilder("# A long answer\n");
		for (int chapter = 1; chapter <= CHAPTERS; chapter++) {
			text.append("\n## Part ")
				.append(chapter)
				.append("\n\nThis part says that ")
				.append(CHAPTERS - chapter)
				.append(" parts are still to come, and that you may stop it whenever you have read enough.\n");
		}
		return text.toString();
	}

	private static String quoted(String text) {
		return text.strip().replace("\n", "\n> ");
	}

}
