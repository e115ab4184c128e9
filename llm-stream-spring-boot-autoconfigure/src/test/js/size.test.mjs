import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import * as client from '../../main/resources/META-INF/resources/llm-stream/llm-stream.js';

const folder = new URL('../../main/resources/META-INF/resources/llm-stream/', import.meta.url);

test('The module is one file of less than 5 KB, gzipped', () => {
	const source = readFileSync(new URL('llm-stream.js', folder));
	assert.doesNotMatch(source.toString(), /\bimport\b/);
	const size = gzipSync(source).length;
	assert.ok(size < 5000, `${size} bytes`);
});

test('The types name what the module exports', () => {
	const types = readFileSync(new URL('llm-stream.d.ts', folder), 'utf8');
	const declared = [...types.matchAll(/^export (?:function|class) (\w+)/gm)].map(([, name]) => name);
	assert.deepEqual(declared.sort(), Object.keys(client).sort());
});
