// SPDX-License-Identifier: Apache-2.0. What each export is for is told in llm-stream.d.ts.

export class RunError extends Error {

	name = 'RunError';

	constructor(code, message, retryable = true, cause) {
		super(message, { cause });
		this.code = code;
		this.retryable = retryable;
	}

}

export function createParser({ onEvent, onRetry, onComment, lastEventId = '', maxEventSize = 4 << 20 }) {
	let begun = false, afterCr = false, line = '', data = [], size = 0, type = '', id = lastEventId, numbered = false;

	function measure(more) {
		if (size + more > maxEventSize) {
			throw new RunError('event-too-large', 'An event is too large.', false);
		}
	}

	function dispatch() {
		const event = { id, event: type || 'message', data: data.join('\n') };
		const [whole, own] = [data.length > 0, numbered];
		lastEventId = id;
		data = [];
		size = 0;
		type = '';
		numbered = false;
		if (whole) {
			onEvent?.(event, own);
		}
	}

	function take(text) {
		const [, field, value] = /^([^:]*):? ?([^]*)$/.exec(text);
		measure(text.length);
		if (text === '') {
			dispatch();
		}
		else if (field === '') {
			onComment?.(value);
		}
		else if (field === 'data') {
			data.push(value);
			size += value.length + 1;
		}
		else if (field === 'event') {
			type = value;
		}
		else if (field === 'id' && !value.includes('\0')) {
			id = value;
			numbered = value !== '';
		}
		else if (field === 'retry' && /^\d+$/.test(value)) {
			onRetry?.(+value);
		}
	}

	return {
		feed(chunk) {
			if (chunk === '') {
				return;
			}
			let from = (begun ? afterCr && chunk[0] === '\n' : chunk[0] === '\ufeff') ? 1 : 0;
			begun = true;
			// A CR ends its line at once; the LF of a CRLF may only come with the next chunk.
			afterCr = chunk.endsWith('\r');
			const ends = /\r\n?|\n/g;
			ends.lastIndex = from;
			for (let end; (end = ends.exec(chunk)); from = ends.lastIndex) {
				const whole = line + chunk.slice(from, end.index);
				line = '';
				take(whole);
			}
			line += chunk.slice(from);
			measure(line.length);
		},
		get lastEventId() {
			return lastEventId;
		}
	};
}

async function* texts(readable) {
	const reader = readable.getReader();
	const decoder = new TextDecoder('utf-8', { ignoreBOM: true }); // the parser drops it
	try {
		for (;;) {
			const { done, value } = await reader.read();
			if (done) {
				return;
			}
			yield decoder.decode(value, { stream: true });
		}
	}
	finally {
		reader.cancel().catch(() => {});
	}
}

export async function* parseSSE(readable, options) {
	const events = [];
	const parser = createParser({ ...options, onEvent: (event) => events.push(event) });
	for await (const text of texts(readable)) {
		let failure;
		try {
			parser.feed(text);
		}
		catch (thrown) {
			failure = thrown;
		}
		yield* events.splice(0);
		if (failure) {
			throw failure;
		}
	}
}

export function openRun(options) {
	return new Run(options);
}

const LAST = { 'done': 'done', 'run-error': 'error', 'aborted': 'stopped' };

/** For how many quarters of a heartbeat a connection may be silent. */
const SILENCE = 10;

class Run {

	status = 'connecting';
	text = '';
	reasoning = '';
	attempt = 0;
	error = null;
	result = null;
	ended = false;
	#options;
	#resumable;
	#log = [];
	#waiting = [];
	#retry = 1000;
	#silent = 0;
	#abort = new AbortController();
	#listeners = new AbortController();
	#running;
	#wake;
	#stopping;
	#asking;
	#asked = performance.now();
	#ttft = null;
	#first = null;
	#last = null;
	#pieces = 0;
	#kept = ['', '', 0];

