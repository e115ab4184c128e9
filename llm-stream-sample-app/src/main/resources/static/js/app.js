import { openRun } from '../llm-stream/llm-stream.js';
import { AnswerView } from './answer-view.js';
import { load, namedRun, save } from './conversation.js';
import { element } from './dom.js';

const byId = (id) => document.getElementById(id);
const [provider, think, tools, composer, prompt, send, stop, log, scroller, latest, status, welcome] =
	['provider', 'think', 'tools', 'composer', 'prompt', 'send', 'stop', 'log', 'scroller', 'latest', 'status', 'welcome'].map(byId);

/** Asks for an object, which a declarative client writes, in the place of an answer. */
const RECIPE = /^\/recipe\s+(\S[^]*)/i;

/** The conversation: [{ role, text, node, view }], sent whole with each turn. */
let turns = [];
let running = null;
let following = true;

async function start() {
	restoreTheme();
	restoreConversation();
	try {
		const response = await fetch('api/providers');
		if (!response.ok) {
			throw new Error(`status ${response.status}`);
		}
		const catalog = await response.json();
		showProviders(catalog.providers);
		showSuggestions(catalog.suggestions ?? []);
		byId('intro').textContent = catalog.providers.some((entry) => !entry.simulated)
			? 'Choose a provider above and ask. The answer is shown as it is written.'
			: 'No key is set, so a simulated provider answers, over real HTTP, in each of the wire formats above. '
				+ 'Set one, such as OPENAI_API_KEY, and its model is here too.';
	}
	catch (failure) {
		byId('intro').textContent = `The server did not say which providers it has (${failure.message}). Reload to try again.`;
	}
}

function showProviders(entries) {
	const groups = [['Models', entries.filter((entry) => !entry.simulated)],
		['Simulated', entries.filter((entry) => entry.simulated)]];
	for (const [label, members] of groups.filter(([, list]) => list.length > 0)) {
		provider.append(element('optgroup', { label }, members.map((entry) => element('option',
			{ value: entry.name, title: entry.type }, [entry.model ? `${entry.name} · ${entry.model}` : entry.name]))));
	}
	const kept = localStorage.getItem('provider');
	if (entries.some((entry) => entry.name === kept)) {
		provider.value = kept;
	}
}

function showSuggestions(texts) {
	byId('suggestions').replaceChildren(...texts.map((text) => {
		const node = element('button', { type: 'button' }, RECIPE.test(text) ? [text, element('small', {}, ['an object, filled in as it is written'])] : [text]);
		node.addEventListener('click', () => {
			prompt.value = text;
			submit();
			keepFocus();
		});
		return element('li', {}, [node]);
	}));
}

function submit() {
	const text = prompt.value;
	if (text.trim() === '' || running) {
		return;
	}
	prompt.value = '';
	fit();
	addQuestion(text);
	answer();
}

function addQuestion(text) {
	addTurn({ role: 'user', text, node: element('article', { class: 'question', dir: 'auto', 'aria-label': 'You' }, [text]) });
}

function addAnswer(from) {
	// An answer that is only watched has no question here that could be asked again.
	const view = new AnswerView(from, turns.length > 0 ? { retry, drawn } : { drawn });
	addTurn({ role: 'assistant', view, node: view.node });
	return view;
}

function addTurn(turn) {
	turns.push(turn);
	log.append(turn.node);
	welcome.hidden = true;
	followNow();
}

function answer() {
	const said = turns.filter((turn) => textOf(turn).trim() !== '').map((turn) => ({ role: turn.role, text: textOf(turn) }));
	// What was only watched here answers a question that another tab asked.
	const messages = said.slice(said.findIndex(({ role }) => role === 'user'));
	const dish = RECIPE.exec(messages.at(-1).text)?.[1].trim();
	if (dish) {
		follow(addAnswer(provider.value), { url: 'api/recipes', runUrl: 'api/runs/{id}', body: { provider: provider.value, dish } });
		return;
	}
	follow(addAnswer(provider.value), { body: { provider: provider.value, messages, think: think.checked, tools: tools.checked } });
}

