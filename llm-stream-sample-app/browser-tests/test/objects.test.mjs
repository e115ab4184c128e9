import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ask, base, ended, eventually, json, onPage, picture, stack } from './browser.mjs';
import { withScriptedRun } from './scripted.mjs';

const SIMULATED = ['sim-openai', 'sim-responses', 'sim-anthropic', 'sim-gemini', 'sim-ollama'];

/** What the card shows. */
const shown = (page) => page.locator('article.answer .recipe').last().evaluate((card) => ({
	title: card.querySelector('h3').textContent,
	summary: card.querySelector('.summary').textContent,
	facts: [...card.querySelectorAll('.recipe-facts span')].map((node) => node.textContent),
	ingredients: [...card.querySelectorAll('ul li')].map((node) => [...node.children].map((part) => part.textContent)),
	steps: [...card.querySelectorAll('ol li')].map((node) => node.textContent)
}));

const NOTHING = { title: '', summary: '', facts: [], ingredients: [], steps: [] };

/** Waits until the card shows what it should, however long that takes. */
async function shows(page, expected) {
	let seen = null;
	const same = async () => {
		seen = await page.locator('article.answer .recipe').count() > 0 ? await shown(page) : null;
		return JSON.stringify(seen) === JSON.stringify({ ...NOTHING, ...expected });
	};
	await eventually(same, `the card shows ${JSON.stringify(expected)}`, 20_000)
		.catch((error) => { throw new Error(`${error.message}, but ${JSON.stringify(seen)}`); });
}

/** Asks for a recipe that the test writes itself. */
const written = (test) => withScriptedRun(base, (url, run) => onPage(async (page, errors) => {
	await ask(page, '/recipe soup');
	await test(page, run, errors);
}, { at: url }));

