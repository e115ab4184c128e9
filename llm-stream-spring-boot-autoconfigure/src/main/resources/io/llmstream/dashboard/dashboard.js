// The live page of llm-stream: asks the actuator endpoint beside it once a second, and draws what it says.
// Nothing is loaded from elsewhere; all text goes in as text.

const REPORT = new URL("llmstream", location.href);
// one row for each provider and model and for each of the last days, of which the last is today
const USAGE = new URL("llmusage?period=day&from=25h&groupBy=provider,model", location.href);
const EVERY = 1000;
const USAGE_EVERY = 5000;
const DAY = 86_400_000;
const HISTORY = 120;

const $ = (id) => document.getElementById(id);
const svg = (name, attributes) => {
	const node = document.createElementNS("http://www.w3.org/2000/svg", name);
	for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
	return node;
};

const number = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const seconds = (value) => value == null ? "–" : value < 1 ? `${Math.round(value * 1000)} ms` : `${value.toFixed(value < 10 ? 2 : 1)} s`;
const rate = (value) => value == null ? "–" : value > 0 && value < 10 ? value.toFixed(1) : number.format(value);
const dollars = (value) => `$${value.toFixed(value === 0 || value >= 10 ? 2 : value >= 0.01 ? 4 : 6)}`;
const ago = (time, now) => {
	if (time == null) return "–";
	const s = Math.max(0, Math.round((now - Date.parse(time)) / 1000));
	return s < 60 ? `${s} s ago` : s < 3600 ? `${Math.floor(s / 60)} min ago` : `${Math.floor(s / 3600)} h ago`;
};

let before = null;
/** What today's answers cost by provider and model, or null where there is no usage ledger to ask. */
let costs = null;
const rates = [];
const streamRates = new Map();

/** How many tokens have come since the page before, by what is active and what has ended. */
function tokensPerSecond(report) {
	const now = Date.parse(report.time);
	const active = new Map(report.streams.map((stream) => [stream.id, stream.tokens]));
	let result = null;
	if (before && now > before.now) {
		const span = (now - before.now) / 1000;
		let tokens = 0;
		for (const [id, count] of active) {
			const gained = count - (before.active.get(id) ?? 0);
			tokens += gained;
			streamRates.set(id, gained / span);
		}
		// what ended meanwhile
		const ended = report.endedTokens - before.ended;
		let counted = 0;
		for (const [id, count] of before.active) {
			if (!active.has(id)) {
				counted += count;
				streamRates.delete(id);
			}
		}
		tokens += Math.max(0, ended - counted);
		result = tokens / span;
	}
	before = { now, active, ended: report.endedTokens };
	return result;
}

function tiles(report, live) {
	$("tile-active").textContent = number.format(report.streams.length);
	const waiting = report.streams.filter((stream) => stream.timeToFirstToken == null).length;
	$("tile-active-note").textContent = waiting ? `${waiting} waiting for the first token` : "";
	$("tile-rate").textContent = rate(live);
	$("tile-ttft").textContent = seconds(report.overall.timeToFirstTokenP50);
	$("tile-ttft-note").textContent = `p50 · p95 ${seconds(report.overall.timeToFirstTokenP95)}`;
	const sum = (key) => report.minutes.reduce((total, minute) => total + minute[key], 0);
	const failed = sum("failed");
	const streams = sum("streams");
	$("tile-errors").textContent = number.format(failed);
	$("tile-errors").classList.toggle("bad", failed > 0);
	$("tile-errors-note").textContent = streams ? `of ${number.format(streams)}, last hour` : "last hour";
	$("tile-failovers").textContent = number.format(sum("failovers"));
}

function lineChart(values) {
	const chart = $("rate-chart");
	const max = Math.max(1, ...values);
	const x = (i) => 600 - (values.length - 1 - i) * 600 / (HISTORY - 1);
	const y = (value) => 136 - value / max * 130;
	const points = values.map((value, i) => `${x(i).toFixed(1)},${y(value).toFixed(1)}`);
	const parts = [svg("line", { class: "grid", x1: 0, x2: 600, y1: 136, y2: 136 }), svg("line", { class: "grid", x1: 0, x2: 600, y1: 71, y2: 71 })];
	if (points.length > 1) {
		parts.push(svg("path", { class: "area", d: `M${x(0).toFixed(1)},136 L${points.join(" L")} L600,136 Z` }));
		parts.push(svg("polyline", { class: "line", points: points.join(" ") }));
	}
	chart.replaceChildren(...parts);
	$("rate-max").textContent = values.some((value) => value > 0) ? `highest ${rate(Math.max(...values))}/s` : "";
}

