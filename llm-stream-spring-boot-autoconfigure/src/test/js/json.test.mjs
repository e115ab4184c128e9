import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { openRun } from '../../main/resources/META-INF/resources/llm-stream/llm-stream.js';
import { cut, delta, done, open, reset, serve, start } from './server.mjs';
import { createJsonReader, JsonError } from '../../main/resources/META-INF/resources/llm-stream/llm-stream-json.js';

const DOCUMENT = JSON.stringify({
	title: 'Pan"cake" \u{1F95E} \\ / \n', servings: 12, price: -1.5e-3, vegan: true, note: null, empty: {}, none: [],
	steps: [{ text: 'Mix', minutes: 5, tools: ['bowl', 'whisk'] }, { text: 'Fry', minutes: 10, tools: [] }],
	deep: [[[[[[['x']]]]]]]
}, null, '\t').replaceAll('\u{1F95E}', '\\ud83e\\udd5e');

/** Whether all of an early value is in a late one. */
function isPrefix(early, late) {
	if (typeof early === 'string') {
		return late.startsWith(early);
	}
	if (early === null || typeof early !== 'object') {
		return early === late;
	}
	const keys = Object.keys(early);
	return keys.every((key, i) => Object.keys(late)[i] === key
		&& (i < keys.length - 1 ? assert.deepEqual(early[key], late[key]) ?? true : isPrefix(early[key], late[key])));
}

test('A value grows consistently wherever its text is cut', () => {
	const whole = JSON.parse(DOCUMENT);
	for (let cut = 1; cut <= DOCUMENT.length; cut++) {
		const reader = createJsonReader();
		const early = structuredClone(reader.feed(DOCUMENT.slice(0, cut)));
		assert.ok(isPrefix(early, whole), `cut at ${cut}`);
		assert.deepEqual(reader.feed(DOCUMENT.slice(cut)), whole);
		assert.ok(reader.complete);
	}
});

test('It tells when the value has grown, and only then', () => {
	const seen = [];
	const reader = createJsonReader({ onChange: (value) => seen.push(structuredClone(value)) });
	for (const piece of ['Sure: {', '"a"', ':', '1', '2', ',', ' "b":"', 'x', '\\', 'n', '"', '}', ' bye']) {
		reader.feed(piece);
	}
	assert.deepEqual(seen, [{ a: 12 }, { a: 12, b: '' }, { a: 12, b: 'x' }, { a: 12, b: 'x\n' }, { a: 12, b: 'x\n' }]);
});

test('A long string costs no more for being there', () => {
	const pieces = (count) => {
		const reader = createJsonReader();
		reader.feed('{"a":"');
		const begun = performance.now();
		for (let i = 0; i < count; i++) {
			reader.feed('0123456789');
		}
		const took = performance.now() - begun;
		assert.equal(reader.feed('"}').a.length, count * 10);
		return took;
	};
	pieces(1000);
	const [short, long] = [pieces(5_000), pieces(40_000)];
	assert.ok(long < 8 * 4 * short + 50, `${short} ms, but ${long} ms for eight times as much`);
});

test('Half a character waits for the other half', () => {
	for (const halves of [['\ud83e', '\udd5e'], ['\\ud83e', '\\udd5e'], ['\ud83e', '\\udd5e'], ['\\ud83e', '\udd5e']]) {
		const reader = createJsonReader();
		assert.deepEqual(reader.feed(`{"a":"x${halves[0]}`), { a: 'x' });
		assert.deepEqual(reader.feed(halves[1]), { a: 'x\u{1F95E}' });
		assert.deepEqual(reader.feed('y'), { a: 'x\u{1F95E}y' });
		assert.deepEqual(reader.feed('\\n'), { a: 'x\u{1F95E}y\n' });
		assert.deepEqual(reader.feed('"}'), { a: 'x\u{1F95E}y\n' });
	}
	assert.deepEqual(createJsonReader().feed('{"a":"\ud83e","b":"'), { a: '\ud83e', b: '' });
});

test('What stands around the JSON is passed over', () => {
	for (const text of ['```json\n{"a":1}\n```', 'A set {x, y}: {"a":1} and {"b":2}', '{"a":1}']) {
		assert.deepEqual(createJsonReader().feed(text), { a: 1 });
	}
});

test('What is no JSON is an error', () => {
	for (const text of ['{"a":01,', '{"a":1,"a":2}', '{"a":1 2', '{"a":tru,', '{"a":"\\x', '{"a":"\\u12g', '{"a":1,}',
		'['.repeat(600)]) {
		assert.throws(() => createJsonReader().feed(text), JsonError, text);
	}
});

test('An object grows out of a run that breaks, comes back and begins anew', { timeout: 20_000 }, async () => {
	const piece = (id, text) => delta(id, text, 'object');
	const server = await serve(
		(response) => {
			open(response, 'r');
			[start(1, 'r'), piece(2, '{"title":"So'), piece(4, 'up","steps":["Ch')].forEach((event) => response.write(event));
			cut(response);
		},
		(response) => {
			open(response, 'r');
			[piece(5, 'op"'), reset(6), piece(7, '{"title":"Stew'), piece(8, '"}'), done(9, 3)].forEach((event) => response.write(event));
			response.end();
		}
	);
	const seen = [];
	let reader = createJsonReader();
	const run = openRun({
		url: server.url,
		onEvent({ event, json }) {
			if (event === 'reset') {
				reader = createJsonReader();
			}
			else if (json.kind === 'object') {
				seen.push(structuredClone(reader.feed(json.text)));
			}
		}
	});
	await run.finished;
	assert.equal(run.status, 'done');
	assert.deepEqual(seen, [{ title: 'So' }, { title: 'Soup', steps: ['Ch'] }, { title: 'Soup', steps: ['Chop'] }, { title: 'Stew' }, { title: 'Stew' }]);
	assert.equal(run.text, '{"title":"Stew"}');
	assert.ok(reader.complete);
	assert.equal(server.requests[1].headers['last-event-id'], '4');
});

test('No name reaches a prototype', () => {
	const value = createJsonReader().feed('{"__proto__":{"polluted":true},"constructor":1}');
	assert.deepEqual(Object.keys(value), ['__proto__', 'constructor']);
	assert.equal({}.polluted, undefined);
	assert.equal(Object.getPrototypeOf(value), Object.prototype);
});

test('The module is one file of less than 2 KB, gzipped', () => {
	const source = readFileSync(new URL('../../main/resources/META-INF/resources/llm-stream/llm-stream-json.js', import.meta.url));
	assert.doesNotMatch(source.toString(), /\bimport\b/);
	const size = gzipSync(source).length;
	assert.ok(size < 2000, `${size} bytes`);
});
