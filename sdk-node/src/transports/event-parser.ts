/**
 * Cuts a stream of server-sent events into their data, as they come in. Takes line ends as our server writes them: `\n`,
 * also after `\r`. An event that is cut off is none.
 */
export class EventParser {
  readonly #onEvent: (data: string) => void;
  readonly #maxLength: number;
  /** The beginning of a line, in pieces: joining them each time would cost the square of the line's length. */
  #pieces: string[] = [];
  #data: string[] = [];
  /** Characters that are held. */
  #length = 0;

  constructor(onEvent: (data: string) => void, maxLength: number) {
    this.#onEvent = onEvent;
    this.#maxLength = maxLength;
  }

  /** @returns false when an event is longer than is allowed: nothing of use comes any more */
  put(chunk: string): boolean {
    let from = 0;
    for (let end = chunk.indexOf('\n'); end !== -1; end = chunk.indexOf('\n', from)) {
      const line = this.#pieces.join('') + chunk.slice(from, end);
      this.#pieces = [];
      from = end + 1;
      this.#take(line.endsWith('\r') ? line.slice(0, -1) : line);
    }
    if (from < chunk.length) this.#pieces.push(from === 0 ? chunk : chunk.slice(from));
    this.#length += chunk.length;
    return this.#length <= this.#maxLength;
  }

  #take(line: string): void {
    if (line.startsWith('data:')) {
      this.#data.push(line.slice(line[5] === ' ' ? 6 : 5));
    } else if (line === '') {
      const data = this.#data;
      this.#data = [];
      this.#length = 0;
      if (data.length > 0) this.#onEvent(data.join('\n'));
    }
  }
}
