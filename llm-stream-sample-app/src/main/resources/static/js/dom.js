/** Small helpers that build nodes. Text is always put in as text. */

export function element(tag, attributes = {}, children = []) {
	const node = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes)) {
		node.setAttribute(name, value);
	}
	node.append(...children);
	return node;
}

export function icon(name) {
	const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
	svg.setAttribute('aria-hidden', 'true');
	const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
	use.setAttribute('href', `#i-${name}`);
	svg.append(use);
	return svg;
}

export function button(label, iconName, onClick, attributes = {}) {
	const node = element('button', { type: 'button', class: 'quiet', ...attributes }, [icon(iconName), label]);
	node.addEventListener('click', onClick);
	return node;
}

export function copyButton(title, text) {
	const label = element('span', {}, ['Copy']);
	const node = element('button', { type: 'button', class: 'quiet', title }, [icon('copy'), label]);
	node.addEventListener('click', async () => {
		try {
			await navigator.clipboard.writeText(text());
			label.textContent = 'Copied';
		}
		catch {
			label.textContent = 'Not allowed';
		}
		setTimeout(() => label.textContent = 'Copy', 1500);
	});
	return node;
}
