import { mergeSteps, type Step, sizeOf } from './step.ts';

/** More steps, or more numbers in them, are not kept of one safeguard, flag and variant: half a megabyte at most. */
const MAX_STEPS = 240;
const MAX_NUMBERS = 60_000;

/**
 * What a safeguard has looked at since it began, in room that is bounded: the latest steps as they were, earlier ones put
 * together, the longer ago the more of them. What is judged is always exactly what is in here, so that it can be judged
 * again.
 */
export class StepLog {
  #steps: Step[] = [];
  #numbers = 0;

  get steps(): readonly Step[] {
    return this.#steps;
  }

  /** @returns true: earlier steps were put together, so what was made of them is to be made anew */
  add(step: Step): boolean {
    this.#steps.push(step);
    this.#numbers += sizeOf(step);
    if (this.#steps.length <= MAX_STEPS && this.#numbers <= MAX_NUMBERS) return false;
    this.#compact();
    return true;
  }

  /** Puts the earlier half together, two by two. */
  #compact(): void {
    const half = 2 * Math.ceil(this.#steps.length / 4);
    const merged: Step[] = [];
    for (let at = 0; at < half; at += 2) {
      const [first, second] = this.#steps.slice(at, at + 2);
      if (first !== undefined) merged.push(second === undefined ? first : mergeSteps(first, second));
    }
    this.#steps = [...merged, ...this.#steps.slice(half)];
    this.#numbers = this.#steps.reduce((sum, step) => sum + sizeOf(step), 0);
  }
}
