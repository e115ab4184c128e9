import { readEvents } from './sse.js';

/** Ends an answer that did not succeed; what came of it stays valid. */
export class AnswerError extends Error {

	constructor(code, message, retryable) {
		super(message);
		this.code = code;
		this.retryable = retryable;
	}

}

/**
 * Asks for an answer and hands each event on. Returns the data of the final "done".
 * Throws an AnswerError if there is no complete answer, an AbortError if it was stopped.
 */
export async function ask(request, signal, onEvent) {
	const response = await open(request, signal);
	try {
		for await (const batch of readEvents(response.body)) {
			for (const event of batch) {
				const data = JSON.parse(event.data);
				if (event.type === 'done') {
					return data;
				}
				if (event.type === 'run-error') {
					throw new AnswerError(data.code, data.message, data.retryable !== false);
				}
				onEvent(event.type, data);
			}
		}
	}
	catch (failure) {
		throw (failure instanceof AnswerError || signal.aborted) ? failure : lost();
	}
	// The end of the input is not the end of the answer: only "done" is.
	throw lost();
}

async function open(request, signal) {
	let response;
	try {
		response = await fetch('api/chat', {
			method: 'POST',
			headers: { 'Content-Type': 'application/json', 'Accept': 'text/event-stream' },
			body: JSON.stringify(request),
			signal
		});
	}
	catch (failure) {
		throw signal.aborted ? failure : new AnswerError('offline', 'The server cannot be reached.', true);
	}
	if (!response.ok) {
		throw new AnswerError(`http-${response.status}`, await problem(response), true);
	}
	return response;
}

async function problem(response) {
	const text = await response.text();
	try {
		const body = JSON.parse(text);
		return body.detail ?? body.message ?? body.error ?? `The server answered ${response.status}.`;
	}
	catch {
		return `The server answered ${response.status}.`;
	}
}

function lost() {
	return new AnswerError('connection-lost', 'The connection broke before the answer was complete.', true);
}
