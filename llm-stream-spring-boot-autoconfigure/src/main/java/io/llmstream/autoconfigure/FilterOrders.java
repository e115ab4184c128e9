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

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

import io.llmstream.StreamFilter;
import io.llmstream.StreamFilterOrder;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.annotation.OrderUtils;

/**
 * Which order each filter has, and so on which side of the built-in ones it stands. The
 * order of a bean may be an annotation of the method that makes it.
 */
final class FilterOrders {

	private final Map<StreamFilter, Integer> beans = new IdentityHashMap<>();

	/**
	 * Take note of the orders of all filter beans.
	 * @return the beans, outermost first
	 */
	List<StreamFilter> addBeans(ListableBeanFactory beanFactory) {
		beanFactory.getBeansOfType(StreamFilter.class).forEach((name, filter) -> {
			Order order = beanFactory.findAnnotationOnBean(name, Order.class);
			if (order != null) {
				this.beans.put(filter, order.value());
			}
		});
		return beanFactory.getBeanProvider(StreamFilter.class).orderedStream().toList();
	}

	/**
	 * The order of a filter; where it has none, that of one just outside of the retries.
	 */
	int of(StreamFilter filter) {
		Integer order = (filter instanceof Ordered ordered) ? Integer.valueOf(ordered.getOrder()) : declared(filter);
		return (order == null || order == Ordered.LOWEST_PRECEDENCE) ? StreamFilterOrder.RETRY - 1 : order;
	}

	private @Nullable Integer declared(StreamFilter filter) {
		Integer order = this.beans.get(filter);
		return (order != null) ? order : OrderUtils.getOrder(filter.getClass());
	}

}
