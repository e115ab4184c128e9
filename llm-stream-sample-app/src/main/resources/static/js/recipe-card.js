import { createJsonReader } from '../llm-stream/llm-stream-json.js';
import { element } from './dom.js';

/** A recipe on the page, which fills in while its JSON is written. Only what grows is drawn again. */
export class RecipeCard {

	#reader = createJsonReader();
	#read = 0;
	#last = null;

	constructor() {
		this.title = element('h3', { dir: 'auto' });
		this.summary = element('p', { class: 'summary', dir: 'auto' });
		this.facts = element('p', { class: 'recipe-facts' });
		this.ingredients = new Section('Ingredients', 'ul', (item, ingredient) => {
			const { amount, name } = ingredient ?? {};
			if (!item.hasChildNodes()) {
				item.append(element('b'), element('span'));
			}
			const [left, right] = item.children;
			left.textContent = amount ?? '';
			right.textContent = name ?? '';
			return name === undefined ? left : right;
		});
		this.steps = new Section('Steps', 'ol', (item, step) => {
			item.textContent = step ?? '';
			return item;
		});
		this.node = element('section', { class: 'recipe', 'aria-label': 'Recipe' }, [
			this.title, this.summary, this.facts, element('div', { class: 'columns' }, [this.ingredients.node, this.steps.node])
		]);
	}

	/** Takes the whole JSON so far, and reads what is new of it. */
	update(json, writing) {
		try {
			this.#reader.feed(json.slice(this.#read));
		}
		catch {
			// no JSON; what could be read stays, and the source shows the rest
		}
		this.#read = json.length;
		const { title, summary, servings, minutes, ingredients, steps } = this.#reader.value ?? {};
		this.#grow(this.title, title);
		this.#grow(this.summary, summary);
		this.facts.replaceChildren(...fact(servings, 'serving'), ...fact(minutes, 'minute'));
		this.#mark(this.ingredients.update(ingredients, writing));
		this.#mark(this.steps.update(steps, writing));
		this.node.classList.toggle('complete', this.#reader.complete);
	}

	#grow(node, text) {
		if (typeof text === 'string' && node.textContent !== text) {
			node.textContent = text;
			this.#mark(node);
		}
	}

	/** Where the pen is: at what grew last. */
	#mark(node) {
		if (node) {
			this.#last?.classList.remove('growing');
			this.#last = node;
			node.classList.add('growing');
		}
	}

}

/** A list of the card, with bars in the place of what is still to come. */
class Section {

	#shown = 0;

	constructor(title, list, draw) {
		this.draw = draw;
		this.list = element(list, { dir: 'auto' });
		this.bars = element('div', { class: 'bars', 'aria-hidden': 'true' }, [element('i'), element('i'), element('i')]);
		this.node = element('div', { class: list === 'ul' ? 'ingredients' : 'steps-list' }, [element('h4', {}, [title]), this.list, this.bars]);
	}

	/** Draws what is new, and the last entry again, which may have grown. Returns what grew. */
	update(written, writing) {
		const values = Array.isArray(written) ? written : []; // models write null, too
		this.bars.hidden = !writing || values.length > 0;
		this.node.hidden = !writing && values.length === 0;
		let grown = null;
		for (let i = Math.max(0, this.#shown - 1); i < values.length; i++) {
			const item = this.list.children[i] ?? this.list.appendChild(element('li'));
			const before = item.textContent;
			const node = this.draw(item, values[i]);
			if (item.textContent !== before) {
				grown = node;
			}
		}
		this.#shown = values.length;
		return grown;
	}

}

function fact(number, what) {
	return typeof number === 'number' ? [element('span', {}, [`${number} ${what}${number === 1 ? '' : 's'}`])] : [];
}
