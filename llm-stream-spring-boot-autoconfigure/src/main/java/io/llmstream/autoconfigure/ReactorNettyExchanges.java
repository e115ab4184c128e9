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

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import io.llmstream.ErrorKind;
import io.llmstream.StreamFailure;
import io.llmstream.http.HttpExchange;
import io.llmstream.http.WebClientHttpExchange;
import io.netty.channel.ChannelOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.transport.ProxyProvider;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.webclient.WebClientCustomizer;
import org.springframework.context.ApplicationListener;
import org.springframework.util.Assert;
import org.springframework.util.StringUtils;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * HTTP by Spring's WebClient on Reactor Netty. All providers share a pool that holds
 * thousands of connections, because a stream keeps its connection for as long as the
 * model speaks. Properties are checked at once; the clients are built, and what they need
 * for their first connection is loaded, as soon as the application is ready, or for their
 * first call if that is earlier.
 */
final class ReactorNettyExchanges implements ProviderHttpExchanges, ApplicationListener<ApplicationReadyEvent> {

	private static final Logger logger = LoggerFactory.getLogger(ReactorNettyExchanges.class);

	private final HttpConnections connections;

	private final ObjectProvider<SslBundles> sslBundles;

	private final ObjectProvider<WebClientCustomizer> customizers;

	/** What is left to build when the application is ready. */
	private final Queue<DeferredHttpExchange> early = new ConcurrentLinkedQueue<>();

	private volatile boolean ready;

	ReactorNettyExchanges(HttpConnections connections, ObjectProvider<SslBundles> sslBundles,
			ObjectProvider<WebClientCustomizer> customizers) {
		this.connections = connections;
		this.sslBundles = sslBundles;
		this.customizers = customizers;
	}

	@Override
	public HttpExchange create(String provider, ProviderProperties properties) {
		PropertyChecks checks = new PropertyChecks("llm-stream.providers." + provider + ".");
		// No read time-out: the engine has clocks that know a stall from a slow reader.
		// No redirects: they could carry the API key to another host.
		HttpClientSettings settings = HttpClientSettings.defaults()
			.withConnectTimeout(properties.getTimeouts().getConnect())
			.withRedirects(HttpRedirects.DONT_FOLLOW)
			.withSslBundle(sslBundle(properties.getSsl().getBundle(), checks));
		ProviderProperties.Proxy proxy = properties.getProxy();
		check(proxy, checks);
		DeferredHttpExchange exchange = new DeferredHttpExchange(() -> builder(provider, settings, proxy));
		if (!this.ready) {
			this.early.add(exchange);
		}
		return exchange;
	}

	@Override
	public void onApplicationEvent(ApplicationReadyEvent event) {
		prepare(event.getApplicationContext()::isClosed).subscribe();
	}

	/**
	 * Prepare for the first calls, on another thread. What fails is told again by the
	 * call that needs it.
	 * @param closed whether the application has been closed, which explains any failure
	 * @return completes when everything is prepared that can be
	 */
	Mono<Void> prepare(BooleanSupplier closed) {
		this.ready = true;
		List<DeferredHttpExchange> exchanges = new ArrayList<>();
		for (DeferredHttpExchange next = this.early.poll(); next != null; next = this.early.poll()) {
			exchanges.add(next);
		}
		if (exchanges.isEmpty()) {
			return Mono.empty();
		}
		return Flux.fromIterable(exchanges)
			.concatMap((exchange) -> exchange.build().then().onErrorResume((failure) -> logged(failure, closed)))
			.then(Mono.defer(() -> HttpClient.create(this.connections.pool()).warmup()))
			.onErrorResume((failure) -> {
				logger.debug("The first connection is not prepared", failure);
				return Mono.empty();
			});
	}

	private static Mono<Void> logged(Throwable failure, BooleanSupplier closed) {
		if (!closed.getAsBoolean()) {
			logger.warn("Calls will fail until this is mended", failure);
		}
		return Mono.empty();
	}

