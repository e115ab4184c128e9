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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Clients that know nothing of this library.
 */
final class Http {

	static final JsonMapper JSON = JsonMapper.builder().build();

	static final String BODY = "{\"model\":\"m-1\",\"stream\":true,\"stream_options\":{\"include_usage\":true}}";

	private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private Http() {
	}

	static HttpResponse<String> post(ScriptedProvider provider, Wire wire) {
		return post(provider.baseUrl() + wire.path("m-1"));
	}

	static HttpResponse<String> post(String uri) {
		HttpRequest request = HttpRequest.newBuilder(URI.create(uri))
			.timeout(Duration.ofSeconds(10))
			.header("Authorization", "Bearer key")
			.POST(HttpRequest.BodyPublishers.ofString(BODY))
			.build();
		try {
			return CLIENT.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	static Socket open(ScriptedProvider provider, Wire wire) throws IOException {
		Socket socket = new Socket("127.0.0.1", provider.port());
		socket.setSoTimeout(10_000);
		socket.getOutputStream()
			.write(("POST " + wire.path("m-1") + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + BODY.length()
					+ "\r\n\r\n" + BODY)
				.getBytes(StandardCharsets.US_ASCII));
		return socket;
	}

	/**
	 * Read until some text has come.
	 * @param in what to read
	 * @param text the text
	 * @return all that came
	 * @throws IOException if the connection ends before
	 */
	static String readUntil(InputStream in, String text) throws IOException {
		byte[] end = text.getBytes(StandardCharsets.UTF_8);
		ByteArrayOutputStream all = new ByteArrayOutputStream();
		int matched = 0;
		while (matched < end.length) {
			int b = in.read();
			if (b < 0) {
				throw new IOException("End of input after: " + all.toString(StandardCharsets.UTF_8));
			}
			all.write(b);
			matched = (b == end[matched]) ? matched + 1 : (b == end[0]) ? 1 : 0;
		}
		return all.toString(StandardCharsets.UTF_8);
	}

	/**
	 * The data of server-sent events, by the letter of the format.
	 * @param body the body
	 * @return the data of each event but {@code [DONE]}
	 */
	static List<JsonNode> events(String body) {
		List<JsonNode> events = new ArrayList<>();
		for (String block : body.replace("\r\n", "\n").split("\n\n")) {
			for (String line : block.split("\n")) {
				if (line.startsWith("data: ") && !line.equals("data: [DONE]")) {
					events.add(JSON.readTree(line.substring(6)));
				}
			}
		}
		return events;
	}

	static List<JsonNode> lines(String body) {
		return body.lines().filter((line) -> !line.isBlank()).map(JSON::readTree).toList();
	}

}