describe(`Objects that grow on the ${stack} stack`, { timeout: 300_000 }, () => {

	for (const provider of SIMULATED) {
		test(`fill in while ${provider} writes them`, () => onPage(async (page) => {
			await page.selectOption('#provider', provider);
			// Each state that was drawn is kept by the page itself, so that none is missed.
			await page.evaluate(() => {
				window.states = [];
				new MutationObserver(() => {
					const card = document.querySelector('.recipe');
					card && window.states.push([card.querySelector('h3').textContent.length, card.querySelectorAll('ul li').length,
						card.querySelectorAll('ol li').length, card.querySelector('ol').textContent.length]);
				}).observe(document.getElementById('log'), { childList: true, subtree: true, characterData: true });
			});
			await ask(page, '/recipe Norwegian waffles');
			const answer = await ended(page);
			const whole = await shown(page);
			assert.equal(whole.title, 'Norwegian waffles');
			assert.deepEqual(whole.facts, ['4 servings', '35 minutes']);
			assert.deepEqual(whole.ingredients[0], ['250 g', 'plain flour']);
			assert.equal(whole.ingredients.length, 8);
			assert.equal(whole.steps.length, 5);
			assert.match(whole.steps[4], /sour cream\. 🧇$/);
			const states = await page.evaluate(() => window.states);
			const different = [...new Set(states.map(String))];
			assert.ok(different.length > 3, `it grew: ${different.join(' ')}`);
			states.reduce((before, now) => {
				assert.ok(now.every((size, i) => size >= before[i]), `${before} became ${now}`);
				return now;
			});
			await answer.getByRole('button', { name: 'JSON' }).click();
			const source = JSON.parse(await answer.locator('pre.source').textContent());
			assert.deepEqual(source.steps, whole.steps);
			assert.match(await answer.locator('.facts').textContent(), /\d+ in, \d+ out.*simulated-1/);
		}));
	}

	test('show an ingredient before the next one is written', () => written(async (page, run) => {
		await page.waitForSelector('.answer .wait');
		run.piece('{"title":"Tom');
		await shows(page, { title: 'Tom' });
		run.piece('ato soup","servings":4,');
		await shows(page, { title: 'Tomato soup', facts: ['4 servings'] });
		run.piece('"ingredients":[{"amount":"800 g","name":"toma');
		await shows(page, { title: 'Tomato soup', facts: ['4 servings'], ingredients: [['800 g', 'toma']] });
		await picture(page, 'recipe-growing');
		run.piece('toes"},{"amount":"1');
		await shows(page, { title: 'Tomato soup', facts: ['4 servings'], ingredients: [['800 g', 'tomatoes'], ['1', '']] });
		run.piece('","name":"<b>onion</b>"}],"steps":["Ch');
		const ingredients = [['800 g', 'tomatoes'], ['1', '<b>onion</b>']];
		await shows(page, { title: 'Tomato soup', facts: ['4 servings'], ingredients, steps: ['Ch'] });
		assert.equal(await page.locator('.recipe.complete').count(), 0);
		run.piece('op.","Boil."]}');
		await shows(page, { title: 'Tomato soup', facts: ['4 servings'], ingredients, steps: ['Chop.', 'Boil.'] });
		assert.equal(await page.locator('body.running').count(), 1, 'it is valid with the last event only');
		run.send('done', { finishReason: 'stop' });
		await ended(page);
		assert.equal(await page.locator('.recipe.complete').count(), 1);
		assert.deepEqual(run.requests, ['POST /api/recipes']);
	}));

	test('survive a reload in the middle', () => written(async (page, run) => {
		run.piece('{"title":"Soup","steps":["Ch');
		await shows(page, { title: 'Soup', steps: ['Ch'] });
		await page.reload();
		await shows(page, { title: 'Soup', steps: ['Ch'] });
		await page.waitForSelector('body.running');
		run.piece('op."');
		await shows(page, { title: 'Soup', steps: ['Chop.'] });
		run.piece(',"Boil."]}');
		run.send('done', { finishReason: 'stop' });
		await ended(page);
		await shows(page, { title: 'Soup', steps: ['Chop.', 'Boil.'] });
		assert.deepEqual(run.requests, ['POST /api/recipes', 'GET /api/runs']);
		// What has ended is kept without its run.
		await page.reload();
		await ended(page);
		await shows(page, { title: 'Soup', steps: ['Chop.', 'Boil.'] });
		assert.equal(run.requests.length, 2);
	}));

	test('are watched from their beginning by a second tab', () => written(async (page, run) => {
		run.piece('{"title":"Soup","steps":["Ch');
		await shows(page, { title: 'Soup', steps: ['Ch'] });
		const [second] = await Promise.all([page.context().waitForEvent('page'), page.getByText('Watch in a second tab').click()]);
		await shows(second, { title: 'Soup', steps: ['Ch'] });
		run.piece('op."]}');
		run.send('done', { finishReason: 'stop' });
		for (const tab of [page, second]) {
			await ended(tab);
			await shows(tab, { title: 'Soup', steps: ['Chop.'] });
		}
	}));

	test('go on where a broken connection left them', () => written(async (page, run, errors) => {
		run.piece('{"title":"Sou');
		await shows(page, { title: 'Sou' });
		run.cut();
		await eventually(() => run.requests.length === 2, 'the page comes back');
		run.piece('p"}');
		run.send('done', { finishReason: 'stop' });
		await ended(page);
		await shows(page, { title: 'Soup' });
		assert.deepEqual(run.requests, ['POST /api/recipes', 'GET /api/runs after 2']);
		errors.splice(0, errors.length, ...errors.filter((error) => !/net::ERR_/.test(error)));
	}));

	test('keep what came when they are stopped', () => written(async (page, run) => {
		run.piece('{"title":"Soup","ingredients":[{"amount":"1 l","name":"wat');
		const part = { title: 'Soup', ingredients: [['1 l', 'wat']] };
		await shows(page, part);
		await page.click('#stop');
		const answer = await ended(page, 'stopped');
		assert.match(await answer.locator('.end').textContent(), /stopped.*The answer so far is kept/);
		await shows(page, part);
		await eventually(() => run.requests.length === 2, 'the server is told');
		assert.deepEqual(run.requests, ['POST /api/recipes', 'POST /api/runs/stop']);
		await picture(page, 'recipe-stopped');
		await page.reload();
		await ended(page, 'stopped');
		await shows(page, part);
	}));

	test('begin anew when the server says so', () => written(async (page, run) => {
		run.piece('{"title":"Soup","steps":["Chop."');
		await shows(page, { title: 'Soup', steps: ['Chop.'] });
		run.send('reset', { reason: 'the object begins anew' });
		run.piece('{"title":"Stew"');
		await shows(page, { title: 'Stew' });
		run.piece('}');
		run.send('done', { finishReason: 'stop' });
		await ended(page);
		await shows(page, { title: 'Stew' });
		assert.equal(await page.locator('.recipe').count(), 1);
	}));

	test('keep what came when they are not what was asked for', () => written(async (page, run) => {
		run.piece('{"title":"Soup"}');
		run.send('run-error', { code: 'invalid-output', message: 'The model\'s answer could not be used.', retryable: false, partial: true });
		const answer = await ended(page, 'failed');
		assert.match(await answer.locator('.error').textContent(), /could not be used.*invalid-output/);
		await shows(page, { title: 'Soup' });
	}));

	test('break off with an error of the provider, below what came', () => onPage(async (page) => {
		await ask(page, '/recipe breakfast that breaks off');
		const answer = await ended(page, 'failed');
		assert.match(await answer.locator('.error').textContent(), /overloaded/);
		const { title, ingredients, steps } = await shown(page);
		assert.equal(title, 'Breakfast that breaks off');
		assert.ok(ingredients.length > 5 && steps.length === 0, `${ingredients.length} ingredients, ${steps.length} steps`);
	}));

	test('come to whoever asks for them without the page', async () => {
		const response = await fetch(new URL('api/recipe?dish=soup', base));
		assert.match(response.headers.get('content-type'), /^text\/event-stream/);
		const deltas = [...(await response.text()).matchAll(/^event: delta\ndata: (.*)$/gm)].map(([, data]) => JSON.parse(data));
		assert.ok(deltas.every(({ kind }) => kind === 'object'));
		assert.equal(JSON.parse(deltas.map(({ text }) => text).join('')).title, 'Soup');
		const nobody = await fetch(new URL('api/recipes', base), { method: 'POST', body: '{"provider":"none","dish":"soup"}',
			headers: { 'Content-Type': 'application/json' } });
		assert.equal(nobody.status, 400);
		assert.ok((await json('api/providers')).suggestions.some((text) => text.startsWith('/recipe ')));
	});

});
