import { createServer } from 'node:http';
import { after } from 'node:test';

/**
 * A server whose answers a test scripts: `answers` holds one function per request, in order. It
 * keeps what was asked, and answers 500 to more requests than were foreseen.
 */
export async function serve(...answers) {
	const requests = [];
	const waiting = [];
	const server = createServer(async (request, response) => {
		let body = '';
		for await (const chunk of request) {
			body += chunk;
		}
		const seen = { method: request.method, url: request.url, headers: request.headers, body, at: performance.now() };
		seen.closed = new Promise((resolve) => response.on('close', () => resolve(response.writableFinished ? 'finished' : 'aborted')));
		requests.push(seen);
		const answer = answers[requests.length - 1] ?? ((other) => other.writeHead(500).end());
		answer(response, seen);
		waiting.splice(0).forEach((check) => check());
	});
	await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
	after(() => {
		server.close();
		server.closeAllConnections();
	});
	return {
		url: `http://127.0.0.1:${server.address().port}/runs`,
		requests,
		/** The request of that number, from 1, when it has come. */
		async request(number) {
			while (requests.length < number) {
				await new Promise((resolve) => waiting.push(resolve));
			}
			return requests[number - 1];
		},
		/** "POST /runs" and so on. */
		get asked() {
			return requests.map(({ method, url }) => `${method} ${url}`);
		}
	};
}

/** Opens a stream; with the id of a run it can be resumed. */
export function open(response, runId, retry = 5) {
	response.writeHead(200, { 'Content-Type': 'text/event-stream;charset=UTF-8', ...runId && { 'X-Run-Id': runId } });
	response.write(`retry: ${retry}\n: ok\n\n`);
	return response;
}

const write = (id, name, data) => `${id === null ? '' : `id: ${id}\n`}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
export const start = (id, runId) => write(id, 'start', { runId });
export const delta = (id, text, kind = 'text') => write(id, 'delta', { kind, text });
export const reset = (id) => write(id, 'reset', { reason: 'failover' });
export const step = (id, number) => write(id, 'step', { step: number });
export const done = (id, output) => write(id, 'done', { finishReason: 'stop', ...output && { usage: { input: 1, output } } });
export const failed = (id, data = { code: 'overloaded', message: 'The model is overloaded.', retryable: true, partial: true }) => write(id, 'run-error', data);
export const aborted = (id) => write(id, 'aborted', { reason: 'stop' });

/** Breaks the connection in the middle of the response, after what was written has left. */
export function cut(response) {
	setImmediate(() => response.socket?.destroySoon());
}

export const status = (code, body, headers = {}) => (response) => response.writeHead(code, headers).end(body);

/** Opens a run whose updates can be waited for. */
export function follow(openRun, options) {
	const checks = new Set();
	const run = openRun({ ...options, onUpdate: (updated) => {
		options.onUpdate?.(updated);
		checks.forEach((check) => check());
	} });
	run.until = (condition) => new Promise((resolve) => {
		const check = () => {
			if (condition(run)) {
				checks.delete(check);
				resolve(run);
			}
		};
		checks.add(check);
		check();
	});
	return run;
}

export async function within(limit, promise, what = 'it') {
	let timer;
	const late = new Promise((resolve, reject) => {
		timer = setTimeout(() => reject(new Error(`${what} took more than ${limit} ms`)), limit);
	});
	try {
		return await Promise.race([promise, late]);
	}
	finally {
		clearTimeout(timer);
	}
}
