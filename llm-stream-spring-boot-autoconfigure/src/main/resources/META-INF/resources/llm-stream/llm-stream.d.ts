// SPDX-License-Identifier: Apache-2.0

/** An event of a stream, as the HTML standard defines it. */
export interface StreamEvent {
	/** The last id that the stream set, not necessarily with this event; "" before the first. */
	id: string;
	/** The name; "message" if the stream gave none. */
	event: string;
	/** The data, its lines joined by a newline. */
	data: string;
}

/**
 * An event of a run: "start", "delta", "tool_call", "tool_result", "step", "citation", "reset", and
 * as the last one "done", "run-error" or "aborted".
 */
export interface RunEvent extends StreamEvent {
	/** The data as JSON; absent if it is not JSON. */
	json?: any;
}

export interface ParserOptions {
	/** The id that events have before the stream sets one. */
	lastEventId?: string;
	/** How many characters an event may have, unfinished ones included; 4 Mi by default. */
	maxEventSize?: number;
}

export interface ParserCallbacks {
	/** Takes each whole event. `numbered` tells whether it came with an id of its own. */
	onEvent?(event: StreamEvent, numbered: boolean): void;
	/** Takes the delay before a reconnect that the stream asks for, in milliseconds. */
	onRetry?(delay: number): void;
	onComment?(comment: string): void;
}

export interface Parser {
	/**
	 * Takes decoded text in pieces of any size.
	 * @throws RunError of code "event-too-large"; the parser is of no use afterwards
	 */
	feed(chunk: string): void;
	/** The id of the last whole event, for Last-Event-ID. */
	readonly lastEventId: string;
}

/** A parser of text/event-stream, to the letter of the HTML standard. */
export function createParser(options: ParserOptions & ParserCallbacks): Parser;

/**
 * The events of a stream of bytes, such as the body of a response. An unfinished last event is
 * dropped. Leaving the loop closes the stream.
 */
export function parseSSE(readable: ReadableStream<Uint8Array>, options?: ParserOptions): AsyncGenerator<StreamEvent, void, void>;

export type RunStatus =
	/** The request was sent and nothing has come back. */
	| 'connecting'
	| 'streaming'
	/** The connection broke; `attempt` counts the tries to resume the run. */
	| 'reconnecting'
	/** Ended by stop() or close() here, or by a stop elsewhere. What came is kept. */
	| 'stopped'
	/** The answer is complete; `result` tells how it ended. */
	| 'done'
	/** There is no complete answer; `error` tells why. What came is kept. */
	| 'error';

export interface RunOptions {
	/** Where runs are started, by POST. A run is started once: no failure makes the client send it again. */
	url: string;
	/** The address of a run, with {id} for its id: GET resumes it. `url` followed by the id unless it is given. */
	runUrl?: string;
	/** Where a run is stopped, by POST. `runUrl` followed by "stop" unless it is given. */
	stopUrl?: string;
	/** What to send. Objects and arrays are sent as JSON, all else as it is. */
	body?: unknown;
	/** Attaches to a run that was started before, such as by another tab, instead of starting one. */
	runId?: string | null;
	/** With `runId`: the last event that is known already. All are asked for by default. */
	lastEventId?: string | number;
	/**
	 * Whether a broken connection is resumed. By default it is if the response had an X-Run-Id.
	 * `true` trusts the id in the "start" event too, `false` makes a broken connection an error.
	 */
	resume?: boolean;
	headers?: Record<string, string>;
	/** Asked before each request, for headers that expire or depend on a cookie. They override `headers`. */
	getHeaders?(): Record<string, string> | Promise<Record<string, string>>;
	/** As for fetch: "same-origin" by default. */
	credentials?: RequestCredentials;
	/** Does what close() does when it is aborted. It does not stop the run on the server: stop() does. */
	signal?: AbortSignal;
	/**
	 * After how many milliseconds of silence the server sends a comment; 15000 by default, as the
	 * server's own default. After 2.5 of them in silence a connection is given up. 0 for never.
	 */
	heartbeat?: number;
	/** The longest delay between two tries to resume, in milliseconds; 30000 by default. The server's own `retry` goes before. */
	maxDelay?: number;
	/** How many tries in a row may bring nothing before the run is given up; 20 by default. */
	maxAttempts?: number;
	/** How many characters one event may have; 4 Mi by default. */
	maxEventSize?: number;
	/** In place of the global fetch. */
	fetch?: typeof fetch;
	/** Takes each event once, in order. */
	onEvent?(event: RunEvent, run: Run): void;
	/** Called when text, reasoning or status may have changed: once per piece of network input, not per token. */
	onUpdate?(run: Run): void;
}

export interface RunMetrics {
	/** Milliseconds from openRun to the first piece; null before it. */
	ttft: number | null;
	/** Tokens per second after the first one; null while it cannot be told. */
	tokensPerSecond: number | null;
	/** Whether pieces were counted, because the provider has not told how many tokens it wrote. */
	estimated: boolean;
	/** Milliseconds from openRun to the last piece, or until now before the first. */
	elapsed: number;
}

/**
 * A run and what came of it. It goes on by itself; iterating is optional. Each iteration begins with
 * the first event, and leaving it early closes the run. It throws `error` after the last event if
 * there is one, and ends without one when the run was stopped.
 */
export interface Run extends AsyncIterable<RunEvent> {
	readonly status: RunStatus;
	/**
	 * The answer so far, a refusal included; of an object that grows, its JSON. Where tools were run, the messages of all steps, an
	 * empty line between them; a "reset" takes back the current step only.
	 */
	readonly text: string;
	readonly reasoning: string;
	/** The run's id as soon as it is known. Whoever keeps it can attach to the run after a reload. */
	readonly runId: string | null;
	/** The id of the last event that came; "" before it. */
	readonly lastEventId: string;
	/** How many tries to resume were made since the last event. */
	readonly attempt: number;
	/** Why there is no complete answer; null unless the status is "error". */
	readonly error: RunError | null;
	/** The data of the event that ended the run: finishReason, usage, model, …; null if none did. */
	readonly result: any;
	readonly ended: boolean;
	readonly metrics: RunMetrics;
	/** Fulfilled with this run when it has ended in any way. Never rejected. */
	readonly finished: Promise<Run>;
	/**
	 * Ends the run here at once and, if the server knows its id, on the server.
	 * @returns whether the server took note; if not, it can be called again
	 */
	stop(): Promise<boolean>;
	/** Disconnects. What becomes of the run is the server's policy for browsers that leave. */
	close(): void;
}

/** Starts a run, or attaches to one, and follows it to its end through broken connections. */
export function openRun(options: RunOptions): Run;

/**
 * Why there is no complete answer. Codes of the client: "offline" (the server cannot be reached),
 * "connection-lost", "http-404" and its like, "gone" (the run cannot be resumed any more),
 * "not-a-stream", "event-too-large". Others are the server's, from its "run-error" event.
 */
export class RunError extends Error {
	constructor(code: string, message: string, retryable?: boolean, cause?: unknown);
	readonly code: string;
	/** Whether the same may succeed at another time. */
	readonly retryable: boolean;
}

export interface SmoothOptions {
	/** Within how many milliseconds what came is shown; 250 by default. */
	drainMs?: number;
}

/**
 * Shows a text that grows in jumps as one that flows. Call the result with the whole text so far
 * and, when it is complete, with `true`, which shows the rest at once. Nothing is delayed in hidden
 * tabs and for people who prefer reduced motion.
 * @param show takes what is to be seen, at most once a frame
 */
export function smooth(show: (text: string) => void, options?: SmoothOptions): (text: string, complete?: boolean) => void;
