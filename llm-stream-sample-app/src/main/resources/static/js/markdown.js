import { parseBlocks } from './markdown-blocks.js';
import { parseInline } from './markdown-inline.js';
import { copyButton, element } from './dom.js';

/**
 * Shows Markdown that is still being written. Everything is built as nodes, never as
 * HTML, so that what a model says cannot become part of the page. Only what may still
 * change is drawn again: the cost of a token does not grow with the answer.
 */
export class MarkdownView {

	#root;
	#source = '';
	#settled = 0;
	#settledStarts = [];
	#tail = [];

	constructor(root) {
		this.#root = root;
	}

	/**
	 * Shows the text, which must begin with the text shown before. With "writing" more will
	 * come; with "open" none will, but the text broke off and what it began stands.
	 */
	update(source, writing, open = writing) {
		this.#source = source;
		const base = this.#settled;
		const text = source.slice(base);
		const blocks = parseBlocks(text);
		if (!writing) {
			this.#finish(blocks, open);
			return;
		}
		// A line without its end may yet turn out to be something else.
		const whole = text.lastIndexOf('\n');
		const last = Math.max(0, blocks.findLastIndex((block) => block.start <= whole));
		this.#draw(blocks, last, true);
		for (const block of blocks.slice(0, last)) {
			this.#settledStarts.push(base + block.start);
		}
		if (last > 0) {
			this.#settled = base + blocks[last].start;
			this.#tail.splice(0, last);
		}
	}

	clear() {
		this.#source = '';
		this.#settled = 0;
		this.#settledStarts = [];
		this.#tail = [];
		this.#root.replaceChildren();
	}

	#finish(blocks, open) {
		const starts = parseBlocks(this.#source).map((block) => block.start);
		const asDrawn = this.#settledStarts.every((start, i) => start === starts[i]);
		if (asDrawn) {
			this.#draw(blocks, blocks.length - 1, open);
			return;
		}
		const source = this.#source;
		this.clear();
		this.#source = source;
		const all = parseBlocks(source);
		this.#draw(all, all.length - 1, open);
	}

	#draw(blocks, last, open) {
		for (let i = 0; i < Math.max(blocks.length, this.#tail.length); i++) {
			const old = this.#tail[i];
			const block = blocks[i];
			if (block === undefined) {
				old.node.remove();
			}
			else if (old === undefined) {
				this.#tail[i] = { block, node: blockNode(block, open && i >= last) };
				this.#root.append(this.#tail[i].node);
			}
			else if (!grow(old, block)) {
				const node = blockNode(block, open && i >= last);
				old.node.replaceWith(node);
				this.#tail[i] = { block, node };
			}
		}
		this.#tail.length = blocks.length;
	}

}

/** Code is only added to: long listings are not drawn again for each line. */
function grow(old, block) {
	if (old.block.type !== 'code' || block.type !== 'code' || old.block.language !== block.language
			|| !block.text.startsWith(old.block.text)) {
		return false;
	}
	if (block.text.length > old.block.text.length) {
		old.node.querySelector('code').firstChild.appendData(block.text.slice(old.block.text.length));
	}
	old.block = block;
	return true;
}

function blockNode(block, open) {
	switch (block.type) {
		case 'heading':
			// The page has the first two levels for itself.
			return element(`h${Math.min(6, block.level + 2)}`, { dir: 'auto', 'data-level': block.level }, spans(block.text, open));
		case 'code':
			return codeNode(block);
		case 'rule':
			return element('hr');
		case 'quote':
			return element('blockquote', {}, block.blocks.map((inner) => blockNode(inner, open)));
		case 'list':
			return listNode(block, open);
		case 'table':
			return tableNode(block, open);
		default:
			return element('p', { dir: 'auto' }, spans(block.text, open));
	}
}

function codeNode(block) {
	const code = element('code');
	code.append(document.createTextNode(block.text));
	const head = element('div', { class: 'code-head' }, [element('span', {}, [block.language || 'text']),
		copyButton('Copy code', () => code.textContent)]);
	return element('div', { class: 'code', dir: 'ltr' }, [head, element('pre', { tabindex: '0' }, [code])]);
}

function listNode(block, open) {
	const list = element(block.ordered ? 'ol' : 'ul', { dir: 'auto' });
	if (block.ordered && block.from !== 1) {
		list.start = block.from;
	}
	for (const item of block.items) {
		const node = element('li');
		if (item.checked !== null) {
			node.classList.add('task');
			const box = element('input', { type: 'checkbox', disabled: '', 'aria-label': item.checked ? 'done' : 'to do' });
			box.checked = item.checked;
			node.append(box);
		}
		for (const inner of item.blocks) {
			if (inner.type === 'paragraph' && !block.loose) {
				node.append(...spans(inner.text, open));
			}
			else {
				node.append(blockNode(inner, open));
			}
		}
		list.append(node);
	}
	return list;
}

function tableNode(block, open) {
	const row = (tag, texts) => element('tr', {}, texts.map((text, column) => {
		const cell = element(tag, { dir: 'auto' }, spans(text, open));
		if (block.align[column]) {
			cell.classList.add(block.align[column]);
		}
		return cell;
	}));
	return element('div', { class: 'table', tabindex: '0' }, [element('table', {}, [
		element('thead', {}, [row('th', block.head)]),
		element('tbody', {}, block.rows.map((texts) => row('td', texts)))
	])]);
}

function spans(text, open) {
	return parseInline(text, open).map(spanNode);
}

function spanNode(span) {
	switch (span.type) {
		case 'text':
			return document.createTextNode(span.text);
		case 'code':
			return element('code', {}, [span.text]);
		case 'break':
			return element('br');
		case 'link':
			return element('a', { href: span.href, target: '_blank', rel: 'noopener noreferrer nofollow' },
				span.nodes.map(spanNode));
		case 'span':
			return element('span', {}, span.nodes.map(spanNode));
		default:
			return element(span.type, {}, span.nodes.map(spanNode));
	}
}
