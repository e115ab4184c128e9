// SPDX-License-Identifier: Apache-2.0

/** What came is no JSON; the reader is of no use afterwards. */
export class JsonError extends Error {
}

export interface JsonReader<T = any> {
	/**
	 * Takes the next piece of the text, of any size. Costs what the piece costs, however much came before.
	 * @returns the value so far
	 * @throws JsonError
	 */
	feed(text: string): T | undefined;
	/**
	 * The value so far; undefined before it begins. One object that grows in place: texts character by
	 * character, arrays element by element; numbers, booleans and nulls come when they are complete.
	 */
	readonly value: T | undefined;
	/** Whether the value is whole. What follows it is passed over. */
	readonly complete: boolean;
}

export interface JsonReaderOptions<T = any> {
	/** Called once for each piece that made the value grow. */
	onChange?(value: T): void;
}

/**
 * Reads an object out of an answer while it is written. What stands around the JSON, such as a code
 * fence, is passed over.
 */
export function createJsonReader<T = any>(options?: JsonReaderOptions<T>): JsonReader<T>;
