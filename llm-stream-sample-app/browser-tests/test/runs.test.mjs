import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ask, base, ended, eventually, onPage, picture, source, stack, written } from './browser.mjs';
import { withCuttableWay, withPausableBrowser } from './network.mjs';
import { HELD, startHeldProvider } from './provider.mjs';

const STRANGE = ['   three spaces first', 'two spaces last  ', '\ta tab', 'مرحبا بالعالم، من اليمين', 'שלום עולם', '日本語 こんにちは',
	'👩‍👩‍👧‍👦 🇳🇴 👍🏽 🎉', 'e\u0301 and \u2028 too', '', '"quotes" \\ and </b>', 'data: no event', ': no comment', 'id: 3'];

let provider;

/** A text of which no two lines are alike. */
function passage(title, letters = 4_000) {
	let text = `  \n${title}\n`;
	for (let line = 1; text.length < letters; line++) {
		text += `${STRANGE[line % STRANGE.length]} ${line}\n${line % 4 === 0 ? '\n' : ''}`;
	}
	return `${text} the end \n\n`;
}

/** Asks for a text whose first letters come at once, and the rest when the test lets it. */
async function begin(page, text, letters) {
	const answer = provider.answer(text).upTo(letters);
	await page.selectOption('#provider', HELD);
	await ask(page, `Echo:${text}`);
	await longerThan(page, 100);
	return answer;
}

const longerThan = (page, length) => eventually(async () => await written(page) > length, `more than ${length} letters are shown`, 20_000);

/** The requests that a page makes of runs, as "POST" and "GET …". */
function requestsOf(page) {
	const requests = [];
	page.on('request', (request) => {
		const { pathname } = new URL(request.url());
		if (pathname.startsWith('/api/runs')) {
			requests.push(`${request.method()}${pathname.slice('/api/runs'.length).replace(/\w{32}/, 'id')}`);
		}
	});
	return requests;
}

/** Waits for the end and demands every letter, once. */
async function whole(page, text) {
	const answer = await ended(page);
	assert.equal(await source(answer), text);
	assert.equal(await page.locator('article.answer').count(), 1);
	return answer;
}

const networkErrors = (errors) => errors.splice(0, errors.length, ...errors.filter((error) => !/net::ERR_|ERR_CONNECTION/.test(error)));

