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

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

import com.sun.management.ThreadMXBean;
import com.sun.management.UnixOperatingSystemMXBean;

/**
 * Measures the process that it is in.
 */
public final class ProcessProbe {

	private static final Pattern COMPILER = Pattern.compile("\\(C[12] Compiler");

	/** What follows the name of a thread in {@code proc(5)}, counted from 0. */
	private static final int USER_TICKS = 11;

	private static final int SYSTEM_TICKS = 12;

	private static final double TICKS_PER_SECOND = 100;

	private ProcessProbe() {
	}

	/**
	 * What the process has used so far, and what it holds.
	 * @param collect whether to collect garbage first, so that {@code heap} is what lives
	 * @return {@code at}, {@code cpu} and {@code compilers} in seconds, the latter what
	 * the compilers of the JVM used, which is not in the former; {@code allocated},
	 * {@code heap} and {@code rss} in bytes; {@code threads} (virtual ones not counted)
	 * and {@code files}, open ones
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
			.with("allocated", allocatedBytes());
		if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
			double compilers = compilersSeconds();
			figures.with("cpu", system.getProcessCpuTime() / 1e9 - compilers)
				.with("compilers", compilers)
				.with("files", system.getOpenFileDescriptorCount());
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

	/**
	 * What the compilers of the JVM have used. Their threads must live as long as the
	 * process: {@code -XX:-UseDynamicNumberOfCompilerThreads}.
	 */
	private static double compilersSeconds() {
		long ticks = 0;
		String[] threads = new File("/proc/self/task").list();
		// null where it is not Linux
		for (String thread : (threads != null) ? threads : new String[0]) {
			ticks += compilerTicks(Path.of("/proc/self/task", thread, "stat"));
		}
		return ticks / TICKS_PER_SECOND;
	}

	private static long compilerTicks(Path thread) {
		try {
			String stat = Files.readString(thread);
			int afterName = stat.lastIndexOf(')');
			if (COMPILER.matcher(stat.substring(0, afterName)).find()) {
				String[] fields = stat.substring(afterName + 2).split(" ");
				return Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]);
			}
		}
		catch (IOException ex) {
			// has just ended, so it is none of them
		}
		return 0;
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
