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

package io.llmstream.usage.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.core.io.ClassPathResource;
import org.springframework.data.redis.connection.ReactiveRedisConnection;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.data.redis.connection.ReturnType;
import org.springframework.data.redis.core.script.DefaultRedisScript;

/**
 * The script of the budgets, and the connection that it is sent over. To open a
 * connection may block, so that is done on a thread that may, and once; from then on
 * calls are sent by the threads that make them, in their sequence.
 */
final class BudgetScript {

	private static final String LOCATION = "budgets.lua";

	private final byte[] source;

	private final String digest;

	private final Mono<ReactiveRedisConnection> connection;

	private volatile @Nullable ReactiveRedisConnection broken;

	BudgetScript(ReactiveRedisConnectionFactory connections) {
		DefaultRedisScript<Object> script = new DefaultRedisScript<>();
		script.setLocation(new ClassPathResource(LOCATION, BudgetScript.class));
		this.source = script.getScriptAsString().getBytes(StandardCharsets.UTF_8);
		this.digest = script.getSha1();
		this.connection = Mono.fromCallable(connections::getReactiveConnection)
			.subscribeOn(Schedulers.boundedElastic())
			.cacheInvalidateIf((known) -> known == this.broken);
	}

	Mono<Void> connect() {
		return this.connection.then();
	}

	/**
	 * Run the script.
	 * @return what it returns, one string after the other
	 */
	Flux<String> run(List<String> keys, List<String> arguments) {
		return this.connection
			.flatMapMany((connection) -> run(connection, keys, arguments).doOnError((ex) -> abandon(connection))
				.concatMapIterable(BudgetScript::strings));
	}

	/**
	 * Connect anew next time. The driver mends a connection by itself as long as it is
	 * not closed.
	 */
	private void abandon(ReactiveRedisConnection connection) {
		this.broken = connection;
		connection.closeLater().onErrorComplete().subscribe();
	}

	private Flux<Object> run(ReactiveRedisConnection connection, List<String> keys, List<String> arguments) {
		return connection.scriptingCommands()
			.evalSha(this.digest, ReturnType.MULTI, keys.size(), buffers(keys, arguments))
			.onErrorResume(BudgetScript::isUnknown, (ex) -> connection.scriptingCommands()
				.eval(ByteBuffer.wrap(this.source), ReturnType.MULTI, keys.size(), buffers(keys, arguments)));
	}

	/**
	 * Whether the server does not have the script, as after its start.
	 */
	private static boolean isUnknown(Throwable failure) {
		for (Throwable ex = failure; ex != null; ex = ex.getCause()) {
			if (ex.getMessage() != null && ex.getMessage().contains("NOSCRIPT")) {
				return true;
			}
		}
		return false;
	}

	private static ByteBuffer[] buffers(List<String> keys, List<String> arguments) {
		ByteBuffer[] buffers = new ByteBuffer[keys.size() + arguments.size()];
		for (int i = 0; i < buffers.length; i++) {
			String text = (i < keys.size()) ? keys.get(i) : arguments.get(i - keys.size());
			buffers[i] = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
		}
		return buffers;
	}

	private static List<String> strings(Object answer) {
		if (answer instanceof List<?> list) {
			return list.stream().flatMap((each) -> strings(each).stream()).toList();
		}
		return List.of((answer instanceof ByteBuffer bytes) ? StandardCharsets.UTF_8.decode(bytes).toString()
				: answer.toString());
	}

}
