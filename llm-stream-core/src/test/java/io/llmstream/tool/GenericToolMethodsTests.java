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

package io.llmstream.tool;

import java.time.Duration;
import java.util.List;

import io.llmstream.StreamRequest;
import io.llmstream.ToolCallback;
import io.llmstream.ToolInvocation;
import jakarta.validation.constraints.Max;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link ToolMethods} whose types are variables.
 */
class GenericToolMethodsTests {

	private static ToolCallback tool(Object bean, String name) {
		return ToolMethods.of(bean)
			.stream()
			.filter((tool) -> tool.definition().name().equals(name))
			.findFirst()
			.orElseThrow();
	}

	private static @Nullable String call(Object bean, String name, String arguments) {
		return tool(bean, name)
			.call(new ToolInvocation("id", name, arguments.replace('\'', '"'), 1, StreamRequest.of("hi")))
			.block(Duration.ofSeconds(5));
	}

	@Test
	void variablesOfWhatIsInheritedAreWhatTheClassSaysTheyAre() {
		Orders orders = new Orders();
		assertThat(JsonMapper.shared().readTree(tool(orders, "save").definition().parameters()))
			.isEqualTo(JsonMapper.shared().readTree("""
					{'type':'object','properties':{
					  'entity':{'type':'object','properties':{'count':{'type':'integer'}},
					    'required':['count'],'additionalProperties':false},
					  'others':{'type':'array','items':{'type':'integer','maximum':9}}},
					 'required':['entity','others'],'additionalProperties':false}""".replace('\'', '"')));
		assertThat(call(orders, "save", "{'entity':{'count':2},'others':[3,4]}")).isEqualTo("Item Long");
		assertThat(call(orders, "find", "{'id':7}")).isEqualTo("Long");
		assertThat(call(orders, "maybe", "{}")).isEqualTo("null");
		assertThat(call(orders, "remove", "{}")).isEqualTo("Done.");
	}

	@Test
	void aVariableThatStandsForAnythingIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> ToolMethods.of(new Anything<>()))
			.withMessageContaining(
					"Anything.put(List) cannot be a tool: its parameter values is of a type with the" + " variable T")
			.withMessageContaining("Anything does not say what that is");
		assertThat(call(new Bounded<Item>(), "put", "{'value':{'count':2}}")).isEqualTo("2");
	}

	record Item(int count) {
	}

	abstract static class Crud<E, K, V> {

		@Tool
		String save(E entity, List<@Max(9) K> others) {
			return entity.getClass().getSimpleName() + " " + others.get(0).getClass().getSimpleName();
		}

		@Tool
		String find(K id) {
			return id.getClass().getSimpleName();
		}

		@Tool
		Mono<E> maybe() {
			return Mono.empty();
		}

		@Tool
		Mono<V> remove() {
			return Mono.empty();
		}

	}

	static class Orders extends Crud<Item, Long, Void> {

	}

	static class Anything<T> {

		@Tool
		void put(List<T> values) {
		}

	}

	static class Bounded<T extends Item> {

		@Tool
		int put(T value) {
			return value.count();
		}

	}

}
