import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, mock, test } from 'node:test';
import { openRun, RunError } from '../../main/resources/META-INF/resources/llm-stream/llm-stream.js';
import { aborted, cut, delta, done, failed, follow, open, reset, serve, start, status, step, within } from './server.mjs';

const LIMIT = { timeout: 20_000 };
const names = async (run) => {
	const all = [];
	for await (const { id, event } of run) {
		all.push(`${id} ${event}`);
	}
	return all;
};

/** A whole answer of run "r", from the event after `last`. */
const answer = (response, last = 0) => {
	[start(1, 'r'), delta(2, 'Hello'), delta(3, ' wor'), delta(4, 'ld'), done(5, 3)].slice(last).forEach((event) => response.write(event));
	response.end();
};

describe('A run', LIMIT, () => {

	test('is started by one POST and read to its end', async () => {
		const server = await serve((response) => answer(open(response, 'r')));
		const events = [];
		const run = openRun({ url: server.url, body: { question: 'Hi' }, headers: { 'X-One': '1', 'x-two': 'a' },
			getHeaders: async () => ({ 'X-Two': 'b' }), onEvent: (event, of) => events.push([event.event, of]) });
		assert.equal(run.status, 'connecting');
		const finished = await run.finished;
		assert.equal(finished, run);
		assert.equal(run.status, 'done');
		assert.equal(run.text, 'Hello world');
		assert.equal(run.runId, 'r');
		assert.equal(run.lastEventId, '5');
		assert.equal(run.error, null);
		assert.equal(run.result.finishReason, 'stop');
		assert.deepEqual(events, ['start', 'delta', 'delta', 'delta', 'done'].map((name) => [name, run]));
		assert.deepEqual(server.asked, ['POST /runs']);
		const { headers, body } = server.requests[0];
		assert.equal(body, '{"question":"Hi"}');
		assert.equal(headers['content-type'], 'application/json');
		assert.equal(headers.accept, 'text/event-stream');
		assert.equal(headers['x-one'], '1');
		assert.equal(headers['x-two'], 'b');
		assert.equal(headers['last-event-id'], undefined);
		assert.equal(await server.requests[0].closed, 'finished');
	});

	test('sends what is no object as it is', async () => {
		const server = await serve((response) => answer(open(response)), (response) => answer(open(response)));
		await openRun({ url: server.url, body: '"text"', headers: { 'content-type': 'text/plain' } }).finished;
		await openRun({ url: server.url, body: new URLSearchParams({ a: 'b c' }) }).finished;
		assert.equal(server.requests[0].body, '"text"');
		assert.equal(server.requests[0].headers['content-type'], 'text/plain');
		assert.equal(server.requests[1].body, 'a=b+c');
		assert.match(server.requests[1].headers['content-type'], /^application\/x-www-form-urlencoded/);
	});

	test('can be iterated, more than once and afterwards too', async () => {
		const server = await serve((response) => answer(open(response, 'r')));
		const run = openRun({ url: server.url });
		const expected = ['1 start', '2 delta', '3 delta', '4 delta', '5 done'];
		const [one, two] = await Promise.all([names(run), names(run)]);
		assert.deepEqual(one, expected);
		assert.deepEqual(two, expected);
		assert.deepEqual(await names(run), expected);
		for await (const { data, json } of run) {
			assert.deepEqual(JSON.parse(data), json);
		}
	});

	test('is closed when its loop is left', async () => {
		const server = await serve((response) => open(response, 'r').write(start(1, 'r') + delta(2, 'a')));
		const run = openRun({ url: server.url });
		for await (const event of run) {
			assert.equal(event.event, 'start');
			break;
		}
		assert.equal(run.status, 'stopped');
		assert.equal(await server.requests[0].closed, 'aborted');
		assert.deepEqual(server.asked, ['POST /runs']);
	});

	test('keeps reasoning and tool arguments apart, and refusals in the text', async () => {
		const server = await serve((response) => open(response, 'r').end(delta(1, 'Hm', 'reasoning') + delta(2, '{"a"', 'tool_args')
			+ delta(3, ' so', 'reasoning') + delta(4, 'No.', 'refusal') + done(5)));
		const run = await openRun({ url: server.url }).finished;
		assert.deepEqual([run.reasoning, run.text], ['Hm so', 'No.']);
	});

	test('begins anew after a reset', async () => {
		const server = await serve((response) => open(response, 'r').end(delta(1, 'Hm', 'reasoning') + delta(2, 'old') + reset(3)
			+ delta(4, 'new') + done(5)));
		const run = await openRun({ url: server.url }).finished;
		assert.deepEqual([run.reasoning, run.text, run.status], ['', 'new', 'done']);
	});

	test('keeps the steps before the one that begins anew', async () => {
		const server = await serve((response) => open(response, 'r').end(delta(1, 'Hm', 'reasoning') + delta(2, 'Let me see.')
			+ step(3, 2) + delta(4, 'ol', 'reasoning') + delta(5, 'old') + reset(6) + delta(7, 'ne', 'reasoning') + delta(8, 'new')
			+ step(9, 3) + step(10, 4) + delta(11, 'last') + done(12)));
		const run = await openRun({ url: server.url }).finished;
		assert.deepEqual([run.reasoning, run.text], ['Hm\n\nne\n\n', 'Let me see.\n\nnew\n\nlast']);
		assert.equal(run.status, 'done');
	});

	test('is the same after a reconnect in a later step', async () => {
		const server = await serve((response) => {
			open(response, 'r').write(delta(1, 'one') + step(2, 2) + delta(3, 'old'));
			cut(response);
		}, (response) => open(response, 'r').end(reset(4) + delta(5, 'two') + done(6)));
		const run = await openRun({ url: server.url, heartbeat: 0 }).finished;
		assert.deepEqual([run.text, run.status], ['one\n\ntwo', 'done']);
		assert.equal(server.requests[1].headers['last-event-id'], '3');
	});

	test('measures the time to the first token and the speed', async () => {
		const server = await serve((response) => {
			open(response, 'r').write(start(1, 'r'));
			setTimeout(() => response.write(delta(2, 'a')), 100);
			setTimeout(() => response.write(delta(3, 'b')), 200);
			setTimeout(() => response.end(delta(4, 'c') + done(5, 21)), 300);
		});
		const run = follow(openRun, { url: server.url });
		assert.deepEqual([run.metrics.ttft, run.metrics.tokensPerSecond], [null, null]);
		await run.until(({ text }) => text === 'abc' || text === 'ab');
		assert.ok(run.metrics.estimated);
		await run.finished;
		const { ttft, tokensPerSecond, estimated, elapsed } = run.metrics;
		assert.ok(ttft >= 90 && ttft < 2000, `ttft ${ttft}`);
		assert.ok(elapsed >= ttft + 150, `elapsed ${elapsed}`);
		assert.equal(estimated, false);
		assert.ok(Math.abs(tokensPerSecond - 20 / ((elapsed - ttft) / 1000)) < 1e-6, `${tokensPerSecond} tokens per second`);
	});

	test('survives callbacks that throw', async () => {
		const server = await serve((response) => answer(open(response, 'r')));
		const reports = [];
		globalThis.reportError = (error) => reports.push(error.message);
		try {
			const run = await openRun({ url: server.url, onEvent: () => {
				throw new Error('a bug');
			} }).finished;
			assert.deepEqual([run.status, run.text, server.requests.length], ['done', 'Hello world', 1]);
		}
		finally {
			delete globalThis.reportError;
		}
		assert.deepEqual(reports, Array(5).fill('a bug'));
	});

	test('carries on over data that is not JSON or not an object', async () => {
		const server = await serve((response) => open(response, 'r').end('id: 1\nevent: delta\ndata: {oops\n\n'
			+ 'id: 2\nevent: delta\ndata: null\n\nid: 3\nevent: other\ndata: 7\n\n' + delta(4, 'a') + done(5)));
		const run = openRun({ url: server.url });
		const json = [];
		for await (const event of run) {
			json.push(event.json);
		}
		assert.deepEqual(json.slice(0, 3), [undefined, null, 7]);
		assert.deepEqual([run.status, run.text], ['done', 'a']);
	});

	test('ignores what comes after the end', async () => {
		const server = await serve((response) => open(response, 'r').end(delta(1, 'a') + done(2) + delta(3, 'b') + failed(4)));
		const run = openRun({ url: server.url });
		assert.deepEqual(await names(run), ['1 delta', '2 done']);
		assert.equal(run.text, 'a');
	});

	test('closes a connection that the server leaves open after the end', async () => {
		const server = await serve((response) => open(response, 'r').write(delta(1, 'a') + done(2)));
		const run = await openRun({ url: server.url }).finished;
		assert.equal(run.status, 'done');
		assert.equal(await within(5000, server.requests[0].closed), 'aborted');
	});

	test('ends with the error of the server', async () => {
		const server = await serve((response) => open(response, 'r').end(delta(1, 'so far') + failed(2)));
		const run = openRun({ url: server.url });
		await assert.rejects(names(run), (error) => error instanceof RunError && error.code === 'overloaded'
			&& error.message === 'The model is overloaded.' && error.retryable);
		assert.deepEqual([run.status, run.text, run.result.partial], ['error', 'so far', true]);
		assert.deepEqual(server.asked, ['POST /runs']);
	});

	test('ends when another one stopped it', async () => {
		const server = await serve((response) => open(response, 'r').end(delta(1, 'so far') + aborted(2)));
		const run = openRun({ url: server.url });
		assert.deepEqual(await names(run), ['1 delta', '2 aborted']);
		assert.deepEqual([run.status, run.text, run.error], ['stopped', 'so far', null]);
		assert.equal(await run.stop(), true);
		assert.deepEqual(server.asked, ['POST /runs']);
	});

});

