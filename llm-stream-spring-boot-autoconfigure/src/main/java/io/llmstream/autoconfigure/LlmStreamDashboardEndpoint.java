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

import java.util.Map;

import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.util.MimeType;

/**
 * Actuator endpoint {@code llmdashboard}: a page that shows the streams live, from the
 * endpoint {@code llmstream} beside it. It is an endpoint itself so that it has the same
 * address, port and security as what it shows. It loads nothing from elsewhere.
 */
@WebEndpoint(id = "llmdashboard")
public class LlmStreamDashboardEndpoint {

	static final String FOLDER = "io/llmstream/dashboard/";

	private static final Map<String, MimeType> FILES = Map.of("dashboard.js", MimeType.valueOf("text/javascript"),
			"dashboard.css", MimeType.valueOf("text/css"));

	LlmStreamDashboardEndpoint() {
	}

	/**
	 * The page.
	 * @return the page, as HTML
	 */
	@ReadOperation(produces = "text/html")
	public Resource page() {
		return new ClassPathResource(FOLDER + "dashboard.html", LlmStreamDashboardEndpoint.class.getClassLoader());
	}

	/**
	 * What the page consists of.
	 * @param file the name of a file
	 * @return the file, or a 404
	 */
	@ReadOperation(produces = { "text/javascript", "text/css" })
	public WebEndpointResponse<Resource> file(@Selector String file) {
		MimeType type = FILES.get(file);
		if (type == null) {
			return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
		}
		return new WebEndpointResponse<>(
				new ClassPathResource(FOLDER + file, LlmStreamDashboardEndpoint.class.getClassLoader()), type);
	}

}
