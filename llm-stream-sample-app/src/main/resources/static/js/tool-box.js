import { element, icon } from './dom.js';
import { count, pretty } from './figures.js';

/** More than this is folded, and may be opened. */
const LONG = 1500;

/** A call of a tool on the page: what the model asks, how it stands, and what the tool answered. */
export class ToolBox {

	#answered = false;

	constructor(name) {
		this.name = element('code', {}, [name]);
		this.state = element('span', { class: 'state' }, ['is being called…']);
		this.args = element('pre', { class: 'args', dir: 'ltr', 'aria-label': 'Arguments' });
		this.result = element('pre', { class: 'result', dir: 'auto', 'aria-label': 'Result' });
		this.result.hidden = true;
		this.node = element('details', { class: 'tool', open: '' }, [
			element('summary', {}, [icon('tool'), 'Tool ', this.name, this.state]), this.args, this.result]);
	}

	/** Takes a piece of the arguments. */
	write(text) {
		this.args.append(text);
	}

	/** The call is whole. */
	call(name, args) {
		this.name.textContent = name;
		this.args.textContent = pretty(args);
		this.#say('runs…');
	}

	/** The tool has answered, or failed. */
	answer(content, failed) {
		this.#answered = true;
		const text = pretty(content);
		const empty = text.trim() === '';
		this.result.hidden = false;
		this.result.classList.toggle('empty', empty);
		this.result.textContent = empty ? 'nothing' : text;
		this.node.classList.toggle('failed', failed);
		this.#say([failed ? 'failed' : '', text.length > LONG ? `${count(content.length)} characters` : ''].filter(Boolean).join(', '));
		if (text.length > LONG) {
			this.result.classList.add('long');
			this.result.tabIndex = 0;
		}
	}

	/** The answer has ended: what has no result now gets none. */
	close() {
		if (!this.#answered) {
			this.#say('no result');
		}
	}

	#say(text) {
		this.state.textContent = text;
	}

}
