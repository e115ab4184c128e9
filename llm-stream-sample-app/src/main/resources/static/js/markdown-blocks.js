/**
 * Splits Markdown into blocks, as plain data. Knows what models write: headings, lists,
 * fenced code, tables, quotes, rules, paragraphs. HTML is text like any other.
 */

const FENCE = /^ {0,3}(`{3,}|~{3,})[ \t]*([^`]*)$/;
const HEADING = /^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$/;
const RULE = /^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$/;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^( *)([-*+]|\d{1,9}[.)])(?:( +)(.*)|$)/;
const DELIMITER_ROW = /^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;
const MAX_DEPTH = 12;

/** The blocks of a text, each with the offset at which it starts. */
export function parseBlocks(text) {
	const lines = text.split('\n');
	const offsets = [];
	let offset = 0;
	for (let i = 0; i < lines.length; i++) {
		offsets.push(offset);
		offset += lines[i].length + 1;
		lines[i] = lines[i].replace(/\r$/, '').replace(/\t/g, '    ');
	}
	return parseLines(lines, 0).map((block) => ({ ...block, start: offsets[block.line] }));
}

function parseLines(lines, depth) {
	const blocks = [];
	let at = 0;
	while (at < lines.length) {
		if (isBlank(lines[at])) {
			at++;
			continue;
		}
		const block = parseBlock(lines, at, depth);
		block.line = at;
		blocks.push(block);
		at = block.next;
	}
	return blocks;
}

function parseBlock(lines, at, depth) {
	const line = lines[at];
	const fence = FENCE.exec(line);
	if (fence) {
		return parseFence(lines, at, fence);
	}
	const heading = HEADING.exec(line);
	if (heading) {
		return { type: 'heading', level: heading[1].length, text: heading[2] ?? '', next: at + 1 };
	}
	if (RULE.test(line)) {
		return { type: 'rule', next: at + 1 };
	}
	if (depth < MAX_DEPTH && QUOTE.test(line)) {
		return parseQuote(lines, at, depth);
	}
	if (depth < MAX_DEPTH && ITEM.test(line)) {
		return parseList(lines, at, depth);
	}
	if (isTable(lines, at)) {
		return parseTable(lines, at);
	}
	return parseParagraph(lines, at);
}

