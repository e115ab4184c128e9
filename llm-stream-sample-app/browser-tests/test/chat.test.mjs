import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { answerOf, ask, ended, eventually, json, onPage, picture, source, stack } from './browser.mjs';

const SIMULATED = ['sim-openai', 'sim-responses', 'sim-anthropic', 'sim-gemini', 'sim-ollama'];
const DIFFICULT = 'Echo:   three spaces first\n\n\n  two after empty lines\n\tand a tab\n'
	+ 'مرحبا بالعالم, שלום, 日本語, 👩‍👩‍👧‍👦 🇳🇴, e\u0301 and \u2028 too \\ " </script>\n\ndata: no event\n: no comment\n end  ';

describe(`The chat page on the ${stack} stack`, { timeout: 240_000 }, () => {

	test('loads without errors and offers every wire', () => onPage(async (page) => {
		const offered = await page.locator('#provider option').evaluateAll((options) => options.map((option) => option.value));
		for (const name of SIMULATED) {
			assert.ok(offered.includes(name), `${name} is missing in ${offered}`);
		}
		assert.equal(await page.title(), 'llm-stream chat');
		await picture(page, 'welcome');
	}));

	for (const provider of SIMULATED) {
		test(`shows an answer of ${provider} as it is written`, () => onPage(async (page) => {
			await page.selectOption('#provider', provider);
			await ask(page, 'Show me a list, a table and some code');
			const lengths = [0];
			while (await page.locator('body.running').count() > 0) {
				const length = await page.locator('.answer .markdown').evaluate((node) => node.textContent.length);
				if (length > lengths.at(-1)) {
					lengths.push(length);
				}
				await page.waitForTimeout(40);
			}
			assert.ok(lengths.length > 8, `the text grew in ${lengths.length} observations only: ${lengths}`);
			const answer = await ended(page);
			for (const part of ['h4', 'ul li', 'ol li', 'table td', '.code code', 'strong', 'em', 'blockquote']) {
				assert.ok(await answer.locator(`.markdown ${part}`).count() > 0, `no ${part}`);
			}
			const facts = await answer.locator('.facts').textContent();
			assert.match(facts, /\d+ ms first token|\d\.\d+ s first token/);
			assert.match(facts, /\d+ tok\/s/);
			assert.match(facts, /\d+ in, \d+ out/);
		}));

		test(`shows to the letter what ${provider} sent`, () => onPage(async (page) => {
			await page.selectOption('#provider', provider);
			await ask(page, DIFFICULT);
			const shown = await source(await ended(page));
			assert.equal(shown, DIFFICULT.slice('Echo:'.length));
			assert.equal(shown, await answerOf({ provider, messages: [{ role: 'user', text: DIFFICULT }] }));
		}));

		test(`shows the error of ${provider} under the partial text, and tries again`, () => onPage(async (page) => {
			await page.selectOption('#provider', provider);
			await ask(page, 'Break off in the middle');
			const answer = await ended(page, 'failed');
			assert.match(await answer.locator('.markdown').textContent(), /begins well/);
			const box = answer.locator('.error');
			assert.match(await box.textContent(), /overloaded|not available/);
			const order = await answer.evaluate((node) => node.querySelector('.markdown')
				.compareDocumentPosition(node.querySelector('.error')) & Node.DOCUMENT_POSITION_FOLLOWING);
			assert.ok(order, 'the error is not below the text');
			await answer.getByRole('button', { name: 'Retry' }).click();
			await page.waitForSelector('body.running');
			await ended(page, 'failed');
			assert.equal(await page.locator('article.answer').count(), 1);
			assert.equal(await page.locator('article.question').count(), 1);
		}));

		test(`stops ${provider}, keeps what came and closes the upstream`, () => onPage(async (page) => {
			await page.selectOption('#provider', provider);
			const before = await json('api/simulator');
			await ask(page, 'Tell me a long story');
			await eventually(() => page.locator('.answer .markdown').evaluate((node) => node.textContent.length > 80), 'text comes');
			await page.click('#stop');
			const answer = await ended(page, 'stopped');
			const kept = await answer.locator('.markdown').textContent();
			assert.ok(kept.length > 80);
			assert.match(await answer.locator('.end').textContent(), /stopped/);
			await eventually(async () => (await json('api/simulator')).closedByClient > before.closedByClient,
				'the simulated provider sees its connection closed');
			await page.waitForTimeout(300);
			assert.equal(await answer.locator('.markdown').textContent(), kept);
		}));
	}

	test('shows reasoning apart from the answer', () => onPage(async (page) => {
		await page.selectOption('#provider', 'sim-anthropic');
		await page.locator('label.switch:has(#think)').click();
		await ask(page, 'Why is the sky blue?');
		const answer = await ended(page);
		const thought = await answer.locator('.thought').evaluate((node) => node.textContent);
		assert.ok(thought.length > 20, `no reasoning: ${thought}`);
		assert.ok(!(await source(answer)).includes(thought));
		await answer.locator('.thinking summary').click();
		assert.ok(await answer.locator('.thought').isVisible());
		await picture(page, 'reasoning');
	}));

	test('shows how a tool is called and answers, and how the answer goes on', () => onPage(async (page) => {
		for (const name of SIMULATED) {
			await page.selectOption('#provider', name);
			await ask(page, 'What is the weather in Oslo? Use a tool');
			const answer = await ended(page);
			assert.equal(await answer.locator('.tool').count(), 1, name);
			const { sky, temperature, city } = JSON.parse(await answer.locator('.tool .result').textContent());
			assert.equal(city, 'Oslo');
			const steps = answer.locator('.steps > .markdown');
			assert.equal(await steps.count(), 2, name);
			assert.equal((await steps.first().innerText()).trim(), 'Let me look that up.');
			assert.match(await steps.last().innerText(), new RegExp(`In Oslo it is ${temperature} °C now, and the sky is ${sky}`), name);
			const [tool, after] = await Promise.all([answer.locator('.tool'), steps.last()].map((part) => part.boundingBox()));
			assert.ok(tool.y < after.y, 'the answer goes on below the tool');
		}
		await picture(page, 'tools');
		const shown = await page.locator('article.answer').last().locator('.steps').innerText();
		await page.reload();
		await page.waitForSelector('article.answer');
		assert.equal(await page.locator('article.answer').last().locator('.steps').innerText(), shown);
		assert.match(await source(await ended(page)), /^Let me look that up\.\n\nIn \*\*Oslo\*\*/);
	}));

	test('lets the model do without tools', () => onPage(async (page) => {
		await page.getByLabel('Tools').uncheck({ force: true });
		await ask(page, 'What is the weather in Oslo? Use a tool');
		assert.match(await (await ended(page)).textContent(), /I have no tool/);
	}));

	test('shows a tool call with its arguments', () => onPage(async (page) => {
		await ask(page, 'What is the weather in New York? Use a tool');
		const answer = await ended(page);
		const [text, tool] = await Promise.all(['.markdown', '.tool'].map((part) => answer.locator(part).first().boundingBox()));
		assert.ok(text.y < tool.y, 'the call comes after the text that announced it');
		assert.equal(await answer.locator('.tool summary code').textContent(), 'get_weather');
		assert.deepEqual(JSON.parse(await answer.locator('.tool .args').textContent()), { city: 'New York', unit: 'CELSIUS' });
	}));

	test('leaves the keyboard at the prompt, whatever was pressed', () => onPage(async (page) => {
		const focused = () => page.evaluate(() => document.activeElement.id);
		await page.getByRole('button', { name: 'Say hello' }).press('Enter');
		assert.equal(await focused(), 'prompt');
		await (await ended(page)).getByRole('button', { name: 'Again' }).press('Enter');
		assert.equal(await focused(), 'prompt');
		await ended(page);
	}));

	test('carries the conversation into the next turn', () => onPage(async (page) => {
		await ask(page, 'My name is Ada.');
		await ended(page);
		await ask(page, 'What did I say first?');
		assert.match(await source(await ended(page)), /My name is Ada\./);
		assert.equal(await page.locator('article.question').count(), 2);
		await page.click('#new');
		await ask(page, 'What did I say first?');
		assert.doesNotMatch(await source(await ended(page)), /Ada/);
	}));

	test('cannot be injected into by what a model says', () => onPage(async (page) => {
		const attack = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>\n\n'
			+ '[click](javascript:window.hacked=1) [data](data:text/html,hi) <svg onload=window.hacked=1>\n\n'
			+ '![pixel](http://127.0.0.1:9/pixel.png) `<b>` **<i>x</i>**\n\n```html\n<iframe src="javascript:window.hacked=1"></iframe>\n```\n\n'
			+ '| <img src=x onerror=window.hacked=1> | b |\n|---|---|\n| [x](vbscript:x) | "><script>window.hacked=1</script> |';
		const fetched = [];
		page.on('request', (request) => fetched.push(request.url()));
		await ask(page, `Echo:${attack}`);
		const answer = await ended(page);
		assert.equal(await answer.locator('.markdown :is(img, script, svg:not(button svg), iframe, i, b)').count(), 0);
		const addresses = await answer.locator('.markdown a').evaluateAll((links) => links.map((link) => link.protocol));
		assert.deepEqual(addresses.filter((scheme) => !['http:', 'https:', 'mailto:'].includes(scheme)), []);
		assert.deepEqual(fetched.filter((url) => url.includes('pixel')), []);
		assert.equal(await page.evaluate(() => window.hacked), undefined);
		assert.equal(await source(answer), attack);
	}));

	test('sends with Enter, begins a line with Shift+Enter and stops with Escape', () => onPage(async (page) => {
		await page.focus('#prompt');
		await page.keyboard.type('Tell me a long');
		await page.keyboard.press('Shift+Enter');
		await page.keyboard.type('story');
		assert.equal(await page.inputValue('#prompt'), 'Tell me a long\nstory');
		await page.keyboard.press('Enter');
		assert.equal(await page.locator('article.question').textContent(), 'Tell me a long\nstory');
		await page.waitForSelector('.answer .markdown p');
		await page.keyboard.press('Escape');
		await ended(page, 'stopped');
	}));

	test('reports a server that cannot be reached, and keeps the page usable', () => onPage(async (page, errors) => {
		await page.route('**/api/runs', (route) => route.abort());
		await ask(page, 'Hello');
		const answer = await ended(page, 'failed');
		assert.match(await answer.locator('.error').textContent(), /cannot be reached/);
		errors.length = 0; // the browser itself reports the failed request
		await page.unroute('**/api/runs');
		await answer.getByRole('button', { name: 'Retry' }).click();
		await page.waitForSelector('body.running');
		await ended(page);
	}));

	test('fits a phone', () => onPage(async (page) => {
		const fits = async () => {
			const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
			assert.ok(wide <= 0, `the page is ${wide} px too wide`);
		};
		await ask(page, 'Show me a list, a table and some code');
		await page.waitForSelector('.answer .code');
		await fits();
		await picture(page, 'phone-writing');
		await ended(page);
		await fits();
		await picture(page, 'phone');
	}, { viewport: { width: 390, height: 800 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true }));

	for (const colorScheme of ['light', 'dark']) {
		test(`looks at ease in ${colorScheme}`, () => onPage(async (page) => {
			await ask(page, 'Show me a list, a table and some code');
			await page.waitForSelector('.answer .code');
			await picture(page, `${colorScheme}-writing`);
			await ended(page);
			await picture(page, colorScheme);
			const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
			const brightness = Math.max(...background.match(/\d+/g).slice(0, 3).map(Number));
			assert.ok((colorScheme === 'dark') === (brightness < 128), background);
		}, { colorScheme }));
	}

});
