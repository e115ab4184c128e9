// SPDX-License-Identifier: Apache-2.0. What each export is for is told in llm-stream-json.d.ts.

const ESCAPES = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
const LITERALS = { true: true, false: false, null: null };
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
const STEPS = 500;

export class JsonError extends Error {

	name = 'JsonError';

}

export function createJsonReader({ onChange } = {}) {
	// open: the containers around the current place, outermost first, each with the name that comes next
	let open = [], state = 'seek', part = '', tail = '', inName = false, unicode = '', complete = false, value, changed = false;

	const top = () => open.at(-1);
	const fail = (what) => {
		throw new JsonError(what);
	};

	function put(item) {
		const { container, name } = top();
		if (Array.isArray(container)) {
			container.push(item);
		}
		else {
			// a member called __proto__ is a member like others
			Object.defineProperty(container, name, { value: item, writable: true, enumerable: true, configurable: true });
		}
		changed = true;
	}

	function replace(item) {
		const { container, name } = top();
		const key = Array.isArray(container) ? container.length - 1 : name;
		if (container[key] !== item) {
			container[key] = item;
			changed = true;
		}
	}

	function enter(array) {
		const container = array ? [] : {};
		if (open.length > 0) {
			put(container);
		}
		else {
			value = container;
		}
		if (open.push({ container, name: undefined }) > STEPS) {
			fail('it is nested too deeply');
		}
		state = array ? 'first-value' : 'first-name';
	}

	function leave() {
		open.pop();
		changed = true;
		complete = open.length === 0;
		state = complete ? 'done' : 'after';
	}

	function unexpected() {
		if (open.length === 1 && state.startsWith('first')) {
			// a brace in prose
			open = [];
			value = undefined;
			state = 'seek';
			return;
		}
		fail('it is not valid JSON');
	}

	function endString() {
		if (!inName) {
			replace(part);
			state = 'after';
			return;
		}
		if (Object.hasOwn(top().container, part)) {
			fail('an object has two members of the same name');
		}
		top().name = part;
		inName = false;
		state = 'colon';
	}

	function endScalar() {
		if (!Object.hasOwn(LITERALS, part) && !NUMBER.test(part)) {
			fail('it is not valid JSON');
		}
		put(Object.hasOwn(LITERALS, part) ? LITERALS[part] : Number(part));
		state = 'after';
	}

	/** Its tail is kept by itself: to look at the end of a string that grew is to copy it. */
	function grow(text) {
		part += text;
		tail = text || tail;
	}

	function begin(name) {
		part = tail = '';
		inName = name;
		state = 'string';
	}

	function structure(c) {
		const array = open.length > 0 && Array.isArray(top().container);
		if ((state === 'first-name' || state === 'name') && c === '"') {
			begin(true);
		}
		else if (state === 'colon' && c === ':') {
			state = 'value';
		}
		else if ((c === '}' && (state === 'first-name' || (state === 'after' && !array)))
			|| (c === ']' && (state === 'first-value' || (state === 'after' && array)))) {
			leave();
		}
		else if (state === 'after' && c === ',') {
			state = array ? 'value' : 'name';
		}
		else if (state === 'value' || state === 'first-value') {
			if (c === '"') {
				begin(false);
				put('');
			}
			else if (c === '{' || c === '[') {
				enter(c === '[');
			}
			else if (/[-0-9tfn]/.test(c)) {
				part = c;
				state = 'scalar';
			}
			else {
				unexpected();
			}
		}
		else {
			unexpected();
		}
	}

	/** Takes one character, or as many as belong together; returns how many. */
	function take(text, at) {
		const c = text[at];
		if (state === 'seek') {
			if (c === '{' || c === '[') {
				enter(c === '[');
			}
		}
		else if (state === 'string') {
			const [run] = /[^"\\]*/y.exec(text.slice(at, at + 4096));
			grow(run);
			if (run !== '') {
				return run.length;
			}
			if (c === '"') {
				endString();
			}
			else {
				state = 'escape';
			}
		}
		else if (state === 'escape') {
			if (c === 'u') {
				unicode = '';
				state = 'unicode';
			}
			else {
				grow(ESCAPES[c] ?? fail('a string has an unknown escape'));
				state = 'string';
			}
		}
		else if (state === 'unicode') {
			unicode += /[0-9a-fA-F]/.test(c) ? c : fail('a string has an unknown escape');
			if (unicode.length === 4) {
				grow(String.fromCharCode(parseInt(unicode, 16)));
				state = 'string';
			}
		}
		else if (state === 'scalar' && /[-+.0-9a-zE]/.test(c)) {
			part += c;
		}
		else {
			if (state === 'scalar') {
				endScalar();
			}
			if (!/\s/.test(c)) {
				structure(c);
			}
		}
		return 1;
	}

	return {
		feed(text) {
			changed = false;
			for (let at = 0; at < text.length && state !== 'done';) {
				at += take(text, at);
			}
			if (!inName && (state === 'string' || state === 'escape' || state === 'unicode')) {
				// the first half of a surrogate pair waits for the second
				replace(/[\uD800-\uDBFF]$/.test(tail) ? part.slice(0, -1) : part);
			}
			if (changed) {
				onChange?.(value);
			}
			return value;
		},
		get value() {
			return value;
		},
		get complete() {
			return complete;
		}
	};
}
