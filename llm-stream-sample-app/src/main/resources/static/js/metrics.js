/** What an answer's timing was, in milliseconds of performance.now(). */
export class Metrics {

	#asked = performance.now();
	#first = null;
	#last = null;
	#pieces = 0;

	/** Takes note of a piece of the answer or of its reasoning. */
	piece() {
		this.#last = performance.now();
		this.#first ??= this.#last;
		this.#pieces++;
	}

	get firstToken() {
		return (this.#first === null) ? null : this.#first - this.#asked;
	}

	get elapsed() {
		return ((this.#last ?? performance.now()) - this.#asked);
	}

	/**
	 * Tokens per second after the first one. Without the provider's count the pieces are
	 * counted, which may hold several tokens each: then the figure is an estimate.
	 */
	speed(outputTokens) {
		const seconds = (this.#last - this.#first) / 1000;
		const count = outputTokens || this.#pieces;
		return (this.#first === null || count < 2 || seconds < 0.05) ? null
			: { perSecond: (count - 1) / seconds, estimated: !outputTokens };
	}

}

export function duration(ms) {
	return (ms < 1000) ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(ms < 10000 ? 2 : 1)} s`;
}

export function count(number) {
	return number.toLocaleString('en');
}
