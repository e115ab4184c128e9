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

package io.llmstream.autoconfigure;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;

/**
 * Takes what is exported by OTLP over HTTP.
 */
final class OtlpReceiver implements AutoCloseable {

	private final List<Metric> metrics = new CopyOnWriteArrayList<>();

	private final List<Span> spans = new CopyOnWriteArrayList<>();

	private final HttpServer server;

	OtlpReceiver() {
		try {
			this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		this.server.createContext("/v1/metrics", (exchange) -> {
			ExportMetricsServiceRequest request = ExportMetricsServiceRequest.parseFrom(body(exchange));
			request.getResourceMetricsList()
				.forEach((resource) -> resource.getScopeMetricsList()
					.forEach((scope) -> this.metrics.addAll(scope.getMetricsList())));
			ok(exchange);
		});
		this.server.createContext("/v1/traces", (exchange) -> {
			ExportTraceServiceRequest request = ExportTraceServiceRequest.parseFrom(body(exchange));
			request.getResourceSpansList()
				.forEach((resource) -> resource.getScopeSpansList()
					.forEach((scope) -> this.spans.addAll(scope.getSpansList())));
			ok(exchange);
		});
		this.server.start();
	}

	private static byte[] body(HttpExchange exchange) throws IOException {
		byte[] bytes = exchange.getRequestBody().readAllBytes();
		if (!"gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
			return bytes;
		}
		try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
			return in.readAllBytes();
		}
	}

	private static void ok(HttpExchange exchange) throws IOException {
		exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
		exchange.sendResponseHeaders(200, -1);
		exchange.close();
	}

	String url(String path) {
		return "http://127.0.0.1:" + this.server.getAddress().getPort() + path;
	}

	List<Metric> metrics() {
		return this.metrics;
	}

	List<Span> spans() {
		return this.spans;
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

}
