import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** How long a piece takes, in milliseconds; the rest comes faster once the test has seen what it wanted. */
const PACE = 18;
const LAST_PACE = 2;

/** The client of the application that asks this provider; scripts/browser-tests configures it. */
export const HELD = 'held';

/**
 * Starts a provider that says what it is told to echo, as far as the test allows. So what is looked at in the middle
 * of an answer is in the middle, however long the browser takes to get there.
 */
export async function startHeldProvider(port = Number(process.env.HELD_PROVIDER_PORT)) {
	const answers = new Map();
	const server = createServer(async (request, response) => {
		let body = '';
		for await (const part of request) {
			body += part;
		}
		const text = JSON.parse(body).messages.at(-1).content.replace(/^Echo:/, '');
		const answer = answers.get(text) ?? new HeldAnswer().finish();
		response.on('close', () => answer.closed(response.writableFinished));
		response.writeHead(200, { 'Content-Type': 'text/event-stream' });
		await write(response, text, answer);
	});
	await new Promise((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
	return {
		/** Says how far the answer to "Echo:" and the text is to go: to no letter, until the test allows more. */
		answer(text) {
			answers.set(text, new HeldAnswer());
			return answers.get(text);
		},
		close() {
			server.close();
			server.closeAllConnections();
		}
	};
}

class HeldAnswer {

	allowed = 0;

	#more = () => {};

	/** Whether the application closed the connection before the end. */
	closedByClient = false;

	/** Lets it write up to this letter of the text. */
	upTo(letters) {
		this.allowed = letters;
		this.#more();
		return this;
	}

	/** Lets it write all and end. */
	finish() {
		return this.upTo(Infinity);
	}

	closed(whole) {
		this.closedByClient = !whole;
		this.#more();
	}

	async allows(letters) {
		while (!this.closedByClient && this.allowed < letters) {
			await new Promise((resolve) => this.#more = resolve);
		}
		return !this.closedByClient;
	}

}

async function write(response, text, answer) {
	const send = (fields) => response.write(`data: ${JSON.stringify({
		id: 'held', object: 'chat.completion.chunk', created: 1, model: 'held-1', ...fields })}\n\n`);
	let letters = 0;
	for (const content of text.match(/\s*\S{1,7}|\s+/gu)) {
		letters += content.length;
		if (!await answer.allows(letters)) {
			return;
		}
		send({ choices: [{ index: 0, delta: { content }, finish_reason: null }] });
		await pause(answer.allowed === Infinity ? LAST_PACE : PACE);
	}
	if (await answer.allows(Infinity)) {
		send({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
		send({ choices: [], usage: { prompt_tokens: 1, completion_tokens: letters, total_tokens: letters + 1 } });
		response.end('data: [DONE]\n\n');
	}
}
