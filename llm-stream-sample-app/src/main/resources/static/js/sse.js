/**
 * Reads text/event-stream as the HTML standard defines it. EventSource can only GET and
 * reconnects by itself; a chat needs a POST and decides on its own.
 */

/** Takes text in pieces of any size and gives back the events that are complete. */
export class EventParser {

	#line = '';
	#afterCr = false;
	#data = [];
	#type = '';
	#id = '';

	/** The last id seen, as EventSource would send it in Last-Event-ID. */
	get lastEventId() {
		return this.#id;
	}

	push(chunk) {
		if (chunk === '') {
			return [];
		}
		// A CR ends its line at once; the LF of a CRLF may come with the next chunk.
		let from = (this.#afterCr && chunk[0] === '\n') ? 1 : 0;
		this.#afterCr = chunk.endsWith('\r');
		const events = [];
		const ends = /\r\n|\n|\r/g;
		ends.lastIndex = from;
		for (let end = ends.exec(chunk); end !== null; end = ends.exec(chunk)) {
			this.#take(this.#line + chunk.slice(from, end.index), events);
			this.#line = '';
			from = ends.lastIndex;
		}
		this.#line += chunk.slice(from);
		return events;
	}

	#take(line, events) {
		if (line === '') {
			this.#dispatch(events);
			return;
		}
		const colon = line.indexOf(':');
		if (colon === 0) {
			return;
		}
		const field = (colon < 0) ? line : line.slice(0, colon);
		let value = (colon < 0) ? '' : line.slice(colon + 1);
		if (value[0] === ' ') {
			value = value.slice(1);
		}
		if (field === 'data') {
			this.#data.push(value);
		}
		else if (field === 'event') {
			this.#type = value;
		}
		else if (field === 'id' && !value.includes('\0')) {
			this.#id = value;
		}
	}

	#dispatch(events) {
		if (this.#data.length > 0) {
			events.push({ type: this.#type || 'message', id: this.#id, data: this.#data.join('\n') });
		}
		this.#data = [];
		this.#type = '';
	}

}

/**
 * The events of a response body, in the batches in which they arrive. What is unfinished
 * when the input ends is dropped. Leaving the loop closes the connection.
 */
export async function* readEvents(body) {
	const reader = body.getReader();
	const decoder = new TextDecoder(); // drops a leading byte order mark
	const parser = new EventParser();
	try {
		for (;;) {
			const { done, value } = await reader.read();
			if (done) {
				return;
			}
			const events = parser.push(decoder.decode(value, { stream: true }));
			if (events.length > 0) {
				yield events;
			}
		}
	}
	finally {
		reader.cancel().catch(() => {});
	}
}
