import type { Revision } from '@bunting/core';
import type { Moment } from './instance.ts';
import { Samples } from './samples.ts';

/** A recent revision, and how long it took to the instances that were connected when it was committed. */
export interface Round {
  readonly revision: Revision;
  readonly committed: Moment;
  readonly samples: Samples;
}

/** Receipts for older revisions than these are not timed. */
export const MAX_ROUNDS = 64;

/** The recent revisions of one incarnation, oldest first. */
export class Rounds {
  #rounds: Round[] = [];

  begin(revision: Revision, committed: Moment): void {
    // What does not lead to this revision says nothing any more.
    this.#rounds = this.#rounds.filter(({ revision: { incarnation, number } }) => {
      return incarnation === revision.incarnation && number < revision.number;
    });
    this.#rounds.push({ revision, committed, samples: new Samples() });
    if (this.#rounds.length > MAX_ROUNDS) this.#rounds.shift();
  }

  find(number: number): Round | undefined {
    return this.#rounds.find(({ revision }) => revision.number === number);
  }

  /** The first that came after revision `number`. */
  firstAfter(number: number): Round | undefined {
    return this.#rounds.find(({ revision }) => revision.number > number);
  }

  /** Those after revision `after`, up to revision `upTo`, oldest first. */
  between(after: number, upTo: number): Round[] {
    return this.#rounds.filter(({ revision: { number } }) => number > after && number <= upTo);
  }
}
