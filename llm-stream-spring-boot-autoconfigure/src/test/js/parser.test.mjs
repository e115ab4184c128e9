import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createParser, parseSSE, RunError } from '../../main/resources/META-INF/resources/llm-stream/llm-stream.js';

const event = (data, name = 'message', id = '') => ({ id, event: name, data });

/** [what, stream, events, retries, comments] */
const CASES = [
	['one event', 'data: hello\n\n', [event('hello')]],
	['an event without a space after the colon', 'data:hello\n\n', [event('hello')]],
	['one space only is dropped', 'data:   hello \n\n', [event('  hello ')]],
	['a tab is not a space', 'data:\thello\n\n', [event('\thello')]],
	['several lines of data', 'data: a\ndata:\ndata: b\n\n', [event('a\n\nb')]],
	['empty data', 'data\n\ndata:\n\ndata: \n\n', [event(''), event(''), event('')]],
	['two empty lines of data', 'data\ndata\n\n', [event('\n')]],
	['colons in the value', 'data: a: b:c\n\n', [event('a: b:c')]],
	['JSON', 'data: {"text":" world\\n"}\n\n', [event('{"text":" world\\n"}')]],
	['a name', 'event: delta\ndata: x\n\ndata: y\n\n', [event('x', 'delta'), event('y')]],
	['a name after the data', 'data: x\nevent: delta\n\n', [event('x', 'delta')]],
	['the last name counts', 'event: a\nevent: b\ndata: x\n\n', [event('x', 'b')]],
	['an empty name', 'event: a\nevent\ndata: x\n\n', [event('x')]],
	['a name without data is dropped and forgotten', 'event: a\n\ndata: x\n\n', [event('x')]],
	['an id', 'id: 1\ndata: x\n\n', [event('x', 'message', '1')]],
	['an id lasts', 'id: 1\ndata: x\n\ndata: y\n\n', [event('x', 'message', '1'), event('y', 'message', '1')]],
	['an empty id ends that', 'id: 1\ndata: x\n\nid\ndata: y\n\n', [event('x', 'message', '1'), event('y')]],
	['an id of an event without data lasts', 'id: 7\n\ndata: y\n\n', [event('y', 'message', '7')]],
	['an id with NUL is ignored', 'id: 1\ndata: x\n\nid: 2\0\ndata: y\n\n', [event('x', 'message', '1'), event('y', 'message', '1')]],
	['an id with spaces', 'id:  a b \ndata: x\n\n', [event('x', 'message', ' a b ')]],
	['CR', 'event: a\rdata: x\rdata: y\r\rdata: z\r\r', [event('x\ny', 'a'), event('z')]],
	['CRLF', 'event: a\r\ndata: x\r\ndata: y\r\n\r\ndata: z\r\n\r\n', [event('x\ny', 'a'), event('z')]],
	['all line ends mixed', 'data: a\r\ndata: b\rdata: c\n\r\ndata: d\r\n\rdata: e\n\n', [event('a\nb\nc'), event('d'), event('e')]],
	['LF CR are two line ends', 'data: a\n\rdata: b\n\n', [event('a'), event('b')]],
	['CR CRLF are two line ends', 'data: a\r\r\ndata: b\n\n', [event('a'), event('b')]],
	['empty lines', '\n\n\r\r\n\ndata: a\n\n\n\n', [event('a')]],
	['a byte order mark', '\ufeffdata: a\n\n', [event('a')]],
	['only the first of two', '\ufeff\ufeffdata: a\n\ndata: b\n\n', [event('b')]],
	['one that is not at the begin', 'data: a\n\n\ufeffdata: b\n\ndata: \ufeffc\n\n', [event('a'), event('\ufeffc')]],
	['comments', ': one\n:two\n:\ndata: a\n: three\n\n', [event('a')], [], ['one', 'two', '', 'three']],
	['a comment between lines of data', 'data: a\n:\ndata: b\n\n', [event('a\nb')], [], ['']],
	['a heartbeat is no event', ': hb\n\n: hb\n\n', [], [], ['hb', 'hb']],
	['retry', 'retry: 10\nretry:20\n\ndata: a\n\n', [event('a')], [10, 20]],
	['what is no number', 'retry: 1s\nretry: -1\nretry: 1.5\nretry\nretry: 1 \nretry: ٣\nretry: 0x1\n\n', [], []],
	['retry of zero and with leading zeros', 'retry: 0\nretry: 007\n\n', [], [0, 7]],
	['unknown fields', 'foo: bar\nfoo\nDATA: x\n data: x\ndata : x\nEvent: x\ndata: a\n\n', [event('a')]],
	['a field name without a colon', 'data\nevent\nid\nretry\n\n', [event('')]],
	['an unfinished event is dropped', 'data: a\n\ndata: b\n', [event('a')]],
	['an unfinished line is dropped', 'data: a\n\ndata: b', [event('a')]],
	['nothing', '', []],
	['any letters', 'data: ü 😀 👩‍👩‍👧 مرحبا 日本語 \u2028\u2029\u0085\u0000\n\n', [event('ü 😀 👩‍👩‍👧 مرحبا 日本語 \u2028\u2029\u0085\u0000')]],
	['vertical tab and form feed end no line', 'data: a\vb\fc\n\n', [event('a\vb\fc')]],
	['names in any letters', 'event: ärger\nid: ø\ndata: a\n\n', [event('a', 'ärger', 'ø')]],
	['what is on Object.prototype is no field', 'constructor: x\n__proto__: y\ntoString\ndata: a\n\n', [event('a')]],
	['a name without a value and without data', 'event:\n\ndata: a\n\n', [event('a')]],
	['fields in comments are none', ':data: x\n:id: 1\n::\n: event: y\r\n:\0\ndata: a\n\n', [event('a')], [], ['data: x', 'id: 1', ':', 'event: y', '\0']],
	['comments between events that end in CR', 'data: a\r\r: b\r:\r\ndata: c\n\n:d\rdata: e\n\n:', [event('a'), event('c'), event('e')], [], ['b', '', 'd']],
	['a long comment', `:${':'.repeat(300)}\n\ndata: a\n\n`, [event('a')], [], [':'.repeat(300)]],
	['what is no field between lines of data', 'data: a\n data\ndata\nother: b\njust words\n: c\ndata: d\n\n', [event('a\n\nd')], [], ['c']],
	['a field name alone that ends in CR', 'data: a\rdata\rdata: b\r\r', [event('a\n\nb')]],
	['an id with NUL leaves the one before it in the same event', 'id: 1\nid: 2\0\ndata: a\n\n', [event('a', 'message', '1')]],
	['retry with events, good, bad and empty', 'id: 1\nretry: 50\ndata: a\n\nid: 2\nretry: 50x\nretry:\ndata: b\n\nretry: 60\nid: 3\ndata: c\n\n',
		[event('a', 'message', '1'), event('b', 'message', '2'), event('c', 'message', '3')], [50, 60]],
	['what is no event stream at all', '{"error":"no","data":"x"}\n\nNot what was expected\n\n', []],
	['the native protocol', 'retry: 1000\n: ok\n\nid: 1\nevent: start\ndata: {"runId":"r"}\n\nid: 2\nevent: delta\ndata: {"kind":"text","text":" a"}\n\n',
		[event('{"runId":"r"}', 'start', '1'), event('{"kind":"text","text":" a"}', 'delta', '2')], [1000], ['ok']]
];

