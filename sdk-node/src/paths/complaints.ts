import { type Logger, log } from '../logger.ts';

/** Said in one process, at most. */
const MAX_SAID = 200;

/** What a host does wrong with its code paths, each said once. */
export class Complaints {
  readonly #logger: Logger;
  readonly #said = new Set<string>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** @param subject what is not to be said again */
  say(subject: string, complaint: string): void {
    if (this.#said.has(subject) || this.#said.size >= MAX_SAID) return;
    this.#said.add(subject);
    log(this.#logger, 'error', `${complaint} (said once)`);
  }
}