	private Supplier<HttpExchange> builder(String provider, HttpClientSettings settings,
			ProviderProperties.Proxy proxy) {
		List<WebClientCustomizer> found = orFail(provider, () -> this.customizers.orderedStream().toList());
		return () -> orFail(provider, () -> client(settings, proxy, found));
	}

	private HttpExchange client(HttpClientSettings settings, ProviderProperties.Proxy proxy,
			List<WebClientCustomizer> customizers) {
		WebClient.Builder builder = WebClient.builder();
		customizers.forEach((customizer) -> customizer.customize(builder));
		// After the customizers, as one of Boot's sets the application's own connector.
		builder.clientConnector(ClientHttpConnectorBuilder.reactor()
			.withHttpClientFactory(() -> HttpClient.create(this.connections.pool()))
			.withHttpClientCustomizer((client) -> configure(client, proxy))
			.build(settings));
		return new WebClientHttpExchange(builder.build());
	}

	private static <T> T orFail(String provider, Supplier<T> step) {
		try {
			return step.get();
		}
		catch (RuntimeException | LinkageError ex) {
			throw StreamFailure
				.of(ErrorKind.INVALID_REQUEST, provider,
						"the HTTP client of llm-stream.providers." + provider + " could not be built: " + ex)
				.cause(ex)
				.toException();
		}
	}

	private static HttpClient configure(HttpClient client, ProviderProperties.Proxy proxy) {
		// The client's own second attempt would not count as one of the retries.
		HttpClient configured = client.disableRetry(true).option(ChannelOption.SO_KEEPALIVE, true);
		return (StringUtils.hasText(proxy.getHost())) ? configured.proxy((spec) -> configure(spec, proxy)) : configured;
	}

	private static void configure(ProxyProvider.TypeSpec spec, ProviderProperties.Proxy proxy) {
		Assert.state(proxy.getHost() != null && proxy.getPort() != null, "The proxy was checked");
		ProxyProvider.Builder builder = spec.type(ProxyProvider.Proxy.HTTP).host(proxy.getHost()).port(proxy.getPort());
		String username = proxy.getUsername();
		if (StringUtils.hasText(username)) {
			String password = (proxy.getPassword() != null) ? proxy.getPassword() : "";
			builder.username(username).password((user) -> password);
		}
	}

	private static void check(ProviderProperties.Proxy proxy, PropertyChecks checks) {
		Integer port = proxy.getPort();
		if (StringUtils.hasText(proxy.getHost())) {
			if (port == null) {
				throw checks.invalid("proxy.port", "is not set, while proxy.host is", "3128");
			}
			checks.check(port > 0 && port < 65536, "proxy.port", port, "must be from 1 to 65535", "3128");
		}
		else if (port != null || StringUtils.hasText(proxy.getUsername())) {
			throw checks.invalid("proxy.host", "is not set, while other properties of the proxy are",
					"proxy.example.com");
		}
	}

	/**
	 * Read what the bundle consists of now, as the client that needs it is built later.
	 */
	private static void check(SslBundle bundle, String name, PropertyChecks checks) {
		try {
			bundle.getManagers().getKeyManagerFactory();
			bundle.getManagers().getTrustManagerFactory();
		}
		catch (RuntimeException ex) {
			throw checks.invalid("ssl.bundle", "is '" + name + "', an SSL bundle that cannot be read ("
					+ ex.getMessage() + "): see spring.ssl.bundle.*", name);
		}
	}

	private @Nullable SslBundle sslBundle(@Nullable String name, PropertyChecks checks) {
		if (!StringUtils.hasText(name)) {
			return null;
		}
		SslBundles bundles = this.sslBundles.getIfAvailable();
		try {
			if (bundles != null) {
				SslBundle bundle = bundles.getBundle(name);
				check(bundle, name, checks);
				return bundle;
			}
		}
		catch (NoSuchSslBundleException ex) {
			// told below
		}
		throw checks.invalid("ssl.bundle",
				"is '" + name + "', but there is no SSL bundle of that name: see spring.ssl.bundle.*",
				(bundles != null && !bundles.getBundleNames().isEmpty()) ? bundles.getBundleNames().get(0)
						: "<name of a bundle>");
	}

}
