import { createServer, request } from 'node:http';

const ID = '0123456789abcdef0123456789abcdef';

/**
 * Runs a test with the address of a server that is the sample but for its runs: these say what the test lets them
 * say, when it lets them. So nothing that is tested depends on how fast anything is.
 */
export async function withScriptedRun(target, test) {
	const events = [];
	const open = new Set();
	const run = {
		id: ID,
		/** The requests that were made of the run, such as "POST /api/recipes" and "GET /api/runs after 3". */
		requests: [],
		/** Tells the browser, and those that come later, of an event. */
		send(event, data) {
			events.push(`id: ${events.length + 1}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
			open.forEach((response) => response.write(events.at(-1)));
		},
		/** A piece of an object's JSON. */
		piece: (text) => run.send('delta', { kind: 'object', text }),
		/** Breaks the connections; what was told is told again to who comes back. */
		cut: () => open.forEach((response) => response.destroy())
	};
	const server = createServer((incoming, response) => {
		const { method, url, headers } = incoming;
		if (!/^\/api\/(recipes|runs)/.test(url)) {
			const onward = request(new URL(url, target), { method, headers }, (answer) => {
				response.writeHead(answer.statusCode, answer.headers);
				answer.pipe(response);
			});
			onward.on('error', () => response.destroy());
			incoming.pipe(onward);
			return;
		}
		incoming.resume();
		const after = Number(headers['last-event-id'] ?? 0);
		run.requests.push(`${method} ${url.replace(`/${ID}`, '')}${after ? ` after ${after}` : ''}`);
		if (url.endsWith('/stop')) {
			run.send('aborted', { reason: 'stopped' });
			response.writeHead(200, { 'Content-Length': 0 }).end();
			return;
		}
		response.writeHead(200, { 'Content-Type': 'text/event-stream', 'X-Run-Id': ID });
		response.write(`retry: 20\n: ok\n\n${events.slice(after).join('')}`);
		open.add(response);
		response.on('close', () => open.delete(response));
	});
	await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
	try {
		run.send('start', { runId: ID });
		await test(`http://127.0.0.1:${server.address().port}/`, run);
	}
	finally {
		run.cut();
		server.close();
		server.closeAllConnections();
	}
}