	constructor({ url, runUrl = url.replace(/\/?(\?.*)?$/, '/{id}$1'), stopUrl = runUrl.replace(/(\?.*)?$/, '/stop$1'),
		body, runId = null, lastEventId = '', signal, ...rest }) {
		this.#options = { heartbeat: 15000, maxDelay: 30000, maxAttempts: 20, ...rest, url, runUrl, stopUrl,
			body: /(Object|Array)]/.test({}.toString.call(body)) ? JSON.stringify(body) : body };
		this.runId = runId;
		this.lastEventId = `${lastEventId}`;
		this.#resumable = runId !== null;
		const listen = (target, name, run) => target?.addEventListener?.(name, run, { signal: this.#listeners.signal });
		listen(signal, 'abort', () => this.close());
		listen(globalThis, 'online', () => this.#hurry());
		listen(globalThis.document, 'visibilitychange', () => document.hidden || this.#hurry());
		if (signal?.aborted) {
			this.close();
		}
		this.#running = Promise.resolve().then(() => this.#run());
		this.finished = this.#finish();
	}

	get metrics() {
		const tokens = this.result?.usage?.output;
		const seconds = (this.#last - this.#first) / 1000;
		const count = tokens || this.#pieces;
		return {
			ttft: this.#ttft,
			tokensPerSecond: (count < 2 || seconds < 0.05) ? null : (count - 1) / seconds,
			estimated: !tokens,
			elapsed: (this.#last ?? performance.now()) - this.#asked
		};
	}

	async stop() {
		if (this.result) {
			return true;
		}
		this.#stopping = true;
		this.close();
		const limit = setTimeout(() => this.#abort.abort(), 12000); // admission takes 10 s
		await this.#running;
		clearTimeout(limit);
		try {
			return this.#resumable ? (await this.#fetch('POST', 'stopUrl', { keepalive: true }, { Accept: '*/*' })).ok : !this.#asking;
		}
		catch {
			return false;
		}
	}

	close() {
		this.#end('stopped');
		// Only its id stops a run on the server, so a stop waits for it.
		if (!this.#stopping || !this.#asking) {
			this.#abort.abort();
		}
	}

	async *[Symbol.asyncIterator]() {
		try {
			for (let at = 0; at < this.#log.length || !this.ended;) {
				if (at < this.#log.length) {
					yield this.#log[at++];
				}
				else {
					await this.#change();
				}
			}
		}
		finally {
			this.close();
		}
		if (this.error) {
			throw this.error;
		}
	}

	async #run() {
		for (let attach = this.#resumable; !this.ended; attach = true) {
			const failure = await this.#connect(attach).catch((thrown) => thrown);
			const error = (failure instanceof RunError) ? failure
				: new RunError('connection-lost', 'The connection broke before the answer was complete.', true, failure);
			if (!this.#resumable || !error.retryable || this.attempt >= this.#options.maxAttempts) {
				this.#end('error', error);
			}
			if (!this.ended) {
				// A browser that knows it is offline loses no attempts by it.
				this.attempt += (globalThis.navigator?.onLine === false) ? 0 : 1;
				this.#become('reconnecting');
				await this.#pause();
			}
		}
	}

	async #connect(attach) {
		const { heartbeat, maxEventSize } = this.#options;
		const abort = this.#abort = new AbortController();
		this.#silent = 0;
		// Ticks are counted, not time: after a freeze, what waits in the socket is read before the next one.
		const watchdog = heartbeat > 0 && setInterval(() => attach && ++this.#silent > SILENCE && abort.abort(), heartbeat / 4);
		try {
			const { body } = await this.#request(attach);
			if (this.ended) {
				return;
			}
			attach = true;
			this.#become('streaming');
			const parser = createParser({
				maxEventSize,
				lastEventId: this.lastEventId,
				onEvent: (event, numbered) => this.ended || this.#take(event, numbered),
				onRetry: (delay) => this.#retry = delay
			});
			for await (const text of texts(body)) {
				this.#silent = 0;
				parser.feed(text);
				this.ended || this.#changed();
			}
		}
		finally {
			clearInterval(watchdog);
			abort.abort();
		}
	}

	async #request(attach) {
		const { body, resume } = this.#options;
		this.#asking = !attach && resume !== false;
		const response = await (attach
			? this.#fetch('GET', 'runUrl', { cache: 'no-store' }, this.lastEventId && { 'Last-Event-ID': this.lastEventId })
			: this.#fetch('POST', 'url', { body }, typeof body === 'string' && { 'Content-Type': 'application/json' })
		).catch((cause) => {
			throw new RunError('offline', 'The server cannot be reached.', true, cause);
		});
		this.#asking = false;
		const { ok, status, headers } = response;
		if (status === 204) {
			throw new RunError('gone', 'The run is over.', false);
		}
		if (!ok) {
			throw new RunError(`http-${status}`, await problem(response), status > 499 || status === 429);
		}
		if (!/^text\/event-stream\b/i.test(headers.get('Content-Type'))) {
			throw new RunError('not-a-stream', 'The server did not answer with a stream.', false);
		}
		this.#know(headers.get('X-Run-Id'), true);
		return response;
	}

	/** Only the header says that a run can be resumed; an id alone does not. */
	#know(id, resumable) {
		const { resume } = this.#options;
		if (id) {
			this.runId = id;
			this.#resumable = resume ?? (resumable || this.#resumable);
		}
	}

	async #fetch(method, url, init, own) {
		const { fetch = globalThis.fetch, credentials, getHeaders, ...options } = this.#options;
		const headers = new Headers({ Accept: 'text/event-stream', ...own });
		for (const [name, value] of Object.entries({ ...options.headers, ...await getHeaders?.() })) {
			headers.set(name, value);
		}
		return fetch(options[url].replace('{id}', encodeURIComponent(this.runId)),
			{ method, headers, credentials, signal: init.keepalive ? null : this.#abort.signal, ...init });
	}

	#take(event, numbered) {
		// Numbers only grow: what is not newer was seen before a reconnect.
		if (numbered && this.lastEventId && +event.id <= +this.lastEventId) {
			return;
		}
		if (numbered) {
			this.lastEventId = event.id;
		}
		else {
			this.#resumable = false; // nobody could say where to go on
		}
		this.attempt = 0;
		let json = {};
		try {
			json = (event.json = JSON.parse(event.data)) ?? {};
		}
		catch {
			// not one of ours
		}
		this.#log.push(event);
		if (event.event === 'delta') {
			this.#delta(json);
		}
		else if (event.event === 'start') {
			this.#know(json.runId);
		}
		else if (event.event === 'reset') {
			[this.text, this.reasoning, this.#pieces] = this.#kept;
			if (this.#pieces === 0) {
				this.#first = this.#last = null;
			}
		}
		else if (event.event === 'step') {
			// Another message of the model, and all that a reset takes back from now on.
			this.text = this.text.replace(/.$/, '$&\n\n');
			this.reasoning = this.reasoning.replace(/.$/, '$&\n\n');
			this.#kept = [this.text, this.reasoning, this.#pieces];
		}
		this.#tell('onEvent', event);
		const last = LAST[event.event];
		if (last && !this.ended) {
			this.result = json;
			this.#end(last, (last === 'error') ? new RunError(json.code, json.message, json.retryable !== false) : null);
			// The server closes now, which leaves the connection to the next request. If not, we do.
			setTimeout(() => this.#abort.abort(), 1000);
		}
	}

	#delta({ kind, text = '' }) {
		this.#last = performance.now();
		this.#first ??= this.#last;
		this.#ttft ??= this.#last - this.#asked;
		this.#pieces++;
		if (kind === 'reasoning') {
			this.reasoning += text;
		}
		else if (kind !== 'tool_args') {
			this.text += text;
		}
	}

	#pause() {
		// Jitter only adds: the server's own delay is kept, and a restarted server is not stormed.
		const delay = Math.max(this.#retry, Math.min(this.#options.maxDelay, (this.#retry || 1) * 2 ** (this.attempt - 1)));
		return this.ended || new Promise((resolve) => {
			const timer = setTimeout(resolve, Math.min(delay * (1 + Math.random() / 2), 2 ** 31 - 1));
			this.#wake = () => resolve(clearTimeout(timer));
		});
	}

	/** The network is back or somebody looks: tries at once, and doubts a silent connection earlier. */
	#hurry() {
		this.attempt = 0;
		this.#wake?.();
		if (this.#resumable) {
			this.#silent = Math.max(this.#silent, SILENCE - 4);
		}
	}

	#become(status) {
		this.status = status;
		this.#changed();
	}

	#end(status, error = null) {
		if (!this.ended) {
			this.ended = true;
			this.error = error;
			this.#listeners.abort();
			this.#wake?.();
			this.#become(status);
		}
	}

	async #finish() {
		while (!this.ended) {
			await this.#change();
		}
		return this;
	}

	#change() {
		return new Promise((resolve) => this.#waiting.push(resolve));
	}

	#changed() {
		this.#waiting.splice(0).forEach((resolve) => resolve());
		this.#tell('onUpdate');
	}

	/** A callback that throws is a bug of the page and no reason to lose the run. */
	#tell(name, ...args) {
		try {
			this.#options[name]?.(...args, this);
		}
		catch (thrown) {
			(globalThis.reportError ?? console.error)(thrown);
		}
	}

}