function minuteChart(report) {
	const now = Math.floor(Date.parse(report.time) / 60000);
	const max = Math.max(1, ...report.minutes.map((minute) => minute.streams));
	const parts = [svg("line", { class: "grid", x1: 0, x2: 600, y1: 136, y2: 136 })];
	for (const minute of report.minutes) {
		const x = (59 - (now - Date.parse(minute.start) / 60000)) * 10 + 1;
		const bad = minute.failed / max * 130;
		const ok = (minute.streams - minute.failed) / max * 130;
		const group = svg("g", {});
		group.append(svg("rect", { class: "bar-ok", x, y: 136 - ok, width: 8, height: ok }));
		if (bad > 0) group.append(svg("rect", { class: "bar-bad", x, y: Math.max(0, 134 - ok - bad), width: 8, height: bad }));
		const title = svg("title", {});
		title.textContent = `${new Date(minute.start).toLocaleTimeString()}: ${minute.streams} streams, ${minute.failed} failed`;
		group.append(title);
		parts.push(group);
	}
	$("minute-chart").replaceChildren(...parts);
	$("minute-max").textContent = report.minutes.length ? `most ${number.format(max)}/min` : "";
}

/** Fills a table with rows of cells, each a text or [text, class, title] or a node. */
function rows(id, lines, empty) {
	const body = $(id);
	if (!lines.length) {
		const row = document.createElement("tr");
		const cell = row.insertCell();
		cell.className = "empty";
		cell.colSpan = 12;
		cell.textContent = empty;
		body.replaceChildren(row);
		return;
	}
	body.replaceChildren(...lines.map((cells) => {
		const row = document.createElement("tr");
		for (const value of cells) {
			const cell = row.insertCell();
			if (value instanceof Node) {
				cell.append(value);
			}
			else if (Array.isArray(value)) {
				cell.textContent = value[0];
				cell.className = value[1] ?? "";
				cell.title = value[2] ?? "";
			}
			else {
				cell.textContent = value ?? "–";
			}
			// what is cut off can be read nevertheless
			if (!cell.title && cell.textContent.length > 30) cell.title = cell.textContent;
		}
		return row;
	}));
}

function cost(model) {
	if (!costs) return [];
	const today = costs.get(`${model.provider}\n${model.model ?? ""}`);
	if (!today) return [["–", "n"]];
	const attempts = `${number.format(today.unpriced)} attempts without a price`;
	return [today.unpriced && !today.cost ? ["no price", "n warn", attempts]
		: [dollars(today.cost), today.unpriced ? "n warn" : "n", today.unpriced ? attempts : ""]];
}

function costTile() {
	$("cost").hidden = !costs;
	document.querySelectorAll("th.cost").forEach((head) => { head.hidden = !costs; });
	if (!costs) return;
	const all = [...costs.values()];
	const unpriced = all.reduce((sum, one) => sum + one.unpriced, 0);
	const tokens = all.reduce((sum, one) => sum + one.tokens, 0);
	$("tile-cost").textContent = dollars(all.reduce((sum, one) => sum + one.cost, 0));
	$("tile-cost-note").textContent = unpriced ? `without ${number.format(unpriced)} attempts that have no price`
		: `${short.format(tokens)} tokens`;
	$("tile-cost-note").classList.toggle("warn", unpriced > 0);
}

async function pollUsage() {
	try {
		const response = await fetch(USAGE, { headers: { Accept: "application/json" }, cache: "no-store" });
		if (response.ok) {
			const { rows } = await response.json();
			const latest = rows.reduce((last, row) => Math.max(last, Date.parse(row.period)), 0);
			const today = Date.now() - latest < DAY ? rows.filter((row) => Date.parse(row.period) === latest) : [];
			costs = new Map(today.map((row) => [`${row.group.provider}\n${row.group.model}`,
				{ cost: Number(row.cost), unpriced: row.unpriced, tokens: row.inputTokens + row.outputTokens }]));
		}
		else if (response.status !== 503) {
			costs = null;
		}
		costTile();
	}
	catch {
		// what the page shows next to it says that there are no figures
	}
}

function models(report) {
	// What is best stands out, unless all are alike as far as can be read.
	const best = (key, show, pick) => {
		const known = report.models.map((model) => model[key]).filter((value) => value != null);
		const shown = new Set(known.map(show));
		return shown.size > 1 ? show(pick(...known)) : null;
	};
	const fastest = best("timeToFirstTokenP50", seconds, Math.min);
	const quickest = best("tokensPerSecondP50", rate, Math.max);
	rows("models", report.models.map((model) => [
		model.provider,
		model.model || "–",
		[seconds(model.timeToFirstTokenP50), seconds(model.timeToFirstTokenP50) === fastest ? "n best" : "n"],
		[seconds(model.timeToFirstTokenP95), "n"],
		[rate(model.tokensPerSecondP50), rate(model.tokensPerSecondP50) === quickest ? "n best" : "n"],
		[number.format(model.attempts), "n"],
		[number.format(model.failed), model.failed ? "n bad" : "n", Object.entries(model.errors).map(([kind, count]) => `${kind} ${count}`).join(", ")],
		[number.format(model.failovers), model.failovers ? "n warn" : "n"],
		[short.format(model.inputTokens), "n"],
		[short.format(model.outputTokens), "n"],
		...cost(model),
	]), "No stream has ended yet.");
}

