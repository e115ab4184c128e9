import { after, before } from 'node:test';
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';

/** Where the sample runs; scripts/browser-tests starts it. */
export const base = process.env.SAMPLE_URL ?? 'http://127.0.0.1:8080/';
export const stack = process.env.SAMPLE_STACK ?? 'servlet';
const pictures = process.env.SAMPLE_SCREENSHOTS;

const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
	'--disable-background-networking', '--disable-component-update', '--disable-sync'];
const DESKTOP = { viewport: { width: 1180, height: 860 }, colorScheme: 'light' };

export const LAUNCH = { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS };

let browser;

before(async () => {
	browser = await chromium.launch(LAUNCH);
});

after(() => browser?.close());

/** Opens the page, runs the test on it and demands that the console stayed free of errors. */
export async function onPage(test, { at = base, by = browser, ...options } = {}) {
	const context = await by.newContext({ ...DESKTOP, ...options });
	const page = await context.newPage();
	const errors = [];
	page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
	page.on('pageerror', (error) => errors.push(String(error)));
	page.setDefaultTimeout(20_000);
	try {
		await page.goto(at);
		await page.waitForSelector('#suggestions button');
		await test(page, errors);
		if (errors.length > 0) {
			throw new Error(`The page reported: ${errors.join('\n')}`);
		}
	}
	finally {
		await context.close();
	}
}

/** Types a question and sends it with Enter. */
export async function ask(page, text) {
	const answers = await page.locator('article.answer').count();
	await page.fill('#prompt', text);
	await page.press('#prompt', 'Enter');
	await page.locator('article.answer').nth(answers).waitFor({ state: 'attached' });
}

/** Waits for the end of the last answer and gives its article. */
export async function ended(page, state = 'done') {
	// how long an answer takes is not what is tested, and a busy machine takes long
	await page.waitForSelector('body:not(.running)', { timeout: 60_000 });
	const answer = page.locator('article.answer').last();
	const found = await answer.getAttribute('class');
	if (!found.split(' ').includes(state)) {
		throw new Error(`The answer is "${found}" and not "${state}": ${await answer.textContent()}`);
	}
	return answer;
}

/** How much of the last answer is shown, in letters. */
export const written = (page) => page.locator('article.answer .markdown').last().evaluate((node) => node.textContent.length);

/** The text of an answer to the letter, as the page's own Source view shows it. */
export async function source(answer) {
	await answer.getByRole('button', { name: 'Source' }).click();
	return answer.locator('pre.source').evaluate((node) => node.textContent);
}

export async function picture(page, name) {
	if (pictures) {
		mkdirSync(pictures, { recursive: true });
		await page.screenshot({ path: `${pictures}/${stack}-${name}.png` });
	}
}

export async function json(path) {
	const response = await fetch(new URL(path, base));
	if (!response.ok) {
		throw new Error(`${path}: ${response.status}`);
	}
	return response.json();
}

/** Asks the server directly and joins the text of its events, read without the page's code. */
export async function answerOf(question) {
	const response = await fetch(new URL('api/chat', base), {
		method: 'POST',
		headers: { 'Content-Type': 'application/json', 'Accept': 'text/event-stream' },
		body: JSON.stringify(question)
	});
	const field = (event, name) => event.split('\n').find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
	const events = (await response.text()).split('\n\n').map((event) => ({ type: field(event, 'event'), data: field(event, 'data') }));
	const last = events.filter((event) => event.type).at(-1);
	if (last?.type !== 'done') {
		throw new Error(`The answer ended with ${JSON.stringify(last)}, status ${response.status}`);
	}
	return events.filter((event) => event.type === 'delta').map((event) => JSON.parse(event.data))
		.filter((delta) => delta.kind === 'text').map((delta) => delta.text).join('');
}

export async function eventually(condition, what, limit = 10_000) {
	const deadline = Date.now() + limit;
	for (;;) {
		const value = await condition();
		if (value) {
			return value;
		}
		if (Date.now() > deadline) {
			throw new Error(`Not within ${limit} ms: ${what}`);
		}
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
}
