import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { onPage, stack } from './browser.mjs';

/** Runs in the page, where the modules are; arguments and result cross as JSON. */
const parse = (page, chunks) => page.evaluate(async (bytes) => {
	const { parseSSE } = await import('./llm-stream/llm-stream.js');
	const body = new ReadableStream({
		start(controller) {
			bytes.forEach((chunk) => controller.enqueue(new Uint8Array(chunk)));
			controller.close();
		}
	});
	const events = [];
	for await (const event of parseSSE(body)) {
		events.push(event);
	}
	return events;
}, chunks.map((chunk) => [...Buffer.from(chunk)]));

const render = (page, text, steps = [text.length], finish = true) => page.evaluate(async (job) => {
	const { MarkdownView } = await import('./js/markdown.js');
	const root = document.createElement('div');
	const view = new MarkdownView(root);
	job.steps.forEach((end) => view.update(job.text.slice(0, end), true));
	if (job.finish) {
		view.update(job.text, false);
	}
	root.querySelectorAll('.code-head').forEach((head) => head.remove());
	return root.innerHTML.replace(/ (dir|data-level|class|tabindex|target|rel)="[^"]*"/g, '');
}, { text, steps, finish });

describe(`The page's modules, served by the ${stack} stack`, { timeout: 120_000 }, () => {

	test('reads an event stream however it is cut', () => onPage(async (page) => {
		const stream = Buffer.from('\ufeffretry: 10\r\n: comment\r\n\r\nid: 1\revent: delta\rdata: a\rdata:  b\r\r'
			+ 'data\n\nid: 2\ndata: ü😀\r\n\r\nid: x\0y\nevent: other\ndata:{"a":1}\n\nevent: none\n\ndata: unfinished');
		const expected = [
			{ event: 'delta', id: '1', data: 'a\n b' },
			{ event: 'message', id: '1', data: '' },
			{ event: 'message', id: '2', data: 'ü😀' },
			{ event: 'other', id: '2', data: '{"a":1}' }
		];
		assert.deepEqual(await parse(page, [stream]), expected);
		assert.deepEqual(await parse(page, [...stream].map((byte) => Buffer.from([byte]))), expected);
		for (let at = 1; at < stream.length; at++) {
			assert.deepEqual(await parse(page, [stream.subarray(0, at), stream.subarray(at)]), expected, `cut at ${at}`);
		}
	}));

	const CASES = [
		['a **b** *c* `d` ~~e~~', '<p>a <strong>b</strong> <em>c</em> <code>d</code> <del>e</del></p>'],
		['***both*** and snake_case_name and 2 * 3 * 4', '<p><em><strong>both</strong></em> and snake_case_name and 2 * 3 * 4</p>'],
		['# One\n## Two ##\ntext', '<h3>One</h3><h4>Two</h4><p>text</p>'],
		['1. a\n2. b\n   - c\n   - d\n3. e', '<ol><li>a</li><li>b<ul><li>c</li><li>d</li></ul></li><li>e</li></ol>'],
		['3) x\n4) y', '<ol start="3"><li>x</li><li>y</li></ol>'],
		['> quote\n> more\n\nafter', '<blockquote><p>quote<br>more</p></blockquote><p>after</p>'],
		['| a | b |\n|---|--:|\n| 1 | `x|y` |', '<div><table><thead><tr><th>a</th><th>b</th></tr></thead>'
			+ '<tbody><tr><td>1</td><td><code>x|y</code></td></tr></tbody></table></div>'],
		['```js\nlet a = "<b>";\n\n```\nafter', '<div><pre><code>let a = "&lt;b&gt;";\n</code></pre></div><p>after</p>'],
		['~~~~\n```\n~~~~', '<div><pre><code>```</code></pre></div>'],
		['[a](https://example.org/a_(b) "t") <https://example.org> https://example.org/x.', '<p><a href="https://example.org/a_(b)">a</a> '
			+ '<a href="https://example.org/">https://example.org</a> <a href="https://example.org/x">https://example.org/x</a>.</p>'],
		['[x](JaVaScRiPt:alert(1)) [y](java\tscript:x)', '<p><span>x</span> [y](java    script:x)</p>'],
		['a\n\n---\n\nb \\*c\\*', '<p>a</p><hr><p>b *c*</p>'],
		['- [x] done\n- [ ] open', '<ul><li><input type="checkbox" disabled="" aria-label="done">done</li>'
			+ '<li><input type="checkbox" disabled="" aria-label="to do">open</li></ul>'],
		['`` a`b `` and ` unclosed', '<p><code>a`b</code> and ` unclosed</p>']
	];

	test('renders Markdown, and the same whether it comes whole or letter by letter', () => onPage(async (page) => {
		for (const [text, expected] of CASES) {
			assert.equal(await render(page, text), expected, text);
			const letters = Array.from({ length: text.length }, (_, i) => i + 1);
			assert.equal(await render(page, text, letters), expected, `letter by letter: ${text}`);
		}
		const all = CASES.map(([text]) => text).join('\n\n');
		const letters = Array.from({ length: all.length }, (_, i) => i + 1);
		assert.equal(await render(page, all, letters), await render(page, all));
	}));

	test('shows what is unfinished as if it were finished', () => onPage(async (page) => {
		const unfinished = async (text) => render(page, text, [text.length], false);
		assert.equal(await unfinished('a **bol'), '<p>a <strong>bol</strong></p>');
		assert.equal(await unfinished('a **'), '<p>a </p>');
		assert.equal(await unfinished('a `cod'), '<p>a <code>cod</code></p>');
		assert.equal(await unfinished('see [docs](https://exam'), '<p>see <span>docs</span></p>');
		assert.equal(await unfinished('```java\nint a;\n'), '<div><pre><code>int a;</code></pre></div>');
	}));

	test('does not draw again what is settled', () => onPage(async (page) => {
		const kept = await page.evaluate(async () => {
			const { MarkdownView } = await import('./js/markdown.js');
			const root = document.createElement('div');
			const view = new MarkdownView(root);
			const text = Array.from({ length: 40 }, (_, i) => `Paragraph ${i} with **words**.`).join('\n\n');
			view.update(text, true);
			const nodes = [...root.children].slice(0, 38);
			view.update(`${text} More.\n\nAnd more.`, true);
			const code = `${text} More.\n\nAnd more.\n\n\`\`\`\nline\n`;
			view.update(code, true);
			const listing = root.lastChild.querySelector('code').firstChild;
			view.update(`${code}line two\n`, true);
			return { same: nodes.every((node, i) => root.children[i] === node), total: nodes.length,
				listing: root.lastChild.querySelector('code').firstChild === listing && listing.data };
		});
		assert.deepEqual(kept, { same: true, total: 38, listing: 'line\nline two' });
	}));

	test('is not slowed down by hostile text', () => onPage(async (page) => {
		const hostile = ['['.repeat(20000), '*a '.repeat(10000), '`'.repeat(9999) + 'a', '> '.repeat(3000) + 'x', '**a*'.repeat(5000),
			'- '.repeat(3000), '|'.repeat(5000) + '\n|-', '_'.repeat(20000), '<http:'.repeat(4000), '](('.repeat(5000)];
		for (const text of hostile) {
			const [half, whole] = await page.evaluate(async (source) => {
				const { MarkdownView } = await import('./js/markdown.js');
				const time = (part) => {
					const begun = performance.now();
					new MarkdownView(document.createElement('div')).update(part, false);
					return performance.now() - begun;
				};
				// Turn by turn, and the shortest of each: a busy machine is no fault of the renderer.
				const times = [[], []];
				for (let turn = 0; turn < 3; turn++) {
					times[0].push(time(source.slice(0, source.length / 2)));
					times[1].push(time(source));
				}
				return times.map((all) => Math.min(...all));
			}, text);
			const what = `${text.slice(0, 12)}… took ${Math.round(half)} ms, and ${Math.round(whole)} ms for twice as much`;
			assert.ok(whole < 500 || whole < 3 * half, what);
		}
	}));

});
