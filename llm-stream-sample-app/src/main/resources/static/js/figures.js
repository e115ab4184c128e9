/** How figures and JSON are written. */

export function duration(ms) {
	return (ms < 1000) ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(ms < 10000 ? 2 : 1)} s`;
}

export function count(number) {
	return number.toLocaleString('en');
}

/** JSON with line breaks, on one line if it is short; what is none as it is. */
export function pretty(json) {
	try {
		const value = JSON.parse(json);
		const line = JSON.stringify(value, null, 1).replace(/\n */g, ' ');
		return line.length <= 60 ? line : JSON.stringify(value, null, 2);
	}
	catch {
		return String(json);
	}
}
