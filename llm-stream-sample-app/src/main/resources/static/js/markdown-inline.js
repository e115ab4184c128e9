/**
 * Splits the text of a block into spans, as plain data: text, code, em, strong, del,
 * link, break. With "open" the text is still being written, and what it began is taken
 * for finished: **half a word is already bold.
 */

const PUNCTUATION = /[\p{P}\p{S}]/u;
const ESCAPABLE = /[!-/:-@[-`{-~]/;
const SAFE_SCHEMES = new Set(['http:', 'https:', 'mailto:']);
const MAX_LINK_TEXT = 1000;
const MAX_DEPTH = 8;

export function parseInline(text, open = false, depth = 0) {
	const scanner = new Scanner(text, open, depth);
	return scanner.run();
}

/** The address as it may be put into a link, or null: script and data addresses never may. */
export function safeHref(address) {
	try {
		const url = new URL(address.trim());
		return SAFE_SCHEMES.has(url.protocol) ? url.href : null;
	}
	catch {
		return null;
	}
}

class Scanner {

	constructor(text, open, depth) {
		this.text = text;
		this.open = open;
		this.depth = depth;
		this.at = 0;
		this.plain = '';
		// Each frame is an emphasis that has begun; the first is the block itself.
		this.frames = [{ mark: '', nodes: [] }];
		/** How many frames there are of each mark, so that none is looked for in vain. */
		this.begun = {};
	}

	run() {
		while (this.at < this.text.length) {
			const char = this.text[this.at];
			const taken = (char === '\\' && this.escape()) || (char === '`' && this.code())
				|| ((char === '*' || char === '_' || char === '~') && this.emphasis(char))
				|| ((char === '[' || char === '!') && this.link()) || (char === '<' && this.angle())
				|| (char === 'h' && this.bare()) || (char === '\n' && this.lineBreak());
			if (!taken) {
				this.plain += char;
				this.at++;
			}
		}
		this.flush();
		if (!this.open) {
			this.abandon(0);
		}
		while (this.frames.length > 1) {
			this.leave();
		}
		return this.frames[0].nodes;
	}

	push(node) {
		this.flush();
		this.frames.at(-1).nodes.push(node);
	}

	flush() {
		if (this.plain !== '') {
			this.frames.at(-1).nodes.push({ type: 'text', text: this.plain });
			this.plain = '';
		}
	}

	escape() {
		const next = this.text[this.at + 1];
		if (next === '\n') {
			this.push({ type: 'break' });
		}
		else if (next !== undefined && ESCAPABLE.test(next)) {
			this.plain += next;
		}
		else {
			return false;
		}
		this.at += 2;
		return true;
	}

	lineBreak() {
		this.plain = this.plain.trimEnd();
		this.push({ type: 'break' });
		this.at++;
		return true;
	}

	code() {
		const ticks = runLength(this.text, this.at);
		const begin = this.at + ticks;
		let end = begin;
		while (end < this.text.length) {
			end = this.text.indexOf('`', end);
			if (end < 0) {
				break;
			}
			const closing = runLength(this.text, end);
			if (closing === ticks) {
				this.push({ type: 'code', text: trimCode(this.text.slice(begin, end)) });
				this.at = end + ticks;
				return true;
			}
			end += closing;
		}
		if (this.open) {
			if (begin < this.text.length) {
				this.push({ type: 'code', text: this.text.slice(begin) });
			}
			this.at = this.text.length;
		}
		else {
			this.plain += '`'.repeat(ticks);
			this.at = begin;
		}
		return true;
	}

	emphasis(char) {
		const length = runLength(this.text, this.at);
		const before = this.text[this.at - 1];
		const after = this.text[this.at + length];
		let left = length;
		if (char === '~' ? length === 2 : length <= 4) {
			const { opens, closes } = flanking(char, before, after);
			if (closes) {
				left = this.close(char, left);
			}
			if (opens && left > 0) {
				this.begin(char, left);
				left = 0;
			}
			else if (this.open && after === undefined && left === length) {
				left = 0; // perhaps a beginning: say nothing until the next character tells
			}
		}
		this.plain += char.repeat(left);
		this.at += length;
		return true;
	}

	begin(char, length) {
		this.flush();
		const sizes = (char === '~') ? [2] : [[], [1], [2], [1, 2], [2, 2]][length];
		for (const size of sizes) {
			const mark = char.repeat(size);
			this.frames.push({ mark, nodes: [] });
			this.begun[mark] = (this.begun[mark] ?? 0) + 1;
		}
	}

	close(char, length) {
		let left = length;
		while (left > 0 && (this.begun[char] > 0 || (left > 1 && this.begun[char + char] > 0))) {
			const frame = this.frames.findLastIndex((candidate) => candidate.mark[0] === char && candidate.mark.length <= left);
			if (frame < 1 || (frame === this.frames.length - 1 && this.plain === '' && this.frames[frame].nodes.length === 0)) {
				break;
			}
			left -= this.frames[frame].mark.length;
			this.flush();
			this.abandon(frame);
			this.leave();
		}
		return left;
	}

	/** Takes what began above a frame, and never ended, for the characters that it is. */
	abandon(frame) {
		const into = this.frames[frame].nodes;
		for (const { mark, nodes } of this.frames.splice(frame + 1)) {
			this.begun[mark]--;
			into.push({ type: 'text', text: mark });
			nodes.forEach((node) => into.push(node));
		}
	}

	/** Ends the innermost emphasis. */
	leave() {
		const { mark, nodes } = this.frames.pop();
		this.begun[mark]--;
		if (nodes.length > 0) {
			this.frames.at(-1).nodes.push({ type: (mark[0] === '~') ? 'del' : (mark.length === 2) ? 'strong' : 'em', nodes });
		}
	}

	link() {
		const image = this.text[this.at] === '!';
		const begin = this.at + (image ? 2 : 1);
		if ((image && this.text[this.at + 1] !== '[') || this.depth >= MAX_DEPTH) {
			return false;
		}
		const end = closingBracket(this.text, begin);
		if (end < 0) {
			return false;
		}
		const target = /\(\s*(?:<([^>\n]*)>|((?:[^\s()]|\([^\s()]*\))*))(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)/y;
		target.lastIndex = end + 1;
		const found = target.exec(this.text);
		if (!found) {
			return this.unfinishedLink(begin, end);
		}
		// A picture would be fetched from wherever the model says: offer it as a link.
		const nodes = parseInline(this.text.slice(begin, end) || 'image', false, this.depth + 1);
		const href = safeHref(found[1] ?? found[2] ?? '');
		this.push((href === null) ? { type: 'span', nodes } : { type: 'link', href, nodes });
		this.at = target.lastIndex;
		return true;
	}

	unfinishedLink(begin, end) {
		const rest = this.text.slice(end + 1);
		if (!this.open || rest[0] !== '(' || rest.includes('\n')) {
			return false;
		}
		this.push({ type: 'span', nodes: parseInline(this.text.slice(begin, end), false, this.depth + 1) });
		this.at = this.text.length;
		return true;
	}

	angle() {
		const found = matchAt(/<((?:https?:\/\/|mailto:)[^\s<>]+)>/y, this.text, this.at);
		const href = found && safeHref(found[1]);
		if (!href) {
			return false;
		}
		this.push({ type: 'link', href, nodes: [{ type: 'text', text: found[1] }] });
		this.at += found[0].length;
		return true;
	}

	bare() {
		const before = this.text[this.at - 1];
		const found = (before === undefined || !/[\p{L}\p{N}_]/u.test(before))
			&& matchAt(/https?:\/\/[^\s<>`*"]+/y, this.text, this.at);
		if (!found) {
			return false;
		}
		let address = found[0].replace(/[.,;:!?'_]+$/, '');
		if (address.endsWith(')') && !address.includes('(')) {
			address = address.replace(/\)+[.,;:!?'_]*$/, '');
		}
		const href = safeHref(address);
		if (href === null) {
			return false;
		}
		this.push({ type: 'link', href, nodes: [{ type: 'text', text: address }] });
		this.at += address.length;
		return true;
	}

}

function flanking(char, before, after) {
	const spaceBefore = before === undefined || /\s/.test(before);
	const spaceAfter = after === undefined || /\s/.test(after);
	const markBefore = before !== undefined && PUNCTUATION.test(before);
	const markAfter = after !== undefined && PUNCTUATION.test(after);
	const left = !spaceAfter && (!markAfter || spaceBefore || markBefore);
	const right = !spaceBefore && (!markBefore || spaceAfter || markAfter);
	if (char === '_') {
		return { opens: left && (!right || markBefore), closes: right && (!left || markAfter) };
	}
	return { opens: left, closes: right };
}

function closingBracket(text, begin) {
	const limit = Math.min(text.length, begin + MAX_LINK_TEXT);
	for (let at = begin, depth = 0; at < limit; at++) {
		if (text[at] === '\\') {
			at++;
		}
		else if (text[at] === '[') {
			depth++;
		}
		else if (text[at] === ']' && depth-- === 0) {
			return at;
		}
	}
	return -1;
}

function matchAt(pattern, text, at) {
	pattern.lastIndex = at;
	return pattern.exec(text);
}

function runLength(text, at) {
	let end = at + 1;
	while (text[end] === text[at]) {
		end++;
	}
	return end - at;
}

function trimCode(code) {
	const text = code.replace(/\n/g, ' ');
	return (/^ .* $/.test(text) && text.trim() !== '') ? text.slice(1, -1) : text;
}