describe('A run that cannot be started', LIMIT, () => {

	const json = { 'Content-Type': 'application/problem+json' };
	for (const [what, reply, code, message, retryable] of [
		['a problem', status(429, '{"title":"Too Many Requests","detail":"Three runs at a time."}', json), 'http-429', 'Three runs at a time.', true],
		['a message', status(400, '{"error":"Bad Request","message":"No such model."}', json), 'http-400', 'No such model.', false],
		['an error', status(404, '{"error":"Not Found"}', json), 'http-404', 'Not Found', false],
		['a provider\'s error', status(500, '{"error":{"message":"Oh"}}', json), 'http-500', 'Oh', true],
		['a page', status(502, '<html>'), 'http-502', 'The server answered 502.', true],
		['nothing', status(503), 'http-503', 'The server answered 503.', true],
		['no content', status(204), 'gone', 'The run is over.', false],
		['what is no stream', status(200, '<html>', { 'Content-Type': 'text/html', 'X-Run-Id': 'r' }), 'not-a-stream', /did not answer with a stream/, false],
		['a cut before the response', (response) => response.destroy(), 'offline', 'The server cannot be reached.', true]
	]) {
		test(`says so and does not ask again: ${what}`, async () => {
			const server = await serve(reply);
			const run = await openRun({ url: server.url, body: {} }).finished;
			assert.equal(run.status, 'error');
			assert.ok(run.error instanceof RunError);
			assert.equal(run.error.code, code);
			assert[typeof message === 'string' ? 'equal' : 'match'](run.error.message, message);
			assert.equal(run.error.retryable, retryable);
			await new Promise((resolve) => setTimeout(resolve, 50));
			assert.deepEqual(server.asked, ['POST /runs']);
		});
	}

	test('reports a server that is not there', async () => {
		const run = await openRun({ url: 'http://127.0.0.1:9/none' }).finished;
		assert.equal(run.error.code, 'offline');
		assert.ok(run.error.cause);
	});

});

