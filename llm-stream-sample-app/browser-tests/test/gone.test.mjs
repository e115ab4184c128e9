import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ask, ended, eventually, onPage, stack, written } from './browser.mjs';

const UNKNOWN = '0123456789abcdef0123456789abcdef';

describe(`An answer that the server has no more, on the ${stack} stack`, { timeout: 150_000 }, () => {

	test('keeps what came and can be asked for again', () => onPage(async (page, errors) => {
		// takes over half a minute, so that the page comes back in the middle however busy the machine is
		await ask(page, `Echo:${'letters '.repeat(2_000)}`);
		await eventually(async () => await written(page) > 50, 'some letters are shown');
		// As if the server had been started anew: it does not know the run that the page remembers.
		await page.addInitScript((unknown) => {
			const kept = sessionStorage.getItem('conversation') ?? '';
			sessionStorage.setItem('conversation', kept.replace(/"runId":"\w{32}"/g, `"runId":"${unknown}"`));
		}, UNKNOWN);
		await page.reload();
		const answer = await ended(page, 'failed');
		assert.match(await answer.locator('.error').textContent(), /does not have this answer any more.*The answer so far is kept/);
		assert.ok(await written(page) > 50);
		const retry = answer.getByRole('button', { name: 'Retry' });
		assert.equal(await retry.count(), 1);
		errors.length = 0; // the browser itself reports the 404
		await retry.click();
		await page.waitForSelector('body.running');
		assert.equal(await page.locator('article.answer').count(), 1);
		await eventually(async () => await written(page) > 50, 'it is answered again');
	}));

});
