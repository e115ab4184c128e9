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
package io.llmstream.benchmarks.startup;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import io.llmstream.benchmarks.load.Workload;
import io.llmstream.benchmarks.process.Figures;
import io.llmstream.benchmarks.process.ProcessProbe;
import io.llmstream.benchmarks.process.Worker;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Starts an application and says when it was ready and what it holds; and, with the
 * command {@code chat}, when its first token came. Times are in milliseconds since the
 * start of the JVM.
 */
public final class StartupMain {

	private StartupMain() {
	}

	/**
	 * Start an application.
	 * @param arguments {@code SERVLET} or {@code REACTIVE}; the name of the application's
	 * class in this package; and the address of a provider, if the application is to
	 * stream
	 */
	public static void main(String[] arguments) {
		Worker.prepare();
		Map<String, Object> properties = new LinkedHashMap<>();
		properties.put("server.port", "0");
		properties.put("server.address", "127.0.0.1");
		if (arguments.length > 2) {
			properties.put("llm-stream.providers.mock.type", "openai-compatible");
			properties.put("llm-stream.providers.mock.base-url", arguments[2] + "/v1");
			properties.put("llm-stream.providers.mock.model", "mock-1");
		}
		// By name: without the starter its types are not there.
		SpringApplication spring = new SpringApplication(type(arguments[1]));
		spring.setWebApplicationType(WebApplicationType.valueOf(arguments[0]));
		spring.setDefaultProperties(properties);
		ConfigurableApplicationContext context = spring.run();
		Figures ready = new Figures().with("ready", uptime());
		int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
		Worker.serve(ready.with("classes", ManagementFactory.getClassLoadingMXBean().getLoadedClassCount())
			.with(ProcessProbe.measure(true)), (verb, more) -> new Figures().with("firstToken", chat(port)));
	}

	private static Class<?> type(String name) {
		try {
			return Class.forName(StartupMain.class.getPackageName() + "." + name);
		}
		catch (ClassNotFoundException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static long chat(int port) throws IOException {
		String question = URLEncoder.encode(new Workload(20, 0, 0).prompt(), StandardCharsets.UTF_8);
		URI address = URI.create("http://127.0.0.1:" + port + "/chat?question=" + question);
		try (BufferedReader in = new BufferedReader(
				new InputStreamReader(address.toURL().openStream(), StandardCharsets.UTF_8))) {
			for (String line = in.readLine(); line != null; line = in.readLine()) {
				if (line.startsWith("event: delta")) {
					return uptime();
				}
			}
		}
		throw new IOException("There was no token");
	}

	private static long uptime() {
		return System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime();
	}

}