// What they do most is wait, the first one half a minute: so several are done at a time, each in a page of its own.
describe(`Runs on the ${stack} stack`, { concurrency: 3, timeout: 150_000 }, () => {

	before(async () => {
		provider = await startHeldProvider();
	});

	after(() => provider?.close());

	test('are whole after the network process of the browser was paused for 30 s', () => withPausableBrowser((browser, network) =>
		onPage(async (page) => {
			const text = passage('paused', 5_000);
			const requests = requestsOf(page);
			const answer = await begin(page, text, 600);
			network.pause();
			answer.upTo(4_500);
			await page.waitForTimeout(1_000);
			const before = await written(page);
			await page.waitForTimeout(29_000);
			assert.equal(await written(page), before, 'what is paused brings nothing');
			assert.equal(await page.locator('body.running').count(), 1);
			network.resume();
			await longerThan(page, 4 * before);
			answer.finish();
			await whole(page, text);
			assert.equal(requests.filter((request) => request.startsWith('POST')).length, 1, `${requests}`);
		}, { by: browser })));

	test('survive a reload in the middle, and another one', () => onPage(async (page) => {
		const text = passage('reloaded');
		const requests = requestsOf(page);
		const answer = await begin(page, text, 1_000);
		await picture(page, 'before-reload');
		await page.reload();
		await page.waitForSelector('body.running');
		await longerThan(page, 300);
		await picture(page, 'after-reload');
		assert.equal(await page.locator('article.question').textContent(), `Echo:${text}`);
		await page.reload();
		await page.waitForSelector('body.running');
		answer.finish();
		await whole(page, text);
		assert.deepEqual(requests, ['POST', 'GET/id', 'GET/id']);

		// What has ended is kept without its run, and the conversation goes on.
		await page.reload();
		await whole(page, text);
		assert.equal(requests.length, 3);
		await ask(page, 'Say hello');
		await ended(page);
		assert.equal(await page.locator('article.question').count(), 2);
		await page.click('#new');
		await page.reload();
		await page.waitForSelector('#suggestions button');
		assert.equal(await page.locator('article').count(), 0);
	}));

	test('leave what came when the server has them no more', () => onPage(async (page, errors) => {
		const held = await begin(page, passage('gone'), 1_000);
		const none = { status: 404, contentType: 'application/problem+json', body: '{"detail":"There is no such run"}' };
		await page.route('**/api/runs/*', (route) => route.fulfill(none));
		await page.reload();
		const answer = await ended(page, 'failed');
		assert.match(await answer.locator('.error').textContent(), /does not have this answer any more.*The answer so far is kept/);
		assert.ok(await written(page) > 100);
		assert.equal(await answer.getByRole('button', { name: 'Retry' }).count(), 1);
		const other = await page.context().newPage();
		await other.goto(new URL('#run=0123456789abcdef0123456789abcdef', base).href);
		const unknown = await ended(other, 'failed');
		assert.match(await unknown.locator('.error').textContent(), /Nothing of the answer has arrived/);
		assert.equal(await unknown.getByRole('button', { name: 'Retry' }).count(), 0, 'there is no question to ask again');
		held.finish();
		errors.length = 0; // the browser itself reports each 404
	}));

	test('are watched by two tabs', () => onPage(async (page) => {
		const text = passage('watched by two');
		const answer = await begin(page, text, 1_000);
		const [second] = await Promise.all([page.context().waitForEvent('page'), page.getByText('Watch in a second tab').click()]);
		const requests = requestsOf(second);
		await longerThan(second, 100);
		assert.equal(await page.locator('body.running').count() + await second.locator('body.running').count(), 2, 'both are in the middle');
		await picture(second, 'second-tab');
		answer.finish();
		await Promise.all([whole(page, text), whole(second, text)]);
		assert.deepEqual(requests.filter((request) => request !== 'GET/id'), []);
		await ask(second, 'Say hello');
		await ended(second);
	}));

	test('go on after 5 s offline', () => withCuttableWay(base, (way) => onPage(async (page, errors) => {
		const text = passage('offline', 6_000);
		const requests = requestsOf(page);
		const answer = await begin(page, text, 600);
		await page.context().setOffline(true);
		way.close();
		answer.upTo(5_000);
		await page.waitForSelector('.connection:visible');
		assert.match(await page.locator('.connection').textContent(), /reconnecting.*offline/);
		await page.waitForTimeout(500); // for what is still to be shown smoothly
		const before = await written(page);
		await page.waitForTimeout(4_500);
		await picture(page, 'offline');
		assert.equal(await written(page), before);
		way.open();
		await page.context().setOffline(false);
		await longerThan(page, before);
		assert.equal(await page.locator('body.running').count(), 1, 'it is still being written');
		assert.equal(await page.locator('.connection:visible').count(), 0);
		answer.finish();
		await whole(page, text);
		assert.equal(requests.filter((request) => request.startsWith('POST')).length, 1, `${requests}`);
		networkErrors(errors);
	}, { at: way.url })));

	test('lose and double nothing when the connection breaks again and again', () => withCuttableWay(base, (way) => onPage(async (page, errors) => {
		const text = passage('broken again and again');
		const requests = requestsOf(page);
		const held = await begin(page, text, 400);
		for (let cuts = 0; cuts < 3; cuts++) {
			const before = await written(page);
			held.upTo(1_000 + cuts * 1_000);
			await longerThan(page, before + 40);
			way.cut();
			// not by the notice, which may come and go between two looks
			await eventually(() => requests.length === cuts + 2, 'the page comes back', 20_000);
		}
		held.finish();
		const answer = await whole(page, text);
		assert.deepEqual(requests, ['POST', 'GET/id', 'GET/id', 'GET/id']);
		networkErrors(errors);
		await answer.getByRole('button', { name: 'Source' }).click();
		const directions = await answer.locator('.markdown p').evaluateAll((nodes) => nodes.map((node) => getComputedStyle(node).direction));
		assert.ok(directions.includes('rtl') && directions.includes('ltr'), `${directions}`);
	}, { at: way.url })));

	test('keep what came when they are stopped, in every tab', () => onPage(async (page) => {
		const text = passage('stopped');
		const answer = await begin(page, text, 1_000);
		const [second] = await Promise.all([page.context().waitForEvent('page'), page.getByText('Watch in a second tab').click()]);
		await longerThan(second, 100);
		await page.click('#stop');
		for (const tab of [page, second]) {
			const kept = await source(await ended(tab, 'stopped'));
			assert.ok(kept.length > 100 && kept.length < text.length && text.startsWith(kept), kept);
		}
		await eventually(() => answer.closedByClient, 'the provider is told');
		const kept = await source(page.locator('article.answer'));
		await page.reload();
		assert.equal(await source(await ended(page, 'stopped')), kept);
	}));

});
