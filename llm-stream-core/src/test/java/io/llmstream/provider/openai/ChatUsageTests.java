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

package io.llmstream.provider.openai;

import io.llmstream.Usage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ChatUsageTests {

	private static Usage usage(String type, String usage) {
		return Decoded.as(type).frame("{'choices':[],'usage':" + usage + "}").decoder.usage();
	}

	@ParameterizedTest
	@ValueSource(strings = { "{'choices':[],'usage':{'prompt_tokens':3,'completion_tokens':2,'total_tokens':5}}",
			"{'choices':[{'index':0,'delta':{},'usage':{'prompt_tokens':3,'completion_tokens':2}}]}",
			"{'choices':[],'x_groq':{'id':'r','usage':{'prompt_tokens':3,'completion_tokens':2,'queue_time':0.1}}}",
			"{'choices':[],'usage':{'input_tokens':3,'output_tokens':2}}" })
	void usageIsFoundWhereverItStands(String chunk) {
		assertThat(Decoded.of(chunk).decoder.usage()).isEqualTo(Usage.reported(3, 2));
	}

	@Test
	void nothingIsKnownWithoutUsage() {
		assertThat(Decoded.of("{'choices':[],'usage':null}").decoder.usage()).isEqualTo(Usage.NONE);
	}

	@Test
	void theLastUsageThatSaysSomethingWins() {
		Decoded decoded = Decoded.of("{'choices':[],'usage':{'prompt_tokens':3,'completion_tokens':1}}",
				"{'choices':[],'usage':{'prompt_tokens':3,'completion_tokens':2}}", "{'choices':[],'usage':null}",
				"{'choices':[],'usage':{'prompt_tokens':0,'completion_tokens':0,'total_tokens':0}}");
		assertThat(decoded.decoder.usage()).isEqualTo(Usage.reported(3, 2));
	}

	@Test
	void detailsAreSplitOut() {
		assertThat(usage("openai",
				"{'prompt_tokens':10,'completion_tokens':9,'total_tokens':19,'prompt_tokens_details':{'cached_tokens':4,'cache_write_tokens':2},'completion_tokens_details':{'reasoning_tokens':5}}"))
			.isEqualTo(new Usage(10, 9, 4, 2, 5, Usage.Source.REPORTED));
	}

	@Test
	void cacheHitsMayBeStatedBesideTheCounts() {
		assertThat(usage("deepseek",
				"{'prompt_tokens':10,'completion_tokens':1,'prompt_cache_hit_tokens':8,'prompt_cache_miss_tokens':2}"))
			.isEqualTo(new Usage(10, 1, 8, 0, 0, Usage.Source.REPORTED));
		assertThat(usage("openai-compatible", "{'prompt_tokens':10,'completion_tokens':1,'cached_tokens':8}")
			.cachedInputTokens()).isEqualTo(8);
		assertThat(usage("litellm",
				"{'prompt_tokens':10,'completion_tokens':1,'cache_read_input_tokens':8,'cache_creation_input_tokens':1}"))
			.isEqualTo(new Usage(10, 1, 8, 1, 0, Usage.Source.REPORTED));
	}

	@Test
	void reasoningThatTheCountLeavesOutIsAdded() {
		String counts = "{'prompt_tokens':10,'completion_tokens':2,'total_tokens':42,'completion_tokens_details':{'reasoning_tokens':30}}";
		Usage expected = new Usage(10, 32, 0, 0, 30, Usage.Source.REPORTED);
		assertThat(usage("xai", counts)).isEqualTo(expected);
		assertThat(usage("openai-compatible", counts)).isEqualTo(expected);
	}

	@Test
	void reasoningThatTheCountIncludesIsNotAddedTwice() {
		String counts = "{'prompt_tokens':10,'completion_tokens':32,'total_tokens':42,'completion_tokens_details':{'reasoning_tokens':30}}";
		Usage expected = new Usage(10, 32, 0, 0, 30, Usage.Source.REPORTED);
		assertThat(usage("openai", counts)).isEqualTo(expected);
		assertThat(usage("xai", counts)).isEqualTo(expected);
	}

	@Test
	void thoughtsOfGeminiAreWhatTheTotalHasMore() {
		String counts = "{'prompt_tokens':50,'completion_tokens':20,'total_tokens':120}";
		assertThat(usage("gemini-openai", counts)).isEqualTo(new Usage(50, 70, 0, 0, 50, Usage.Source.REPORTED));
		assertThat(usage("openai-compatible", counts)).isEqualTo(Usage.reported(50, 20));
	}

}
