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

package io.llmstream.sample;

import io.netty.channel.ChannelOption;
import org.apache.catalina.connector.Connector;

import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;

/**
 * Lets the system keep little of what a browser has not read: it would take some
 * megabytes otherwise, as many as the machine is set to, and with them most of an answer
 * whose deltas were merged. Not annotated, or the sample would find it in its package.
 */
class SmallSendBuffers {

	private static final int BYTES = 64 * 1024;

	@Bean
	WebServerFactoryCustomizer<WebServerFactory> sendBufferSize() {
		return (factory) -> {
			if (factory instanceof ConfigurableTomcatWebServerFactory tomcat) {
				tomcat.addConnectorCustomizers(SmallSendBuffers::ofTomcat);
			}
			if (factory instanceof NettyReactiveWebServerFactory netty) {
				netty.addServerCustomizers((server) -> server.childOption(ChannelOption.SO_SNDBUF, BYTES));
			}
		};
	}

	private static void ofTomcat(Connector connector) {
		if (!connector.setProperty("socket.txBufSize", Integer.toString(BYTES))) {
			throw new IllegalStateException("Tomcat does not know socket.txBufSize");
		}
	}

}
