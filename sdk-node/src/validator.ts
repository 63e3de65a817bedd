import type { CompiledRuleset } from '@bunting/core';

/** The longest that a slice holds up the host's event loop, in milliseconds. */
const SLICE_MS = 5;

/** Flags validated between two looks at the clock. */
const FLAGS_AT_ONCE = 25;

/**
 * Looks through the flags of a ruleset that were not evaluated yet, so that the receipt can name those which cannot
 * be understood. In slices: the first at once, as most changes are one flag, the others as the event loop comes round.
 */
export class Validator {
  readonly #onDone: (ruleset: CompiledRuleset) => void;
  #next: NodeJS.Immediate | undefined;

  constructor(onDone: (ruleset: CompiledRuleset) => void) {
    this.#onDone = onDone;
  }

  /** Begins with `ruleset`, and leaves one that was begun before. */
  run(ruleset: CompiledRuleset): void {
    this.stop();
    const endMs = performance.now() + SLICE_MS;
    let left: number;
    do left = ruleset.validate(FLAGS_AT_ONCE);
    while (left > 0 && performance.now() < endMs);
    if (left === 0) this.#onDone(ruleset);
    else this.#next = setImmediate(() => this.run(ruleset));
  }

  stop(): void {
    clearImmediate(this.#next);
  }
}
