/** How figures are written. */

export function duration(ms) {
	return (ms < 1000) ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(ms < 10000 ? 2 : 1)} s`;
}

export function count(number) {
	return number.toLocaleString('en');
}
