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

import java.net.ConnectException;
import java.nio.charset.StandardCharsets;

import javax.net.ssl.SSLException;

import io.llmstream.ErrorKind;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TransportErrorsTests {

	@Test
	void answerThatCameWithoutTlsIsNotRepeated() {
		String dump = ByteBufUtil.hexDump("HTTP/1.1 200 OK the answer".getBytes(StandardCharsets.UTF_8));
		Throwable error = new IllegalStateException(
				new DecoderException(new NotSslRecordException("not an SSL/TLS record: " + dump)));
		assertThat(TransportErrors.kind(error, false)).isEqualTo(ErrorKind.TLS);
		assertThat(TransportErrors.describe(ErrorKind.TLS, error)).contains("does not speak TLS").doesNotContain(dump);
		assertThat(TransportErrors.cause(error)).isNull();
	}

	@Test
	void otherCausesAreKeptAndToldInShort() {
		Throwable error = new SSLException("x".repeat(5000), new ConnectException("Connection refused"));
		assertThat(TransportErrors.cause(error)).isSameAs(error);
		assertThat(TransportErrors.describe(ErrorKind.CONNECT, error))
			.isEqualTo("no connection could be made (ConnectException, Connection refused)");
		assertThat(TransportErrors.describe(ErrorKind.TLS, new SSLException("x".repeat(5000)))).hasSizeLessThan(400);
	}

}
