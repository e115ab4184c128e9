import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, mock, test } from 'node:test';
import { smooth } from '../../main/resources/META-INF/resources/llm-stream/llm-stream.js';

describe('The smoothing', () => {

	let now, frames, shown, reduced;

	const show = (text) => shown.push(text);

	/** Lets the time of so many milliseconds pass, with a frame each 10 of them. */
	const pass = (ms) => {
		for (const until = now + ms; now < until;) {
			now += 10;
			const due = [...frames.values()];
			frames.clear();
			due.forEach((frame) => frame(now));
		}
	};

	beforeEach(() => {
		[now, frames, shown, reduced] = [1000, new Map(), [], false];
		let id = 0;
		mock.method(performance, 'now', () => now);
		globalThis.requestAnimationFrame = (frame) => {
			frames.set(++id, frame);
			return id;
		};
		globalThis.cancelAnimationFrame = (frame) => frames.delete(frame);
		globalThis.matchMedia = (query) => ({ matches: reduced && query === '(prefers-reduced-motion: reduce)' });
		globalThis.document = { hidden: false };
	});

	afterEach(() => {
		mock.restoreAll();
		for (const name of ['requestAnimationFrame', 'cancelAnimationFrame', 'matchMedia', 'document']) {
			delete globalThis[name];
		}
	});

	test('drains what came within 250 ms, evenly', () => {
		smooth(show)('x'.repeat(100));
		assert.deepEqual(shown, []);
		pass(250);
		assert.deepEqual(shown.map(({ length }) => length), Array.from({ length: 25 }, (_, i) => 4 * (i + 1)));
		assert.equal(frames.size, 0);
		pass(100);
		assert.equal(shown.length, 25);
	});

	test('keeps a backlog of a quarter of a second while tokens come, and drains it at the end', () => {
		const push = smooth(show);
		let text = '';
		for (let i = 0; i < 60; i++) {
			text += 'word '; // 20 tokens a second
			push(text);
			pass(50);
		}
		const behind = (text.length - shown.at(-1).length) / 5;
		assert.ok(behind >= 3 && behind <= 5, `${behind} tokens behind`);
		const steps = shown.slice(100).map((one, i, all) => (i === 0) ? 1 : one.length - all[i - 1].length);
		assert.ok(Math.max(...steps) <= 3, `jumps of ${Math.max(...steps)}`);
		pass(260);
		assert.equal(shown.at(-1), text);
		assert.ok(shown.every((one) => text.startsWith(one)));
	});

	test('shows the rest at once when the text is complete', () => {
		const push = smooth(show);
		push('x'.repeat(100));
		pass(20);
		push('x'.repeat(101), true);
		assert.equal(shown.at(-1).length, 101);
		const count = shown.length;
		assert.equal(frames.size, 0);
		push('x'.repeat(101), true);
		pass(300);
		assert.equal(shown.length, count);
	});

	test('flows on after it was complete', () => {
		const push = smooth(show);
		push('abc', true);
		push('abcdef');
		pass(300);
		assert.equal(shown.at(-1), 'abcdef');
	});

	test('begins anew when the text does', () => {
		const push = smooth(show);
		push('old text');
		pass(300);
		push('a new text, longer');
		assert.equal(shown.at(-1), '');
		pass(300);
		assert.equal(shown.at(-1), 'a new text, longer');
		push('');
		assert.equal(shown.at(-1), '');
	});

	test('delays nothing in hidden tabs, for reduced motion and without frames', () => {
		document.hidden = true;
		smooth(show)('one');
		document.hidden = false;
		reduced = true;
		smooth(show)('two');
		reduced = false;
		delete globalThis.requestAnimationFrame;
		smooth(show)('three');
		assert.deepEqual(shown, ['one', 'two', 'three']);
	});

	test('catches up at once when the tab is hidden in between', () => {
		const push = smooth(show);
		push('some text');
		pass(20);
		document.hidden = true;
		push('some text and more');
		assert.equal(shown.at(-1), 'some text and more');
		assert.equal(frames.size, 0);
	});

	test('cuts no character, accent or joined emoji', () => {
		const parts = ['a', '😀', 'e\u0301', '👩\u200d👩\u200d👧\u200d👦', '👍🏽', '❤\ufe0f', 'क्', '日', '\n'];
		const text = parts.join('');
		const ends = new Set(['', ...parts.map((_, i) => parts.slice(0, i + 1).join(''))]);
		smooth(show, { drainMs: 1000 })(text);
		pass(1100);
		assert.equal(shown.at(-1), text);
		assert.ok(shown.length >= parts.length - 1, `${shown.length} steps`);
		for (const one of shown) {
			assert.ok(ends.has(one), `cut after ${JSON.stringify(one)}`);
		}
	});

});
