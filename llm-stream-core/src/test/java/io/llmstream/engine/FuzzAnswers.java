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

import java.util.List;

/**
 * One answer for each wire that has something of everything, to be broken.
 */
final class FuzzAnswers {

	private static final String CHAT = """
			{"id":"c1","object":"chat.completion.chunk","model":"m","choices":[],"prompt_filter_results":[{"prompt_index":0}]}
			{"id":"c1","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}
			{"id":"c1","model":"m","choices":[{"index":0,"delta":{"reasoning_content":"Hm","reasoning":"Hm","reasoning_details":[{"type":"reasoning.text","text":"Hm","index":0,"signature":"s"}]}}]}
			{"id":"c1","model":"m","choices":[{"index":0,"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"So"}]},{"type":"text","text":"A"},{"type":"reference","reference_ids":[1]}]}}]}
			{"id":"c1","model":"m","choices":[{"index":0,"delta":{"content":"Grüße 😀","annotations":[{"type":"url_citation","url_citation":{"url":"http://a","title":"t"}}]},"logprobs":{"content":[{"token":"G"}]}}],"citations":["http://a","http://b"],"search_results":[{"title":"t","url":"http://c"}]}
			{"id":"c1","model":"m","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""},"extra_content":{"google":{"thought_signature":"x"}}},{"index":1,"id":"b","function":{"name":"g","arguments":"{}"}}]}}]}
			{"id":"c1","model":"m","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\\"a\\":"}}]}}]}
			{"id":"c1","model":"m","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"1}"}}]}}],"usage":{"prompt_tokens":3}}
			{"id":"c1","model":"m","choices":[{"index":0,"delta":{"refusal":"No","function_call":{"name":"h","arguments":"{}"},"audio":{"id":"x"}}}],"x_groq":{"id":"r","usage":{"prompt_tokens":1,"completion_tokens":2}}}
			{"id":"c1","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls","native_finish_reason":"x"}]}
			{"id":"c1","model":"m","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":9,"prompt_tokens_details":{"cached_tokens":1},"completion_tokens_details":{"reasoning_tokens":2}}}
			[DONE]""";

	private static final String RESPONSES = """
			{"type":"response.created","sequence_number":0,"response":{"id":"r1","model":"m","status":"in_progress","error":null,"usage":null,"output":[]}}
			{"type":"response.output_item.added","output_index":0,"item":{"type":"reasoning","id":"i0","summary":[]}}
			{"type":"response.reasoning_summary_part.added","output_index":0,"item_id":"i0","summary_index":0,"part":{"type":"summary_text","text":""}}
			{"type":"response.reasoning_summary_text.delta","output_index":0,"item_id":"i0","summary_index":0,"delta":"Hm"}
			{"type":"response.reasoning_summary_text.done","output_index":0,"item_id":"i0","summary_index":0,"text":"Hm"}
			{"type":"response.output_item.done","output_index":0,"item":{"type":"reasoning","id":"i0","summary":[{"type":"summary_text","text":"Hm"}],"encrypted_content":"xyz"}}
			{"type":"response.output_item.added","output_index":1,"item":{"type":"message","id":"i1","content":[]}}
			{"type":"response.output_text.delta","output_index":1,"item_id":"i1","content_index":0,"delta":"Grüße 😀","logprobs":[]}
			{"type":"response.output_text.annotation.added","output_index":1,"item_id":"i1","content_index":0,"annotation":{"type":"url_citation","url":"http://a","title":"t"}}
			{"type":"response.output_text.done","output_index":1,"item_id":"i1","content_index":0,"text":"Grüße 😀"}
			{"type":"response.content_part.done","output_index":1,"item_id":"i1","content_index":0,"part":{"type":"output_text","text":"Grüße 😀","annotations":[{"type":"url_citation","url":"http://a"}]}}
			{"type":"response.refusal.delta","output_index":1,"content_index":1,"delta":"No"}
			{"type":"response.output_item.done","output_index":1,"item":{"type":"message","id":"i1","content":[{"type":"output_text","text":"Grüße 😀","annotations":[]},{"type":"refusal","refusal":"No"}]}}
			{"type":"response.output_item.added","output_index":2,"item":{"type":"function_call","id":"i2","call_id":"c","name":"f","arguments":""}}
			{"type":"response.function_call_arguments.delta","output_index":2,"item_id":"i2","delta":"{\\"a\\":1"}
			{"type":"response.function_call_arguments.done","output_index":2,"item_id":"i2","arguments":"{\\"a\\":1}"}
			{"type":"response.output_item.done","output_index":2,"item":{"type":"function_call","id":"i2","call_id":"c","name":"f","arguments":"{\\"a\\":1}"}}
			{"type":"response.output_item.done","output_index":3,"item":{"type":"web_search_call","id":"i3","status":"completed"}}
			{"type":"response.completed","response":{"id":"r1","model":"m","status":"completed","error":null,"incomplete_details":null,"output":[{"type":"reasoning","id":"i0","summary":[{"text":"Hm"}]},{"type":"message","id":"i1","content":[{"type":"output_text","text":"Grüße 😀"}]},{"type":"function_call","id":"i2","call_id":"c","name":"f","arguments":"{\\"a\\":1}"}],"usage":{"input_tokens":3,"input_tokens_details":{"cached_tokens":1},"output_tokens":4,"output_tokens_details":{"reasoning_tokens":1}}}}""";

