import { readdirSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { chromium } from 'playwright-core';
import { LAUNCH } from './browser.mjs';

/** Runs a test with the address of a way to the server that can be cut, which DevTools' own offline mode does not do to a response that has begun. */
export async function withCuttableWay(target, test) {
	const { hostname, port } = new URL(target);
	const open = new Set();
	let closed = false;
	const server = createServer((near) => {
		if (closed) {
			near.destroy();
			return;
		}
		const far = connect(Number(port), hostname);
		for (const [one, other] of [[near, far], [far, near]]) {
			open.add(one);
			one.on('error', () => other.destroy());
			one.on('close', () => {
				open.delete(one);
				other.destroy();
			});
			one.pipe(other);
		}
	});
	await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
	const way = {
		url: `http://127.0.0.1:${server.address().port}/`,
		/** Breaks all connections; new ones may come. */
		cut: () => open.forEach((socket) => socket.destroy()),
		/** Breaks all connections and every new one. */
		close() {
			closed = true;
			way.cut();
		},
		open: () => closed = false
	};
	try {
		await test(way);
	}
	finally {
		server.close();
		way.cut();
	}
}

/** Runs a test in a browser of its own, whose network process it can pause. */
export async function withPausableBrowser(test) {
	const server = await chromium.launchServer(LAUNCH);
	let paused = [];
	const signal = (pids, name) => pids.forEach((pid) => process.kill(pid, name));
	try {
		const browser = await chromium.connect(server.wsEndpoint());
		await test(browser, {
			pause() {
				paused = networkProcesses(server.process().pid);
				if (paused.length === 0) {
					throw new Error('The browser has no network process');
				}
				signal(paused, 'SIGSTOP');
			},
			resume() {
				signal(paused.splice(0), 'SIGCONT');
			}
		});
	}
	finally {
		signal(paused, 'SIGCONT');
		await server.close();
	}
}

/** The network processes among the descendants of a process. */
function networkProcesses(ancestor) {
	const parents = new Map();
	const found = [];
	for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number)) {
		try {
			// The name in parentheses may hold anything, the fields after it are plain.
			parents.set(pid, Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ')[1]));
			if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--utility-sub-type=network.mojom.NetworkService')) {
				found.push(pid);
			}
		}
		catch {
			// has ended meanwhile
		}
	}
	const descends = (pid) => pid === ancestor || parents.has(pid) && descends(parents.get(pid));
	return found.filter(descends);
}
