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

package io.llmstream.benchmarks.process;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

import com.sun.management.ThreadMXBean;
import com.sun.management.UnixOperatingSystemMXBean;

/**
 * Measures the process that it is in.
 */
public final class ProcessProbe {

	private ProcessProbe() {
	}

	/**
	 * What the process has used so far, and what it holds.
	 * @param collect whether to collect garbage first, so that {@code heap} is what lives
	 * @return {@code at}, {@code cpu} and {@code compiled} (time that compilers of the
	 * JVM took) in seconds; {@code allocated}, {@code heap} and {@code rss} in bytes;
	 * {@code threads} (virtual ones not counted) and {@code files}, open ones
	 */
	public static Figures measure(boolean collect) {
		if (collect) {
			// Twice: what was only softly or finally reachable goes in the second.
			System.gc();
			System.gc();
		}
		Runtime runtime = Runtime.getRuntime();
		Figures figures = new Figures().with("at", System.nanoTime() / 1e9)
			.with("heap", runtime.totalMemory() - runtime.freeMemory())
			.with("threads", ManagementFactory.getThreadMXBean().getThreadCount())
			.with("rss", residentBytes())
			.with("allocated", allocatedBytes())
			.with("compiled", ManagementFactory.getCompilationMXBean().getTotalCompilationTime() / 1e3);
		if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
			figures.with("cpu", system.getProcessCpuTime() / 1e9).with("files", system.getOpenFileDescriptorCount());
		}
		return figures;
	}

	/**
	 * What the process has allocated, threads that ended included where the JVM knows of
	 * them (JDK 21 or newer).
	 */
	private static long allocatedBytes() {
		ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		try {
			return (Long) ThreadMXBean.class.getMethod("getTotalThreadAllocatedBytes").invoke(threads);
		}
		catch (ReflectiveOperationException ex) {
			long sum = 0;
			for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
				sum += Math.max(0, bytes);
			}
			return sum;
		}
	}

	private static long residentBytes() {
		try {
			for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
				if (line.startsWith("VmRSS:")) {
					return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
				}
			}
		}
		catch (IOException ex) {
			// not Linux
		}
		return 0;
	}

}