const body = (chunks) => new ReadableStream({
	start(controller) {
		chunks.forEach((chunk) => controller.enqueue(chunk));
		controller.close();
	}
});

async function collect(chunks, options) {
	const events = [];
	for await (const one of parseSSE(body(chunks), options)) {
		events.push(one);
	}
	return events;
}

async function parse(chunks) {
	const [retries, comments] = [[], []];
	const events = await collect(chunks, { onRetry: (delay) => retries.push(delay), onComment: (text) => comments.push(text) });
	return { events, retries, comments };
}

describe('The parser', () => {

	for (const [what, stream, events, retries = [], comments = []] of CASES) {
		test(`reads ${what}, however it is cut`, async () => {
			const bytes = new TextEncoder().encode(stream);
			const expected = { events, retries, comments };
			assert.deepEqual(await parse([bytes]), expected, 'whole');
			assert.deepEqual(await parse([...bytes].map((byte) => Uint8Array.of(byte))), expected, 'byte by byte');
			for (let at = 1; at < bytes.length; at++) {
				assert.deepEqual(await parse([bytes.subarray(0, at), bytes.subarray(at)]), expected, `cut at ${at}`);
				assert.deepEqual(await parse([bytes.subarray(0, at), new Uint8Array(0), bytes.subarray(at, at + 1), bytes.subarray(at + 1)]),
					expected, `cut at ${at} and ${at + 1}, with an empty chunk`);
			}
		});
	}

	test('reads many streams one after the other, cut at random', async () => {
		let seed = 42;
		const random = (below) => (seed = (seed * 1103515245 + 12345) % 2147483648) % below;
		const cases = CASES.filter(([, stream]) => !stream.includes('\ufeff') && !stream.includes('unfinished') && !stream.includes('id'));
		for (let round = 0; round < 200; round++) {
			const chosen = Array.from({ length: 5 }, () => cases[random(cases.length)]);
			const bytes = new TextEncoder().encode(chosen.map(([, stream]) => `${stream}\n\n\n`).join(''));
			const chunks = [];
			for (let at = 0; at < bytes.length;) {
				const size = 1 + random(12);
				chunks.push(bytes.subarray(at, at + size));
				at += size;
			}
			const whole = await parse([bytes]);
			assert.deepEqual(await parse(chunks), whole, `round ${round}`);
			assert.ok(whole.events.length >= chosen.reduce((sum, [, , events]) => sum + events.length, 0), `round ${round}`);
		}
	});

	test('gives an event as soon as its empty line is there, even if that ends with a lone CR', () => {
		const events = [];
		const parser = createParser({ onEvent: (one) => events.push(one.data) });
		parser.feed('data: a\r\n\r');
		assert.deepEqual(events, ['a']);
		parser.feed('\ndata: b\n');
		assert.deepEqual(events, ['a']);
		parser.feed('\n');
		assert.deepEqual(events, ['a', 'b']);
	});

	test('tells which events have an id of their own, and takes an id only with a whole event', () => {
		const seen = [];
		const parser = createParser({ lastEventId: '4', onEvent: (one, numbered) => seen.push([one.id, numbered]) });
		assert.equal(parser.lastEventId, '4');
		parser.feed('data: a\n\nid: 5\ndata: b\n\nid\ndata: c\n\nid: 6\ndata: d\n');
		assert.deepEqual(seen, [['4', false], ['5', true], ['', false]]);
		assert.equal(parser.lastEventId, '');
		parser.feed('\n');
		assert.equal(parser.lastEventId, '6');
	});

	for (const [what, stream] of [
		['one long line', `data: ${'x'.repeat(200)}\n\n`],
		['many lines', 'data: x\n'.repeat(60)],
		['a line without an end', 'x'.repeat(200)],
		['a long comment', `: ${'x'.repeat(200)}\n`]
	]) {
		test(`bounds what it holds: ${what}`, async () => {
			const bytes = new TextEncoder().encode(`data: before\n\n${stream}`);
			for (const chunks of [[bytes], [...bytes].map((byte) => Uint8Array.of(byte))]) {
				const events = [];
				await assert.rejects(async () => {
					for await (const one of parseSSE(body(chunks), { maxEventSize: 100 })) {
						events.push(one.data);
					}
				}, (error) => error instanceof RunError && error.code === 'event-too-large' && !error.retryable);
				assert.deepEqual(events, ['before']);
			}
		});
	}

	test('does not bound how many events there are', async () => {
		const bytes = new TextEncoder().encode(': hb\n\ndata: 0123456789\n\n'.repeat(1000));
		assert.equal((await collect([bytes], { maxEventSize: 20 })).length, 1000);
	});

	test('reads an event of many megabytes if it may, to the letter', async () => {
		const line = 'data: 日本語, مرحبا and 👩‍👩‍👧‍👦 in one of very many lines\n';
		const count = Math.ceil((6 << 20) / line.length);
		const bytes = new TextEncoder().encode(`${line.repeat(count)}\n: end\n\nid: 2\ndata: next\n\n`);
		const chunks = [];
		for (let at = 0; at < bytes.length; at += 65_521) {
			chunks.push(bytes.subarray(at, at + 65_521));
		}
		const events = await collect(chunks, { maxEventSize: 8 << 20 });
		assert.equal(events.length, 2);
		assert.ok(events[0].data === Array(count).fill(line.slice('data: '.length, -1)).join('\n'));
		assert.deepEqual(events[1], event('next', 'message', '2'));
		await assert.rejects(collect(chunks), { code: 'event-too-large' });
	});

	test('takes time in proportion to the input when a long event comes in small pieces', () => {
		const took = (length) => {
			const parser = createParser({});
			const begun = performance.now();
			parser.feed('data: ');
			for (let at = 0; at < length; at++) {
				parser.feed('x');
			}
			parser.feed('\n\n');
			return performance.now() - begun;
		};
		took(100_000);
		assert.ok(took(1_000_000) < 5_000);
	});

	test('closes the stream when the loop is left', async () => {
		let cancelled = false;
		const readable = new ReadableStream({
			pull(controller) {
				controller.enqueue(new TextEncoder().encode('data: a\n\n'));
			},
			cancel() {
				cancelled = true;
			}
		});
		for await (const one of parseSSE(readable)) {
			assert.equal(one.data, 'a');
			break;
		}
		assert.ok(cancelled);
	});

});