	private static final String ANTHROPIC = """
			{"type":"message_start","message":{"id":"m1","model":"m","role":"assistant","content":[],"stop_reason":null,"usage":{"input_tokens":3,"output_tokens":1,"cache_read_input_tokens":2}}}
			{"type":"ping"}
			{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}
			{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Hm"}}
			{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"sig"}}
			{"type":"content_block_stop","index":0}
			{"type":"content_block_start","index":1,"content_block":{"type":"redacted_thinking","data":"xyz"}}
			{"type":"content_block_stop","index":1}
			{"type":"content_block_start","index":2,"content_block":{"type":"text","text":"","citations":[{"type":"web","url":"http://a"}]}}
			{"type":"content_block_delta","index":2,"delta":{"type":"text_delta","text":"Grüße 😀"}}
			{"type":"content_block_delta","index":2,"delta":{"type":"citations_delta","citation":{"type":"web","url":"http://a","title":"t","cited_text":"q"}}}
			{"type":"content_block_stop","index":2}
			{"type":"content_block_start","index":3,"content_block":{"type":"tool_use","id":"t1","name":"f","input":{}}}
			{"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":""}}
			{"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":"{\\"a\\":1}"}}
			{"type":"content_block_stop","index":3}
			{"type":"content_block_start","index":4,"content_block":{"type":"server_tool_use","id":"t2","name":"web_search","input":{"q":"x"}}}
			{"type":"content_block_stop","index":4}
			{"type":"content_block_start","index":5,"content_block":{"type":"web_search_tool_result","tool_use_id":"t2","content":[{"type":"x"}]}}
			{"type":"content_block_stop","index":5}
			{"type":"content_block_start","index":6,"content_block":{"type":"compaction","content":null}}
			{"type":"content_block_delta","index":6,"delta":{"type":"compaction_delta","content":"short"}}
			{"type":"content_block_stop","index":6}
			{"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null,"container":{"id":"x"}},"usage":{"output_tokens":9,"output_tokens_details":{"thinking_tokens":2}},"context_management":{"applied_edits":[]}}
			{"type":"message_stop"}""";

	private static final String GEMINI = """
			{"candidates":[{"content":{"role":"model","parts":[{"text":"Hm","thought":true,"thoughtSignature":"s"}]},"index":0}],"usageMetadata":{"promptTokenCount":3},"modelVersion":"m","responseId":"r1"}
			{"candidates":[{"content":{"role":"model","parts":[{"text":"Grüße 😀","thoughtSignature":"t"},{"executableCode":{"language":"PYTHON","code":"1"}},{"codeExecutionResult":{"outcome":"OK"}}]},"citationMetadata":{"citationSources":[{"uri":"http://a","title":"t"}]}}],"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":1}}
			{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","willContinue":true},"thoughtSignature":"u"}]}}]}
			{"candidates":[{"content":{"parts":[{"functionCall":{"partialArgs":[{"jsonPath":"$.a.b[0].c","stringValue":"x","willContinue":true}],"willContinue":true}}]}}]}
			{"candidates":[{"content":{"parts":[{"functionCall":{"partialArgs":[{"jsonPath":"$.a.b[0].c","stringValue":"y"},{"jsonPath":"$.a.b[1]","numberValue":4},{"jsonPath":"$.d","boolValue":true},{"jsonPath":"$.e","nullValue":"NULL_VALUE"}],"willContinue":true}}]}}]}
			{"candidates":[{"content":{"parts":[{"functionCall":{}}]}}]}
			{"candidates":[{"content":{"parts":[{"functionCall":{"id":"i","name":"g","args":{"a":1}}},{"functionCall":{"name":"h","args":{}}}]},"groundingMetadata":{"groundingChunks":[{"web":{"uri":"http://b","title":"t"}}]}}],"promptFeedback":{"safetyRatings":[]}}
			{"candidates":[{"content":{"parts":[{"text":""}]},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":5,"thoughtsTokenCount":2,"cachedContentTokenCount":1},"modelVersion":"m","responseId":"r1"}""";

	private static final String OLLAMA = """
			{"model":"m","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":"","thinking":"Hm"},"done":false}
			{"model":"m","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":"Grüße 😀","images":["x"]},"done":false}
			{"model":"m","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":"","tool_calls":[{"id":"a","function":{"index":0,"name":"f","arguments":{"a":1}}},{"function":{"name":"g","arguments":{}}}]},"done":false}
			{"model":"m","created_at":"2026-01-01T00:00:01Z","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","total_duration":1,"prompt_eval_count":3,"eval_count":4}""";

	private FuzzAnswers() {
	}

	static List<String> of(String type) {
		return List.of((switch (type) {
			case "openai-responses" -> RESPONSES;
			case "anthropic" -> ANTHROPIC;
			case "gemini", "vertex" -> GEMINI;
			case "ollama" -> OLLAMA;
			default -> CHAT;
		}).split("\n"));
	}

}