describe('A broken connection', LIMIT, () => {

	test('is resumed by GET after the last event, however often, and never by POST', async () => {
		const server = await serve(
			(response) => {
				open(response, 'r').write(start(1, 'r') + delta(2, 'Hello'));
				cut(response);
			},
			(response) => {
				open(response, 'r').write(delta(3, ' wor') + 'id: 4\nevent: delta\nda');
				cut(response);
			},
			(response) => response.destroy(),
			status(503, 'full'),
			status(429, 'slow down'),
			(response) => open(response, 'r').end(),
			(response) => answer(open(response, 'r'), 3));
		const states = [];
		const run = openRun({ url: server.url, body: {}, headers: { Authorization: 'x' }, onUpdate: ({ status: now }) => now !== states.at(-1) && states.push(now) });
		assert.deepEqual(await names(run), ['1 start', '2 delta', '3 delta', '4 delta', '5 done']);
		assert.equal(run.text, 'Hello world');
		assert.equal(run.attempt, 0);
		assert.deepEqual(server.asked, ['POST /runs', ...Array(6).fill('GET /runs/r')]);
		assert.deepEqual(server.requests.map(({ headers }) => headers['last-event-id']), [undefined, '2', '3', '3', '3', '3', '3']);
		assert.ok(server.requests.every(({ headers }) => headers.authorization === 'x' && headers.accept === 'text/event-stream'));
		assert.deepEqual(states, ['streaming', 'reconnecting', 'streaming', 'reconnecting', 'streaming', 'reconnecting', 'streaming', 'done']);
	});

	test('drops what it has seen when the server sends it again', async () => {
		const server = await serve(
			(response) => {
				open(response, 'r').write(start(1, 'r') + delta(2, 'Hello') + delta(3, ' wor'));
				cut(response);
			},
			(response) => answer(open(response, 'r')));
		const run = openRun({ url: server.url });
		assert.deepEqual(await names(run), ['1 start', '2 delta', '3 delta', '4 delta', '5 done']);
		assert.equal(run.text, 'Hello world');
	});

	test('is resumed from the first event if none came, and when nothing but the headers did', async () => {
		const server = await serve((response) => cut(open(response, 'r')), (response) => answer(open(response, 'r')));
		const run = await openRun({ url: server.url }).finished;
		assert.equal(run.text, 'Hello world');
		assert.equal(server.requests[1].headers['last-event-id'], undefined);
	});

	test('is resumed after a clean end without a last event', async () => {
		const server = await serve((response) => open(response, 'r').end(start(1, 'r') + delta(2, 'Hello')), (response) => answer(open(response, 'r'), 2));
		assert.equal((await openRun({ url: server.url }).finished).text, 'Hello world');
	});

	test('is an error if the server gave the run no id', async () => {
		for (const end of [cut, (response) => response.end()]) {
			const server = await serve((response) => {
				open(response).write(start(1, 'r') + delta(2, 'Hello'));
				end(response);
			});
			const run = await openRun({ url: server.url, body: {} }).finished;
			assert.deepEqual([run.status, run.error.code, run.error.retryable, run.text], ['error', 'connection-lost', true, 'Hello']);
			await new Promise((resolve) => setTimeout(resolve, 50));
			assert.deepEqual(server.asked, ['POST /runs']);
		}
	});

	test('is resumed by the id of the first event if told so, and not at all if told so', async () => {
		const broken = (id) => (response) => {
			open(response, id).write(start(1, 'r') + delta(2, 'Hello'));
			cut(response);
		};
		const trusting = await serve(broken(), (response) => answer(open(response), 2));
		assert.equal((await openRun({ url: trusting.url, resume: true }).finished).text, 'Hello world');
		assert.deepEqual(trusting.asked, ['POST /runs', 'GET /runs/r']);
		const refusing = await serve(broken('r'));
		assert.equal((await openRun({ url: refusing.url, resume: false }).finished).error.code, 'connection-lost');
		assert.deepEqual(refusing.asked, ['POST /runs']);
	});

	test('is an error after an event without an id, since nobody knows where to go on', async () => {
		const server = await serve((response) => {
			open(response, 'r').write(start(1, 'r') + delta(null, 'Hello'));
			cut(response);
		});
		assert.equal((await openRun({ url: server.url }).finished).error.code, 'connection-lost');
		assert.deepEqual(server.asked, ['POST /runs']);
	});

	for (const [code, expected] of [[204, 'gone'], [400, 'http-400'], [401, 'http-401'], [403, 'http-403'], [404, 'http-404'], [410, 'http-410']]) {
		test(`is given up when the server answers ${code}`, async () => {
			const server = await serve((response) => {
				open(response, 'r').write(delta(1, 'Hello'));
				cut(response);
			}, status(code));
			const run = await openRun({ url: server.url }).finished;
			assert.deepEqual([run.status, run.error.code, run.text], ['error', expected, 'Hello']);
			await new Promise((resolve) => setTimeout(resolve, 50));
			assert.deepEqual(server.asked, ['POST /runs', 'GET /runs/r']);
		});
	}

	test('is given up after so many tries in a row that brought nothing', async () => {
		const broken = (last) => (response) => {
			open(response, 'r', 1).write(delta(last, '.'));
			cut(response);
		};
		const nothing = (response) => response.destroy();
		const server = await serve(broken(1), nothing, nothing, broken(2), nothing, nothing, nothing);
		const run = await openRun({ url: server.url, maxAttempts: 3 }).finished;
		assert.deepEqual([run.status, run.error.code, run.text, server.requests.length], ['error', 'offline', '..', 7]);
	});

	test('is resumed at other addresses if they are given', async () => {
		const server = await serve((response) => {
			open(response, 'a/b$&').write(delta(1, 'a'));
			cut(response);
		}, (response) => open(response, 'a/b$&').write(delta(2, 'b')), status(204));
		const run = follow(openRun, { url: `${server.url}?start`, runUrl: `${server.url}/of/{id}/events?x=1`, stopUrl: `${server.url}/halt/{id}` });
		await run.until(({ text }) => text === 'ab');
		await run.stop();
		assert.deepEqual(server.asked, ['POST /runs?start', 'GET /runs/of/a%2Fb%24%26/events?x=1', 'POST /runs/halt/a%2Fb%24%26']);
	});

	test('leaves the query of the first address where it belongs', async () => {
		const server = await serve((response) => {
			open(response, 'r').write(delta(1, 'a'));
			cut(response);
		}, (response) => open(response, 'r').write(delta(2, 'b')), status(204));
		const run = follow(openRun, { url: `${server.url}/?tenant=1` });
		await run.until(({ text }) => text === 'ab');
		await run.stop();
		assert.deepEqual(server.asked, ['POST /runs/?tenant=1', 'GET /runs/r?tenant=1', 'POST /runs/r/stop?tenant=1']);
	});

	test('asks for new headers with each request, and tries again when there are none to be had', async () => {
		const server = await serve((response) => {
			open(response, 'r').write(delta(1, 'a'));
			cut(response);
		}, (response) => open(response, 'r').end(delta(2, 'b') + done(3)));
		let asked = 0;
		const run = await openRun({ url: server.url, getHeaders() {
			asked++;
			if (asked === 2) {
				throw new Error('no token');
			}
			return { Authorization: `token ${asked}` };
		} }).finished;
		assert.equal(run.text, 'ab');
		assert.deepEqual(server.requests.map(({ headers }) => headers.authorization), ['token 1', 'token 3']);
	});

	test('is not resumed when an event is too large, since it would be again', async () => {
		const server = await serve((response) => open(response, 'r').write(delta(1, 'x'.repeat(3000))));
		const run = await openRun({ url: server.url, maxEventSize: 1000 }).finished;
		assert.equal(run.error.code, 'event-too-large');
		assert.equal(await server.requests[0].closed, 'aborted');
		assert.deepEqual(server.asked, ['POST /runs']);
	});

});

