import { smooth } from '../llm-stream/llm-stream.js';
import { addressOf } from './conversation.js';
import { button, copyButton, element, icon } from './dom.js';
import { MarkdownView } from './markdown.js';
import { RecipeCard } from './recipe-card.js';
import { ToolBox } from './tool-box.js';
import { count, duration, pretty } from './figures.js';

/** One answer on the page: reasoning, tools, text, how it ended and how fast it was. */
export class AnswerView {

	/** The run that is shown. */
	run = null;
	/** Whether the run was begun before this page, whose clock tells nothing of it then. */
	attached = false;

	/** What was shown before a reload; the run's own text grows into it. */
	#kept = null;
	/** What came beside the text. */
	#events = [];
	/** Where in the text the current step begins. */
	#from = 0;
	#flow = this.#flowing();
	#shown = '';
	#tools = new Map();
	#boxes = new Set();
	#sourcesBefore = 0;
	#written = '';
	/** Shows an answer that is an object and no text. */
	#card = null;
	#unfinished = new Map();
	#frame = 0;
	#writing = true;

	constructor(provider, actions) {
		this.provider = provider;
		this.actions = actions;
		this.thought = element('div', { class: 'thought', dir: 'auto' });
		this.thoughtTitle = element('summary', {}, ['Thinking…']);
		this.thinking = element('details', { class: 'thinking' }, [this.thoughtTitle, this.thought]);
		this.thinking.hidden = true;
		this.steps = element('div', { class: 'steps' });
		this.#open();
		this.source = element('pre', { class: 'source', dir: 'auto', tabindex: '0', 'aria-label': 'Source' });
		this.source.hidden = true;
		this.sources = element('ol', { class: 'citations', 'aria-label': 'Sources' });
		this.wait = element('div', { class: 'wait', 'aria-label': 'Waiting for the first token' }, [element('i'), element('i'), element('i')]);
		this.connection = element('p', { class: 'note connection' });
		this.connection.hidden = true;
		this.end = element('div', { class: 'end' });
		this.facts = element('p', { class: 'facts' });
		this.buttons = element('div', { class: 'actions' });
		this.node = element('article', { class: 'answer writing', 'aria-busy': 'true', 'aria-label': `Answer from ${provider}` }, [
			this.thinking, this.steps, this.source, this.sources, this.wait, this.connection, this.end,
			element('div', { class: 'foot' }, [this.facts, this.buttons])
		]);
	}

	/** Whole text as it came, to the letter. */
	get text() {
		return longer(this.#kept?.text, this.run?.text);
	}

	get reasoning() {
		return longer(this.#kept?.reasoning, this.run?.reasoning);
	}

	get #metrics() {
		return this.attached ? { ttft: this.#kept?.metrics.ttft ?? null, tokensPerSecond: null, estimated: true, elapsed: null } : this.run.metrics;
	}

	/** What restore() needs, as JSON. */
	record() {
		const { runId, status, ended, result, error } = this.run;
		return {
			provider: this.provider,
			events: this.#events,
			object: this.#card !== null,
			run: { runId, status, ended, result, metrics: this.#metrics, text: this.text, reasoning: this.reasoning,
				error: error && { code: error.code, message: error.message, retryable: error.retryable } }
		};
	}

	/** Shows what was recorded. An answer that was being written needs its run again, and gets all of its events from it. */
	restore({ run, events, object }) {
		if (object) {
			this.#openCard();
		}
		if (run.ended || !run.runId) {
			this.run = run.ended ? run : { ...run, status: 'error', ended: true,
				error: { code: 'connection-lost', message: 'The page was left before the answer began.', retryable: true } };
			events.forEach(([type, data]) => this.take(type, data));
			this.close();
		}
		else {
			this.run = this.#kept = run;
			this.#flow(run.text, true);
		}
	}

	/** Shows whether the run is connected, and the way for another tab to watch it. */
	showConnection() {
		const { status, runId, ended } = this.run;
		this.connection.hidden = status !== 'reconnecting';
		this.connection.replaceChildren(element('span', { class: 'tag' }, ['reconnecting']),
			`${navigator.onLine ? 'The connection broke.' : 'You are offline.'} The answer goes on from here.`);
		this.buttons.replaceChildren(...(runId && !ended) ? [element('a', { class: 'quiet', href: addressOf(runId), target: '_blank',
			rel: 'noopener', title: 'The same run, watched twice' }, [icon('open'), 'Watch in a second tab'])] : []);
	}

	/** Takes an event of the run. */
	take(type, data) {
		if (type === 'step') {
			data = { at: this.run.text.length, ...data };
		}
		if (['tool_call', 'tool_result', 'step', 'citation'].includes(type)) {
			this.#events.push([type, data]);
		}
		if (type === 'delta') {
			this.#delta(data);
		}
		else if (type === 'tool_call') {
			this.#toolCall(data);
		}
		else if (type === 'tool_result') {
			this.#toolResult(data);
		}
		else if (type === 'step') {
			this.#step(data);
		}
		else if (type === 'citation') {
			this.#citation(data);
		}
		else if (type === 'reset') {
			this.#reset(data);
		}
	}

	/** Shows how the run ended. */
	close() {
		const { status, result, error } = this.run;
		this.#close({ error: 'failed' }[status] ?? status);
		if (status === 'done') {
			this.#done(result);
		}
		else if (status === 'stopped') {
			this.#stopped();
		}
		else {
			this.#failed(error);
		}
		this.#showFacts();
		this.#showActions();
	}

	#done({ finishReason }) {
		if (finishReason && finishReason !== 'stop') {
			this.end.append(element('p', { class: 'note' }, [ending(finishReason)]));
		}
	}

	#stopped() {
		this.end.append(element('p', { class: 'note' }, [element('span', { class: 'tag' }, ['stopped']),
			(this.text === '') ? 'before the first word' : 'The answer so far is kept.']));
	}

