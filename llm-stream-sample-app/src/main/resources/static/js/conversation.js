/**
 * The conversation survives a reload in the tab's own storage: what was said, and of an answer that is being
 * written the id of its run, by which it is watched again.
 */
const KEY = 'conversation';

export function save(turns) {
	try {
		sessionStorage.setItem(KEY, JSON.stringify(turns.map(({ role, text, view }) => ({ role, text, answer: view?.record() }))));
	}
	catch {
		// Full or not allowed: only a reload would miss it.
	}
}

/** The turns: [{ role, text, answer }], `answer` as AnswerView.record() gave it. */
export function load() {
	try {
		return JSON.parse(sessionStorage.getItem(KEY)) ?? [];
	}
	catch {
		return [];
	}
}

/** The run that the page's address names, as that of another tab; null if it names none. */
export function namedRun() {
	return new URLSearchParams(location.hash.slice(1)).get('run');
}

/** The address at which another tab can watch a run. */
export function addressOf(runId) {
	return `#${new URLSearchParams({ run: runId })}`;
}