async function problem(response) {
	try {
		const { detail, message, error } = await response.json();
		return detail ?? message ?? error.message ?? error;
	}
	catch {
		return `The server answered ${response.status}.`;
	}
}

export function smooth(show, { drainMs = 250 } = {}) {
	let text = '', shown = '', position = 0, speed = 0, time = 0, frame = 0;

	function reveal(at) {
		// Cuts no character, no accent and no joined emoji.
		while (at < text.length && (text[at - 1] === '\u200d' || /^[\udc00-\udfff\p{M}\p{EMod}\u200d]/u.test(text.slice(at, at + 2)))) {
			at++;
		}
		if (at > shown.length) {
			show(shown = text.slice(0, at));
		}
	}

	function step(now) {
		position = Math.min(text.length, position + speed * Math.max(0, now - time));
		time = now;
		reveal(Math.floor(position));
		frame = (position < text.length) ? requestAnimationFrame(step) : 0;
	}

	return (whole, complete) => {
		text = whole;
		if (!text.startsWith(shown)) {
			position = 0;
			show(shown = '');
		}
		speed = (text.length - position) / drainMs;
		if (complete || !globalThis.requestAnimationFrame || document.hidden || matchMedia('(prefers-reduced-motion: reduce)').matches) {
			globalThis.cancelAnimationFrame?.(frame);
			frame = 0;
			reveal(position = text.length);
		}
		else if (frame === 0 && speed > 0) {
			time = performance.now();
			frame = requestAnimationFrame(step);
		}
	};
}