function streams(report) {
	// a button that is being pressed must not be replaced under the finger
	if (document.activeElement?.classList.contains("stop") && report.streams.some((stream) => stream.id === document.activeElement.dataset.id)) {
		if (document.activeElement.matches(":active")) return;
	}
	const focused = document.activeElement?.dataset?.id;
	rows("streams", report.streams.slice(0, 200).map((stream) => {
		const stop = document.createElement("button");
		stop.type = "button";
		stop.className = "stop";
		stop.dataset.id = stream.id;
		stop.textContent = "Stop";
		stop.setAttribute("aria-label", `Stop stream ${stream.id}`);
		const tags = Object.entries(stream.tags).map(([name, value]) => `${name}=${value}`).join(", ");
		return [stream.id, stream.client, stream.provider, stream.model, tags || "–", [seconds(stream.age), "n"],
			[stream.timeToFirstToken == null ? "waiting" : seconds(stream.timeToFirstToken), stream.timeToFirstToken == null ? "n soft" : "n"],
			[number.format(stream.tokens), "n"], [rate(streamRates.get(stream.id)), "n"], stop];
	}), "Nobody is streaming.");
	const hidden = report.streams.length - 200;
	$("more-streams").textContent = hidden > 0 ? `and ${number.format(hidden)} more` : "";
	if (focused) document.querySelector(`button.stop[data-id="${CSS.escape(focused)}"]`)?.focus();
}

function providers(report) {
	const now = Date.parse(report.time);
	const badge = (state) => [state.toLowerCase(), `badge ${state === "UP" ? "up" : state === "DOWN" ? "bad" : "warn"}`];
	rows("providers", Object.entries(report.providers).map(([name, provider]) => {
		const left = provider.keys.flatMap((key) => key.rateLimits.filter((limit) => limit.remaining != null)
			.map((limit) => `${provider.keys.length > 1 ? `key ${key.number} ` : ""}${limit.name} ${short.format(limit.remaining)}`));
		const resting = provider.keys.filter((key) => key.coolingUntil).map((key) => `key ${key.number} rests`);
		const breaker = provider.circuitBreaker?.toLowerCase().replaceAll("_", "-") ?? "–";
		return [name, badge(provider.state), provider.type, provider.address, [breaker, breaker === "closed" || breaker === "–" ? "" : "bad"],
			[[...left, ...resting].join(", ") || "–", resting.length ? "warn" : ""], ago(provider.lastAnswer, now),
			provider.lastFailure ? [`${provider.lastFailureKind}, ${ago(provider.lastFailure, now)}`, provider.failuresInARow ? "bad" : "soft"] : "–"];
	}), "No provider is configured.");
	const routes = Object.entries(report.routes).map(([name, route]) => `${name}: ${route.targets.join(" → ")} (mid-stream: ${route.midStream})`);
	$("routes").textContent = routes.length ? `Routes: ${routes.join(" · ")}` : "";
}

function status(text, kind) {
	$("status").className = kind;
	$("status-text").textContent = text;
}

async function poll() {
	try {
		const response = await fetch(REPORT, { headers: { Accept: "application/json" }, cache: "no-store" });
		if (!response.ok) throw new Error(response.status === 404
			? "the endpoint llmstream is not exposed: add it to management.endpoints.web.exposure.include" : `status ${response.status}`);
		const report = await response.json();
		const live = tokensPerSecond(report);
		if (live != null) {
			rates.push(live);
			if (rates.length > HISTORY) rates.shift();
		}
		tiles(report, live);
		lineChart(rates);
		minuteChart(report);
		models(report);
		streams(report);
		providers(report);
		status(`live, ${new Date(report.time).toLocaleTimeString()}`, "live");
	}
	catch (error) {
		status(`no figures: ${error.message}`, "lost");
	}
}

/** With Spring Security's cookie for scripts, the token must be repeated in a header. */
function csrf() {
	const cookie = document.cookie.split("; ").find((one) => one.startsWith("XSRF-TOKEN="));
	return cookie ? { "X-XSRF-TOKEN": decodeURIComponent(cookie.slice(11)) } : {};
}

$("streams").addEventListener("click", async (event) => {
	const button = event.target.closest("button.stop");
	if (!button) return;
	button.disabled = true;
	const response = await fetch(`${REPORT}/${encodeURIComponent(button.dataset.id)}`, { method: "DELETE", headers: csrf() });
	if (!response.ok && response.status !== 404) status(`not stopped: status ${response.status}`, "lost");
	await poll();
});

$("theme").addEventListener("click", () => {
	const dark = document.documentElement.dataset.theme === "dark"
		|| (!document.documentElement.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
	document.documentElement.dataset.theme = dark ? "light" : "dark";
	localStorage.setItem("theme", document.documentElement.dataset.theme);
});
const theme = localStorage.getItem("theme");
if (theme) document.documentElement.dataset.theme = theme;

async function cycle() {
	if (!document.hidden) await poll();
	setTimeout(cycle, EVERY);
}
document.addEventListener("visibilitychange", () => {
	if (!document.hidden) poll();
});
cycle();

async function usageCycle() {
	if (!document.hidden) await pollUsage();
	setTimeout(usageCycle, costs ? USAGE_EVERY : 12 * USAGE_EVERY);
}
usageCycle();
