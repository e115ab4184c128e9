import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ask, ended, onPage, picture, stack } from './browser.mjs';

const VIEWS = [['light', 1180], ['dark', 1180], ['light', 390], ['dark', 390]];

/** Shows an answer that is made of the given events, without a server. */
const show = (page, events, status = 'done') => page.evaluate(async (job) => {
	const { AnswerView } = await import('./js/answer-view.js');
	const view = new AnswerView('sim-openai', { drawn() {}, retry() {} });
	view.run = { text: '', reasoning: '', status: 'streaming', metrics: { ttft: 210, tokensPerSecond: null, estimated: true, elapsed: 300 } };
	document.getElementById('welcome').hidden = true;
	document.getElementById('log').append(view.node);
	for (const [type, data] of job.events) {
		view.run.text += (type === 'delta' && data.kind === 'text') ? data.text : '';
		view.take(type, data);
	}
	if (job.status) {
		Object.assign(view.run, { status: job.status, ended: true, result: { finishReason: 'stop' } });
		view.close();
	}
}, { events, status });

const call = (index, name, args) => ['tool_call', { index, id: `c${index}`, name, arguments: JSON.stringify(args) }];
const result = (index, content, error = false) => ['tool_result', { id: `c${index}`, name: 't', content, error }];

describe(`Tools on the page of the ${stack} stack`, { timeout: 180_000 }, () => {

	test('that fail are told apart, and the model goes on', () => onPage(async (page) => {
		await ask(page, 'What is the weather in Atlantis? Use a tool');
		const answer = await ended(page);
		const tool = answer.locator('.tool');
		assert.match(await tool.getAttribute('class'), /failed/);
		assert.equal(await tool.locator('.state').textContent(), 'failed');
		assert.match(await tool.locator('.result').textContent(), /no weather station in Atlantis/);
		assert.match(await answer.locator('.markdown').last().textContent(), /The tool could not tell me/);
		await picture(page, 'tool-failed');
	}));

	test('tell how they stand', () => onPage(async (page) => {
		await show(page, [['delta', { kind: 'tool_args', text: '{"a":', index: 0, id: 'c0', name: 'look_up' }]], null);
		const state = page.locator('.tool .state').last();
		assert.equal(await state.textContent(), 'is being called…');
		await show(page, [call(0, 'look_up', {})], null);
		assert.equal(await state.textContent(), 'runs…');
		await show(page, [call(0, 'look_up', {}), result(0, 'found')]);
		assert.equal(await state.textContent(), '');
		await show(page, [call(0, 'look_up', {})], 'stopped');
		assert.equal(await state.textContent(), 'no result');
	}));

	for (const [colorScheme, width] of VIEWS) {
		test(`with nothing, much or an error to say fit in (${colorScheme}, ${width} px)`, () => onPage(async (page) => {
			const rows = Array.from({ length: 300 }, (_, i) => ({ id: i, name: `Row number ${i}`, note: 'x'.repeat(40) }));
			await show(page, [
				['delta', { kind: 'text', text: 'Let me see.' }],
				call(0, 'delete_file', { path: '/tmp/a' }), call(1, 'query_database_with_a_rather_long_name_of_its_own', { sql: 'select * from rows' }),
				call(2, 'send_mail', { to: 'ada@example.com' }),
				result(0, ''), result(1, JSON.stringify(rows)), result(2, 'The mail server did not answer in time', true)
			]);
			const tools = page.locator('.tool');
			assert.equal(await tools.count(), 3);
			assert.equal(await tools.nth(0).locator('.result').textContent(), 'nothing');
			assert.match(await tools.nth(1).locator('.state').textContent(), /^\d\d,\d{3} characters$/);
			const box = await tools.nth(1).locator('.result').boundingBox();
			assert.ok(box.height < 300, `a long result takes ${box.height} px`);
			const [inner, outer] = await page.evaluate(() => [document.querySelector('main').scrollWidth, document.querySelector('main').clientWidth]);
			assert.ok(inner <= outer, 'nothing sticks out');
			const out = await page.evaluate(() => [...document.querySelectorAll('.tool, .tool *')]
				.filter((node) => node.getBoundingClientRect().right > innerWidth).map((node) => node.className || node.tagName));
			assert.deepEqual(out, []);
			await picture(page, `tools-${colorScheme}-${width}`);
		}, { colorScheme, viewport: { width, height: 1000 } }));
	}

});
