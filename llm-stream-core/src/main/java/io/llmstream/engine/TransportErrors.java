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

import java.security.cert.CertificateException;

import javax.net.ssl.SSLException;

import io.llmstream.ErrorKind;
import org.jspecify.annotations.Nullable;

/**
 * Sorts failures of the transport into kinds.
 */
final class TransportErrors {

	private static final int LONGEST = 300;

	private TransportErrors() {
	}

	static ErrorKind kind(Throwable error, boolean answered) {
		for (Throwable cause = error; cause != null; cause = cause.getCause()) {
			if (cause instanceof SSLException || cause instanceof CertificateException) {
				return (answered) ? ErrorKind.TRUNCATED : ErrorKind.TLS;
			}
			// Netty's and Reactor Netty's types, by name: the HTTP client can be
			// replaced.
			String name = cause.getClass().getSimpleName();
			if (name.equals("ConnectTimeoutException") || name.equals("PoolAcquireTimeoutException")
					|| name.equals("HttpConnectTimeoutException") || name.equals("SslHandshakeTimeoutException")) {
				return ErrorKind.CONNECT_TIMEOUT;
			}
		}
		return (answered) ? ErrorKind.TRUNCATED : ErrorKind.CONNECT;
	}

	static String describe(ErrorKind kind, Throwable error) {
		Throwable root = error;
		while (root.getCause() != null && root.getCause() != root) {
			root = root.getCause();
		}
		String detail = detail(root);
		return switch (kind) {
			case TLS -> "the TLS connection failed (" + detail + ")";
			case CONNECT_TIMEOUT -> "no connection was made in time (" + detail + ")";
			case TRUNCATED -> "the connection was lost before the answer was complete (" + detail + ")";
			default -> "no connection could be made (" + detail + ")";
		};
	}

	/**
	 * The cause to keep, which ends up in logs as well.
	 */
	static @Nullable Throwable cause(Throwable error) {
		for (Throwable cause = error; cause != null; cause = cause.getCause()) {
			if (quotesTheAnswer(cause)) {
				return null;
			}
		}
		return error;
	}

	private static String detail(Throwable root) {
		if (quotesTheAnswer(root)) {
			return "the server does not speak TLS on this port, is its address meant to begin with http://?";
		}
		String message = root.getMessage();
		if (message == null) {
			return root.getClass().getSimpleName();
		}
		return root.getClass().getSimpleName() + ", "
				+ ((message.length() > LONGEST) ? message.substring(0, LONGEST) + "…" : message);
	}

	/**
	 * Whether it is the exception of Netty that repeats all that came, in hexadecimal.
	 */
	private static boolean quotesTheAnswer(Throwable cause) {
		return cause.getClass().getSimpleName().equals("NotSslRecordException");
	}

}
