import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { base, eventually, LAUNCH, stack } from './browser.mjs';
import { chromium } from 'playwright-core';
import { mkdirSync } from 'node:fs';

const pictures = process.env.SAMPLE_SCREENSHOTS;
const question = (text, provider = 'sim-openai') => ({
	method: 'POST',
	headers: { 'Content-Type': 'application/json', 'Accept': 'text/event-stream' },
	body: JSON.stringify({ provider, messages: [{ role: 'user', text }] })
});
const ask = (text, provider, signal) => fetch(new URL('api/chat', base), { ...question(text, provider), signal });

/** Opens the dashboard and demands that the console stayed free of errors. */
async function onDashboard(colorScheme, run) {
	const browser = await chromium.launch(LAUNCH);
	try {
		const page = await (await browser.newContext({ viewport: { width: 1280, height: 1250 }, colorScheme })).newPage();
		const errors = [];
		page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
		page.on('pageerror', (error) => errors.push(String(error)));
		page.setDefaultTimeout(20_000);
		await page.goto(new URL('actuator/llmdashboard', base).href);
		await page.waitForSelector('#status.live');
		await run(page);
		assert.deepEqual(errors, []);
	}
	finally {
		await browser.close();
	}
}

async function picture(page, name) {
	if (pictures) {
		mkdirSync(pictures, { recursive: true });
		await page.screenshot({ path: `${pictures}/${stack}-${name}.png` });
	}
}

describe(`The dashboard on the ${stack} stack`, { timeout: 90_000 }, () => {

	test('shows streams live, compares providers, and stops a stream', async () => {
		for (const provider of ['sim-openai', 'sim-anthropic', 'sim-ollama']) {
			await (await ask('Echo: one short answer to compare with others', provider)).text();
		}
		await onDashboard('light', async (page) => {
			const long = `Echo: ${'a long text that is written for a while, word by word. '.repeat(40)}`;
			const answers = ['sim-openai', 'sim-gemini', 'sim-responses'].map((provider) => ask(long, provider));
			const bodies = answers.map(async (answer) => (await answer).text());
			await eventually(async () => await page.locator('#streams button.stop').count() === 3, 'three streams are shown');
			await eventually(async () => Number((await page.textContent('#tile-rate')).replace(/\D/g, '')) > 0, 'tokens flow');
			assert.equal(await page.textContent('#tile-active'), '3');
			for (const provider of ['sim-openai', 'sim-anthropic', 'sim-ollama']) {
				await page.locator('#models tr', { hasText: provider }).first().waitFor();
			}
			await page.waitForTimeout(4_000);
			await picture(page, 'dashboard-light');
			await page.locator('#streams tr', { hasText: 'sim-openai' }).getByRole('button').click();
			assert.match(await bodies[0], /"code":"stopped"/);
			await eventually(async () => await page.locator('#streams button.stop').count() < 3, 'the stopped stream is gone');
			await Promise.all(bodies);
		});
	});

	test('has a dark side', () => onDashboard('dark', async (page) => {
		await page.locator('#models tr', { hasText: 'sim-openai' }).first().waitFor();
		await page.waitForTimeout(1_500);
		await picture(page, 'dashboard-dark');
	}));

});