describe('Attaching to a run', LIMIT, () => {

	test('gets all of it by GET', async () => {
		const server = await serve((response) => answer(open(response, 'r')));
		const run = await openRun({ url: server.url, runId: 'r' }).finished;
		assert.equal(run.text, 'Hello world');
		assert.deepEqual(server.asked, ['GET /runs/r']);
		assert.equal(server.requests[0].headers['last-event-id'], undefined);
	});

	test('gets the rest of it, and tries again if it must', async () => {
		const server = await serve((response) => response.destroy(), (response) => answer(open(response), 3));
		const run = await openRun({ url: server.url, runId: 'r', lastEventId: 3, maxDelay: 20 }).finished;
		assert.equal(run.text, 'ld');
		assert.deepEqual(server.asked, ['GET /runs/r', 'GET /runs/r']);
		assert.deepEqual(server.requests.map(({ headers }) => headers['last-event-id']), ['3', '3']);
	});

	test('ends at once if there is no such run', async () => {
		const server = await serve(status(404, '{"detail":"No such run."}'));
		const run = await openRun({ url: server.url, runId: 'r' }).finished;
		assert.deepEqual([run.status, run.error.code, run.error.message], ['error', 'http-404', 'No such run.']);
	});

});

describe('Stopping', LIMIT, () => {

	test('tells the server, closes the connection and keeps the text', async () => {
		const server = await serve((response) => open(response, 'r').write(start(1, 'r') + delta(2, 'so far')), status(204));
		const run = follow(openRun, { url: server.url, headers: { 'X-CSRF': '1' } });
		await run.until(({ text }) => text !== '');
		const stopped = run.stop();
		assert.equal(run.status, 'stopped');
		assert.equal(await stopped, true);
		assert.equal(await server.requests[0].closed, 'aborted');
		assert.deepEqual(server.asked, ['POST /runs', 'POST /runs/r/stop']);
		assert.equal(server.requests[1].headers['x-csrf'], '1');
		assert.equal(server.requests[1].headers.accept, '*/*', 'the answer is no stream');
		assert.deepEqual([run.status, run.text, run.error], ['stopped', 'so far', null]);
		assert.deepEqual(await names(run), ['1 start', '2 delta']);
	});

	test('only closes the connection of a run without an id', async () => {
		const server = await serve((response) => open(response).write(start(1, 'r') + delta(2, 'so far')));
		const run = follow(openRun, { url: server.url });
		await run.until(({ text }) => text !== '');
		assert.equal(await run.stop(), true);
		assert.equal(await server.requests[0].closed, 'aborted');
		assert.deepEqual(server.asked, ['POST /runs']);
	});

	test('before the server has answered waits for the id, so that the run is stopped', async () => {
		let respond;
		const server = await serve((response) => respond = () => open(response, 'r').write(start(1, 'r') + delta(2, 'late')), status(202));
		const run = openRun({ url: server.url });
		await server.request(1);
		const stopped = run.stop();
		assert.equal(run.status, 'stopped');
		respond();
		assert.equal(await stopped, true);
		assert.deepEqual(server.asked, ['POST /runs', 'POST /runs/r/stop']);
		assert.equal(await server.requests[0].closed, 'aborted');
		assert.equal(run.text, '');
	});

	test('before the server has answered goes on waiting whatever else is called', async () => {
		for (const then of [(run) => run.stop(), (run) => run.close(), (run) => names(run)]) {
			let respond;
			const server = await serve((response) => respond = () => open(response, 'r').write(start(1, 'r')), status(202), status(202));
			const run = openRun({ url: server.url });
			await server.request(1);
			const stopped = run.stop();
			const other = then(run);
			respond();
			assert.equal(await stopped, true);
			assert.deepEqual(server.asked.slice(0, 2), ['POST /runs', 'POST /runs/r/stop']);
			await other;
		}
	});

	test('before the server has answered waits for the id within a callback too', async () => {
		let respond;
		const server = await serve((response) => respond = () => open(response, 'r').write(start(1, 'r')), status(202), status(202));
		const run = openRun({ url: server.url, onUpdate: (updated) => updated.stop() });
		await server.request(1);
		const stopped = run.stop();
		respond();
		assert.equal(await stopped, true);
		assert.equal(server.asked[1], 'POST /runs/r/stop');
	});

	test('says no if the start was given up before, since the run may go on', async () => {
		const server = await serve(() => {});
		const run = openRun({ url: server.url });
		await server.request(1);
		run.close();
		assert.equal(await run.stop(), false);
		assert.equal(await server.requests[0].closed, 'aborted');
		assert.deepEqual(server.asked, ['POST /runs']);
	});

	test('before the server has answered only closes a connection that cannot be resumed', async () => {
		const server = await serve(() => {});
		const run = openRun({ url: server.url, resume: false });
		await server.request(1);
		assert.equal(await run.stop(), true);
		assert.equal(await server.requests[0].closed, 'aborted');
	});

	test('before anything was asked asks for nothing', async () => {
		const server = await serve();
		assert.equal(await openRun({ url: server.url }).stop(), true);
		assert.deepEqual(server.asked, []);
	});

	test('as it begins to wait to reconnect does not wait', async () => {
		for (const leave of ['stop', 'close']) {
			const server = await serve((response) => {
				open(response, 'r', 60_000).write(delta(1, 'a'));
				cut(response);
			}, status(204), status(204));
			const run = await openRun({ url: server.url, onUpdate: (updated) => {
				if (updated.status === 'reconnecting') {
					updated[leave]();
				}
			} }).finished;
			assert.equal(await within(2000, run.stop(), leave), true);
			assert.equal(server.asked[1], 'POST /runs/r/stop');
		}
	});

	test('while it waits to reconnect ends the waiting', async () => {
		const server = await serve((response) => {
			open(response, 'r', 60_000).write(delta(1, 'a'));
			cut(response);
		}, status(204));
		const run = follow(openRun, { url: server.url });
		await run.until((one) => one.status === 'reconnecting');
		assert.equal(await within(2000, run.stop(), 'the stop'), true);
		assert.deepEqual(server.asked, ['POST /runs', 'POST /runs/r/stop']);
	});

	test('says if the server did not take note, and can be tried again', async () => {
		const server = await serve((response) => open(response, 'r').write(delta(1, 'a')), (response) => response.destroy(), status(204));
		const run = follow(openRun, { url: server.url });
		await run.until(({ text }) => text !== '');
		assert.equal(await run.stop(), false);
		assert.equal(await run.stop(), true);
		assert.deepEqual(server.asked, ['POST /runs', 'POST /runs/r/stop', 'POST /runs/r/stop']);
	});

	test('does nothing after the end', async () => {
		const server = await serve((response) => answer(open(response, 'r')));
		const run = await openRun({ url: server.url }).finished;
		assert.equal(await run.stop(), true);
		run.close();
		assert.deepEqual([run.status, server.requests.length], ['done', 1]);
	});

	test('within a callback takes nothing more', async () => {
		const server = await serve((response) => open(response, 'r').write(delta(1, 'a') + delta(2, 'b') + done(3)), status(204));
		const run = openRun({ url: server.url, onEvent: (event, self) => self.stop() });
		assert.deepEqual(await names(run), ['1 delta']);
		await server.request(2);
		assert.deepEqual([run.status, run.text], ['stopped', 'a']);
		assert.deepEqual(server.asked, ['POST /runs', 'POST /runs/r/stop']);
	});

	test('is not what a signal or close() does', async () => {
		for (const leave of [(run, controller) => controller.abort(), (run) => run.close()]) {
			const server = await serve((response) => open(response, 'r').write(delta(1, 'a')));
			const controller = new AbortController();
			const run = follow(openRun, { url: server.url, signal: controller.signal });
			await run.until(({ text }) => text !== '');
			leave(run, controller);
			assert.equal(await server.requests[0].closed, 'aborted');
			assert.equal((await run.finished).status, 'stopped');
			await new Promise((resolve) => setTimeout(resolve, 30));
			assert.deepEqual(server.asked, ['POST /runs']);
		}
	});

	test('with a signal that was aborted before asks for nothing', async () => {
		const server = await serve();
		const run = await openRun({ url: server.url, signal: AbortSignal.abort() }).finished;
		await new Promise((resolve) => setTimeout(resolve, 30));
		assert.deepEqual([run.status, server.requests.length], ['stopped', 0]);
	});

});