function parseFence(lines, at, [opening, mark, info]) {
	const indent = opening.search(/[`~]/);
	const code = [];
	let closed = false;
	let next = at + 1;
	for (; next < lines.length && !closed; next++) {
		const end = FENCE.exec(lines[next]);
		closed = end !== null && end[1][0] === mark[0] && end[1].length >= mark.length && end[2].trim() === '';
		if (!closed) {
			code.push(lines[next].slice(Math.min(indent, indentOf(lines[next]))));
		}
	}
	if (!closed && code.at(-1) === '') {
		code.pop(); // the line that is about to come
	}
	return { type: 'code', language: info.trim().split(/\s+/)[0], text: code.join('\n'), closed, next };
}

function parseQuote(lines, at, depth) {
	const inner = [];
	let next = at;
	while (next < lines.length && !isBlank(lines[next])
			&& (QUOTE.test(lines[next]) || (next > at && !startsBlock(lines, next)))) {
		inner.push(lines[next].replace(QUOTE, ''));
		next++;
	}
	return { type: 'quote', blocks: parseLines(inner, depth + 1), next };
}

function parseList(lines, at, depth) {
	const first = ITEM.exec(lines[at]);
	const kind = kindOf(first);
	const items = [];
	let loose = false;
	let next = at;
	while (next < lines.length) {
		const marker = ITEM.exec(lines[next]);
		if (!marker || kindOf(marker) !== kind || RULE.test(lines[next])) {
			break;
		}
		const item = collectItem(lines, next, marker);
		loose ||= item.gap && item.next < lines.length && sameList(lines[item.next], kind);
		items.push(toItem(item.lines, depth));
		next = item.next;
	}
	loose ||= items.some((item) => item.blocks.filter((block) => block.type === 'paragraph').length > 1);
	return { type: 'list', ordered: /\d/.test(first[2]), from: parseInt(first[2], 10), items, loose,
		next };
}

function collectItem(lines, at, marker) {
	const outer = marker[1].length;
	const space = (marker[3] ?? ' ').length;
	const inner = outer + marker[2].length + ((space > 4) ? 1 : space);
	const collected = [lines[at].slice(inner)];
	let next = at + 1;
	let blanks = 0;
	for (; next < lines.length; next++) {
		const line = lines[next];
		if (isBlank(line)) {
			blanks++;
			continue;
		}
		const indent = indentOf(line);
		// Two columns are enough for a nested item: models do not count the marker's width.
		const belongs = indent >= inner || (indent >= outer + 2 && ITEM.test(line));
		if (!belongs && (blanks > 0 || startsBlock(lines, next))) {
			break;
		}
		collected.push(...Array(blanks).fill(''), line.slice(Math.min(indent, inner)));
		blanks = 0;
	}
	return { lines: collected, gap: blanks > 0, next };
}

function toItem(lines, depth) {
	const task = /^\[([ xX])\] /.exec(lines[0]);
	if (task) {
		lines[0] = lines[0].slice(4);
	}
	return { checked: task ? task[1] !== ' ' : null, blocks: parseLines(lines, depth + 1) };
}

function parseTable(lines, at) {
	const align = cells(lines[at + 1]).map((cell) => {
		const left = cell.startsWith(':');
		const right = cell.endsWith(':');
		return right ? (left ? 'center' : 'right') : (left ? 'left' : null);
	});
	const rows = [];
	let next = at + 2;
	while (next < lines.length && !isBlank(lines[next]) && lines[next].includes('|')) {
		const row = cells(lines[next]);
		rows.push(align.map((_, column) => row[column] ?? ''));
		next++;
	}
	return { type: 'table', head: cells(lines[at]), rows, align, next };
}

function parseParagraph(lines, at) {
	let next = at + 1;
	while (next < lines.length && !isBlank(lines[next]) && !startsBlock(lines, next)) {
		next++;
	}
	return { type: 'paragraph', text: lines.slice(at, next).map((line) => line.trimStart()).join('\n').trimEnd(), next };
}

function startsBlock(lines, at) {
	const line = lines[at];
	const item = ITEM.exec(line);
	return FENCE.test(line) || HEADING.test(line) || RULE.test(line) || QUOTE.test(line)
		|| (item !== null && item[4] !== undefined && item[4] !== '') || isTable(lines, at);
}

function isTable(lines, at) {
	return at + 1 < lines.length && lines[at].includes('|') && DELIMITER_ROW.test(lines[at + 1])
		&& cells(lines[at]).length === cells(lines[at + 1]).length;
}

function cells(line) {
	const row = line.trim().replace(/^\|/, '').replace(/(?<!\\)\|$/, '');
	const found = [];
	let cell = '';
	let code = false;
	for (let i = 0; i < row.length; i++) {
		if (row[i] === '\\' && row[i + 1] === '|') {
			cell += '|';
			i++;
		}
		else if (row[i] === '|' && !code) {
			found.push(cell.trim());
			cell = '';
		}
		else {
			code = (row[i] === '`') ? !code : code;
			cell += row[i];
		}
	}
	found.push(cell.trim());
	return found;
}

/** Items make one list only if they are marked alike: "-" with "-", "1." with "2.". */
function kindOf(marker) {
	return marker[2].at(-1);
}

function sameList(line, kind) {
	const marker = ITEM.exec(line);
	return marker !== null && kindOf(marker) === kind;
}

function isBlank(line) {
	return line.trim() === '';
}

function indentOf(line) {
	return line.length - line.trimStart().length;
}