/** Starts a run, or watches one that goes on, and shows it to its end. */
async function follow(view, options) {
	let seen = '';
	running = openRun({
		url: 'api/runs',
		...options,
		onEvent: (event) => view.take(event.event, event.json),
		onUpdate: (run) => {
			if (run.status !== seen) {
				seen = run.status;
				view.showConnection();
				announce({ streaming: 'Answering', reconnecting: 'Reconnecting' }[seen] ?? '');
				save(turns);
			}
		}
	});
	view.run = running;
	view.attached = options.runId !== undefined;
	showRunning(true);
	save(turns);
	const { status: end } = await running.finished;
	view.close();
	announce({ done: 'Answer complete', stopped: 'Stopped' }[end] ?? '');
	running = null;
	showRunning(false);
	save(turns);
	drawn();
}

/** Brings back what was here before a reload, and goes on with an answer that was being written, here or in another tab. */
function restoreConversation() {
	const named = namedRun();
	let kept = load();
	if (named && !kept.some((turn) => turn.answer?.run.runId === named)) {
		kept = [];
		follow(addAnswer('another tab'), { runId: named });
	}
	for (const { text, answer } of kept) {
		if (!answer) {
			addQuestion(text);
			continue;
		}
		const view = addAnswer(answer.provider);
		const { runId, ended } = answer.run;
		view.restore(answer);
		if (!ended && runId) {
			follow(view, { runId });
		}
	}
	save(turns);
}

/** Asks again for an answer: it and what came after it make room for the new one. */
function retry(view) {
	if (running) {
		return;
	}
	const at = turns.findIndex((turn) => turn.view === view);
	for (const turn of turns.splice(at)) {
		turn.node.remove();
	}
	save(turns);
	answer();
	keepFocus();
}

function textOf(turn) {
	return turn.view ? turn.view.text : turn.text;
}

function showRunning(on) {
	send.hidden = on;
	stop.hidden = !on;
	send.disabled = prompt.value.trim() === '';
	document.body.classList.toggle('running', on);
}

/** For the keyboard: what was pressed is gone. Where there is none, focus would bring one up. */
function keepFocus() {
	if (matchMedia('(hover: hover)').matches) {
		prompt.focus();
	}
}

function announce(text) {
	status.textContent = text;
}

function drawn() {
	if (following) {
		scroller.scrollTop = scroller.scrollHeight;
	}
	latest.hidden = following || !running;
}

function followNow() {
	following = true;
	drawn();
}

function fit() {
	prompt.style.height = 'auto';
	prompt.style.height = `${Math.min(prompt.scrollHeight, 220)}px`;
	send.disabled = prompt.value.trim() === '';
}

function restoreTheme() {
	const theme = localStorage.getItem('theme');
	if (theme) {
		document.documentElement.dataset.theme = theme;
	}
}

function switchTheme() {
	const dark = getComputedStyle(document.documentElement).colorScheme === 'dark'
		|| (!document.documentElement.dataset.theme && matchMedia('(prefers-color-scheme: dark)').matches);
	document.documentElement.dataset.theme = dark ? 'light' : 'dark';
	localStorage.setItem('theme', document.documentElement.dataset.theme);
}

composer.addEventListener('submit', (event) => {
	event.preventDefault();
	submit();
	keepFocus();
});
prompt.addEventListener('input', fit);
prompt.addEventListener('keydown', (event) => {
	// While a word is being composed (Japanese, Chinese, …) Enter belongs to the input method.
	if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
		event.preventDefault();
		submit();
	}
});
document.addEventListener('keydown', (event) => {
	if (event.key === 'Escape') {
		running?.stop();
	}
});
stop.addEventListener('click', () => {
	running?.stop();
	prompt.focus();
});
latest.addEventListener('click', followNow);
scroller.addEventListener('scroll', () => {
	following = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 60;
	latest.hidden = following || !running;
}, { passive: true });
log.addEventListener('click', (event) => {
	const summary = event.target.closest('summary');
	if (summary) {
		summary.parentElement.dataset.touched = 'yes';
	}
});
byId('theme').addEventListener('click', switchTheme);
byId('new').addEventListener('click', () => {
	running?.stop();
	turns = [];
	save(turns);
	history.replaceState(null, '', location.pathname + location.search);
	log.replaceChildren();
	welcome.hidden = false;
	prompt.focus();
});
provider.addEventListener('change', () => localStorage.setItem('provider', provider.value));
addEventListener('pagehide', () => save(turns));
addEventListener('hashchange', () => location.reload());

start();