/** Turns of the event loop, for promises and streams to settle; no timers are involved. */
async function settle() {
	for (let i = 0; i < 20; i++) {
		await new Promise((resolve) => setImmediate(resolve));
	}
}

/** Stands in for fetch, with streams that the test writes to. */
function network() {
	const calls = [];
	const fetch = (url, { method, signal, headers }) => new Promise((resolve, reject) => {
		const call = { url, method, signal, headers, at: Date.now() };
		const body = new ReadableStream({ start: (controller) => call.stream = controller });
		signal?.addEventListener('abort', () => {
			reject(signal.reason);
			try {
				call.stream.error(signal.reason);
			}
			catch {
				// it was closed
			}
		});
		call.open = (id = 'r') => resolve(new Response(body, { headers: { 'Content-Type': 'text/event-stream', ...id && { 'X-Run-Id': id } } }));
		call.write = (text) => call.stream.enqueue(new TextEncoder().encode(text));
		call.cut = () => call.stream.error(new TypeError('network error'));
		call.fail = () => reject(new TypeError('fetch failed'));
		calls.push(call);
	});
	return { calls, fetch };
}

describe('In virtual time a run', LIMIT, () => {

	let random;

	beforeEach(() => {
		mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'] });
		random = mock.method(Math, 'random', () => 0);
	});

	afterEach(() => {
		mock.timers.reset();
		mock.restoreAll();
		delete globalThis.document;
		delete globalThis.addEventListener;
		delete globalThis.navigator;
	});

	async function pass(ms) {
		for (let left = ms; left > 0; left -= 50) {
			mock.timers.tick(Math.min(50, left));
			await settle();
		}
	}

	async function streaming(options = {}, id = 'r') {
		const { calls, fetch } = network();
		const run = openRun({ url: '/runs', fetch, ...options });
		await settle();
		calls[0].open(id);
		calls[0].write(delta(1, 'a'));
		await settle();
		assert.equal(run.text, 'a');
		return { run, calls };
	}

	test('doubles its delay up to the limit, and begins anew after an event', async () => {
		const { run, calls } = await streaming({ maxDelay: 10_000, heartbeat: 0 });
		calls[0].cut();
		await settle();
		for (let i = 1; i <= 6; i++) {
			await pass(12_000);
			assert.equal(calls.length, i + 1);
			assert.equal(run.attempt, i);
			calls[i].failed = Date.now();
			calls[i].fail();
			await settle();
		}
		const delays = calls.slice(2).map(({ at }, i) => at - calls[i + 1].failed);
		assert.deepEqual(delays, [2000, 4000, 8000, 10_000, 10_000]);
		await pass(10_000);
		calls.at(-1).open();
		calls.at(-1).write(delta(2, 'b'));
		await settle();
		assert.equal(run.attempt, 0);
		const broken = Date.now();
		calls.at(-1).cut();
		await settle();
		await pass(1000);
		assert.equal(calls.at(-1).at - broken, 1000);
		run.close();
	});

	test('spreads its delay by half, and never below what the server asked for', async () => {
		for (const [chance, expected] of [[0, 3000], [0.5, 3750], [1, 4500]]) {
			random.mock.mockImplementation(() => chance);
			const { run, calls } = await streaming({ heartbeat: 0, maxDelay: 100 });
			calls[0].write('retry: 3000\n\n');
			await settle();
			const broken = Date.now();
			calls[0].cut();
			await settle();
			await pass(5000);
			assert.equal(calls[1].at - broken, expected);
			run.close();
		}
	});

	test('takes silence of two and a half heartbeats for a dead connection', async () => {
		const { run, calls } = await streaming({ heartbeat: 4000 });
		await pass(9_000);
		calls[0].write(': hb\n\n');
		await settle();
		await pass(9_950);
		assert.equal(run.status, 'streaming');
		await pass(1_100);
		assert.equal(run.status, 'reconnecting');
		assert.ok(calls[0].signal.aborted);
		await pass(1000);
		assert.deepEqual([calls[1].method, calls[1].url, calls[1].headers.get('Last-Event-ID')], ['GET', '/runs/r', '1']);
		await pass(11_000); // no answer to the GET either
		assert.ok(calls[1].signal.aborted);
		await pass(2000);
		calls[2].open();
		calls[2].write(done(2));
		await settle();
		assert.deepEqual([run.status, calls.length], ['done', 3]);
	});

	test('waits for its start without a limit of its own', async () => {
		const { calls, fetch } = network();
		const run = openRun({ url: '/runs', fetch, heartbeat: 1000 });
		await pass(60_000);
		assert.deepEqual([run.status, calls[0].signal.aborted], ['connecting', false]);
		calls[0].open();
		await settle();
		assert.equal(run.status, 'streaming');
		run.close();
	});

	test('reports silence as an error if it cannot be resumed', async () => {
		const { run, calls } = await streaming({ heartbeat: 4000 }, null);
		await pass(11_100);
		assert.deepEqual([run.status, run.error.code, calls.length], ['error', 'connection-lost', 1]);
	});

	test('watches nothing without heartbeats', async () => {
		const { run } = await streaming({ heartbeat: 0 });
		await pass(120_000);
		assert.equal(run.status, 'streaming');
		run.close();
	});

	function browser() {
		const [page, tab] = [new EventTarget(), new EventTarget()];
		globalThis.addEventListener = page.addEventListener.bind(page);
		globalThis.document = Object.assign(tab, { hidden: false });
		return { online: () => page.dispatchEvent(new Event('online')), show: (on) => {
			tab.hidden = !on;
			tab.dispatchEvent(new Event('visibilitychange'));
		} };
	}

	test('tries at once when the network is back', async () => {
		const { online } = browser();
		const { run, calls } = await streaming({ heartbeat: 0 });
		calls[0].write('retry: 20000\n\n');
		calls[0].cut();
		await settle();
		await pass(5000);
		assert.equal(calls.length, 1);
		online();
		await settle();
		assert.equal(calls.length, 2);
		await pass(30_000); // the timer of the wait is gone
		assert.equal(calls.length, 2);
		run.close();
	});

	test('tries at once when somebody looks, and not when nobody does', async () => {
		const { show } = browser();
		const { run, calls } = await streaming({ heartbeat: 0 });
		calls[0].write('retry: 20000\n\n');
		calls[0].cut();
		await settle();
		show(false);
		await settle();
		assert.equal(calls.length, 1);
		show(true);
		await settle();
		assert.equal(calls.length, 2);
		run.close();
		show(true);
		await settle();
		assert.equal(calls.length, 2);
	});

	test('stays open in a hidden tab, and is not started again when it is shown', async () => {
		const { show } = browser();
		const { run, calls } = await streaming({ heartbeat: 0 });
		show(false);
		calls[0].write(delta(2, 'b'));
		await settle();
		show(true);
		await settle();
		assert.deepEqual([run.text, run.status, calls.length], ['ab', 'streaming', 1]);
		run.close();
	});

	test('doubts a silent connection sooner once the network came back', async () => {
		const { online } = browser();
		const { run } = await streaming({ heartbeat: 4000 });
		online();
		await settle();
		await pass(3_900);
		assert.equal(run.status, 'streaming');
		await pass(1_200);
		assert.equal(run.status, 'reconnecting');
		run.close();
	});

	test('loses no attempts while the browser knows that it is offline', async () => {
		const { online } = browser();
		globalThis.navigator = { onLine: false };
		const { run, calls } = await streaming({ heartbeat: 0, maxAttempts: 2 });
		calls[0].cut();
		await settle();
		for (let i = 1; i < 6; i++) {
			await pass(1000);
			calls[i].fail();
			await settle();
		}
		assert.deepEqual([run.status, run.attempt], ['reconnecting', 0]);
		globalThis.navigator.onLine = true;
		online();
		await settle();
		calls[6].open();
		calls[6].write(delta(2, 'b') + done(3));
		await settle();
		assert.deepEqual([run.status, run.text], ['done', 'ab']);
	});

	test('stopped before any answer, gives up to wait for one', async () => {
		const { calls, fetch } = network();
		const run = openRun({ url: '/runs', fetch });
		await settle();
		const stopped = run.stop();
		await pass(11_900);
		assert.equal(calls[0].signal.aborted, false, 'the server takes ten seconds to decide at most');
		await pass(200);
		assert.equal(calls[0].signal.aborted, true);
		assert.equal(await stopped, false, 'the run may go on');
		assert.equal(calls.length, 1);
	});

});