	#failed(error) {
		const gone = this.attached && error.code === 'http-404';
		const box = element('div', { class: 'error', role: 'alert' }, [icon('warn'), element('div', {}, [
			element('strong', {}, [gone ? 'The server does not have this answer any more.' : error.message]),
			element('p', {}, [(this.text === '') ? 'Nothing of the answer has arrived. ' : 'The answer so far is kept. ',
				element('code', {}, [error.code])])
		])]);
		// What the server refuses may be right for another provider, which can be chosen meanwhile.
		if (this.actions.retry && (error.retryable || error.code.startsWith('http-'))) {
			box.append(button('Retry', 'retry', () => this.actions.retry(this), { class: 'retry' }));
		}
		this.end.append(box);
	}

	#delta({ kind, text, index, name }) {
		if (kind === 'tool_args') {
			this.#toolArgs(text, index, name);
		}
		if (kind === 'object' && !this.#card) {
			this.#openCard();
		}
		this.#flow(this.#said);
		this.#soon();
	}

	/** What the model says in the current step. */
	get #said() {
		return this.text.slice(this.#from);
	}

	#flowing() {
		return smooth((text) => {
			this.#shown = text;
			this.#soon();
		});
	}

	/** Makes room for what the model says in a step, and for its tools. */
	#open() {
		this.body = element('div', { class: 'markdown' });
		this.markdown = new MarkdownView(this.body);
		this.toolList = element('div', { class: 'tools' });
		this.steps.append(this.body, this.toolList);
	}

	/** Shows an object in the place of text. */
	#openCard() {
		this.#card = new RecipeCard();
		this.body.hidden = true;
		this.body.before(this.#card.node);
	}

	/** The tools have answered, and the model says something new below them. */
	#step({ at }) {
		this.#flow('', true);
		this.markdown.clear();
		this.markdown.update(this.run.text.slice(this.#from, at).trimEnd(), false);
		this.#from = at;
		this.#flow = this.#flowing();
		this.#shown = this.#written = '';
		this.#sourcesBefore = this.sources.childElementCount;
		this.#open();
		this.body.hidden = !this.source.hidden;
		this.#flow(this.#said);
		this.#soon();
	}

	#toolArgs(text, index, name) {
		if (!this.#unfinished.has(index)) {
			this.#unfinished.set(index, this.#tool(name ?? 'tool'));
		}
		this.#unfinished.get(index).write(text);
	}

	#toolCall({ index, id, name, arguments: args }) {
		const tool = this.#unfinished.get(index) ?? this.#tool(name);
		this.#unfinished.delete(index);
		tool.call(name, args);
		this.#tools.set(id, tool);
	}

	#toolResult({ id, name, content, error }) {
		const tool = this.#tools.get(id) ?? this.#tool(name);
		tool.answer(content, error === true);
	}

	#tool(name) {
		const tool = new ToolBox(name);
		this.#boxes.add(tool);
		this.toolList.append(tool.node);
		return tool;
	}

	#citation({ url, title, quote }) {
		const safe = url && /^https?:\/\//i.test(url);
		const label = title || url || quote || 'source';
		this.sources.append(element('li', {}, [safe
			? element('a', { href: url, target: '_blank', rel: 'noopener noreferrer nofollow' }, [label]) : label]));
	}

	#reset({ reason }) {
		this.#kept = null;
		// Only the current step begins anew.
		this.#events.splice(this.#events.findLastIndex(([type]) => type === 'step') + 1);
		this.#flow('');
		this.#written = '';
		this.#card?.node.remove();
		this.#card = null;
		this.body.hidden = !this.source.hidden;
		this.#unfinished.clear();
		this.#tools.clear();
		this.markdown.clear();
		this.toolList.replaceChildren();
		this.sources.replaceChildren(...[...this.sources.children].slice(0, this.#sourcesBefore));
		this.end.replaceChildren(element('p', { class: 'note' }, [element('span', { class: 'tag' }, ['begun anew']), reason ?? '']));
	}

	/** However many tokens come, the page is drawn once a frame. */
	#soon() {
		if (this.#frame === 0) {
			// A hidden page has no frames, but its answer must be there when it is looked at.
			this.#frame = document.hidden ? setTimeout(() => this.#draw(), 250) : requestAnimationFrame(() => this.#draw());
		}
	}

	#draw() {
		this.#frame = 0;
		const { reasoning } = this;
		this.wait.hidden = !this.#writing || this.#shown !== '' || this.#card !== null;
		this.#card?.update(this.text, this.#writing);
		this.thinking.hidden = reasoning === '';
		if (reasoning !== '') {
			this.thought.textContent = reasoning.trim();
			if (this.#writing) {
				this.thinking.open = this.thinking.dataset.touched ? this.thinking.open : this.text === '';
				this.thoughtTitle.textContent = (this.text === '') ? 'Thinking…' : 'Thoughts';
			}
		}
		if (!this.#card && (this.#shown !== this.#written || !this.#writing)) {
			this.#written = this.#shown;
			this.markdown.update(this.#shown, this.#writing, !this.node.classList.contains('done'));
			if (!this.source.hidden) {
				this.source.textContent = this.text;
			}
		}
		if (this.#writing) {
			this.#showFacts();
		}
		this.actions.drawn();
	}

	#close(state) {
		this.#flow(this.#said, true);
		cancelAnimationFrame(this.#frame);
		clearTimeout(this.#frame);
		this.#writing = false;
		this.#boxes.forEach((tool) => tool.close());
		this.node.classList.replace('writing', state);
		this.#draw();
		this.thoughtTitle.textContent = 'Thoughts';
		this.node.setAttribute('aria-busy', 'false');
	}

	#showFacts() {
		const facts = [];
		const { ttft, tokensPerSecond, estimated, elapsed } = this.#metrics;
		const { usage, model } = this.run.result ?? {};
		if (ttft !== null) {
			facts.push(['ttft', duration(ttft), 'first token', 'Time from sending to the first token']);
		}
		if (tokensPerSecond !== null) {
			facts.push(['speed', `${estimated ? '≈ ' : ''}${Math.round(tokensPerSecond)} tok/s`, '',
				estimated ? 'Pieces per second; the provider has not counted yet' : 'Tokens per second after the first']);
		}
		if (usage && (usage.input || usage.output)) {
			facts.push(['usage', `${count(usage.input ?? 0)} in, ${count(usage.output ?? 0)} out`, '', 'Tokens read and written']);
		}
		if (usage && elapsed !== null) {
			facts.push(['total', duration(elapsed), 'total', 'Time from sending to the end']);
		}
		if (model) {
			facts.push(['model', model, '', 'The model that answered']);
		}
		this.facts.replaceChildren(...facts.map(([name, value, label, title]) => element('span', { 'data-fact': name, title },
			label ? [element('b', {}, [value]), ` ${label}`] : [element('b', {}, [value])])));
	}

	#showActions() {
		if (this.text !== '') {
			this.buttons.append(copyButton('Copy the answer as it came', () => this.text));
			const toggle = button(this.#card ? 'JSON' : 'Source', 'source', () => this.#toggleSource(toggle), { 'aria-pressed': 'false' });
			this.buttons.append(toggle);
		}
		if (this.actions.retry && !this.node.classList.contains('failed')) {
			this.buttons.append(button('Again', 'retry', () => this.actions.retry(this), { class: 'quiet again', title: 'Ask again' }));
		}
	}

	#toggleSource(toggle) {
		this.source.hidden = !this.source.hidden;
		for (const body of this.steps.querySelectorAll(':scope > :is(.markdown, .recipe)')) {
			body.hidden = !this.source.hidden || (this.#card && body === this.body);
		}
		this.source.textContent = this.#card ? pretty(this.text) : this.text;
		toggle.setAttribute('aria-pressed', String(!this.source.hidden));
	}

}

function ending(reason) {
	return {
		length: 'The answer reached its length limit.',
		'tool-calls': 'The model asks for the result of this tool, which nobody runs here.',
		'content-filter': 'The provider withheld the rest by its content rules.',
		refusal: 'The model declined to answer.'
	}[reason] ?? `The model stopped: ${reason}.`;
}

/** A text as it was kept, until its run has brought as much of it again. */
function longer(kept, text = '') {
	return (kept && kept.length > text.length && kept.startsWith(text)) ? kept : text;
}
