import { isDeepStrictEqual } from 'node:util';
import type { ComparisonCount, PathName } from '@bunting/core';
import { describe } from '../host-call.ts';
import type { Choice } from './choice.ts';
import type { Complaints } from './complaints.ts';
import type { Deadlines } from './deadlines.ts';
import type { PathSink } from './path-window.ts';
import { race } from './race.ts';

/** Calls of one flag that may be under way beside the answers. One that never ends keeps its place. */
const MAX_UNDER_WAY = 100;

/** Says whether two results mean the same. Synchronous. */
export type Compare<T> = (first: T, second: T) => boolean;

/** What runs beside an answer, and what becomes of it. */
export interface BesideCall<T> {
  readonly choice: Choice;
  readonly path: PathName;
  readonly comparison: ComparisonCount['path'];
  readonly call: () => T | PromiseLike<T>;
  readonly deadlineMs: number;
  /** Undefined: the answer's end cannot be seen, so nothing is compared. */
  readonly answer: Promise<T> | undefined;
  readonly compare: (answer: T, other: T) => boolean;
}

/** Runs what only is to be compared with an answer: in a turn of its own, so that the answer never waits for it. */
export class Beside {
  readonly #sink: PathSink;
  readonly #deadlines: Deadlines;
  readonly #complaints: Complaints;
  /** By flag key. */
  readonly #underWay = new Map<string, number>();

  constructor(sink: PathSink, deadlines: Deadlines, complaints: Complaints) {
    this.#sink = sink;
    this.#deadlines = deadlines;
    this.#complaints = complaints;
  }

  /** Returns at once. Never throws. */
  run<T>(beside: BesideCall<T>): void {
    // Whoever is answered hears of a failure.
    const answer = beside.answer?.then(
      (value) => ({ value }),
      () => undefined,
    );
    setImmediate(() => void this.#run(beside, answer));
  }

  async #run<T>(
    { choice, path, comparison, call, deadlineMs, compare }: BesideCall<T>,
    answer: Promise<{ readonly value: T } | undefined> | undefined,
  ): Promise<void> {
    const { key } = choice;
    if (!this.#enter(key)) return this.#sink.compare(comparison, choice, 'skipped');
    const deadlines = this.#deadlines;
    const raced = await race(call, { deadlines, deadlineMs, holdsProcess: false, onSettled: () => this.#leave(key) });
    this.#sink.record(path, choice, raced.ending, raced.durationMs);
    const answered = await answer;
    if (raced.ending !== 'done' || answered === undefined) return this.#sink.compare(comparison, choice, 'skipped');
    // After all that waits for the answer.
    setImmediate(() => {
      const isAlike = this.#isAlike(key, () => compare(answered.value, raced.value));
      this.#sink.compare(comparison, choice, isAlike ? 'alike' : 'different');
    });
  }

  #isAlike(key: string, compare: () => unknown): boolean {
    try {
      const result = compare();
      if (typeof result === 'boolean') return result;
      if (result instanceof Promise) result.catch(() => {});
      this.#complaints.say(
        `compare ${key}`,
        `compare of the flag '${key}' must return true or false, and not be async: taken for false`,
      );
    } catch (cause) {
      this.#complaints.say(
        `compare ${key}`,
        `compare of the flag '${key}' failed, which is taken for false: ${describe(cause)}`,
      );
    }
    return false;
  }

  #enter(key: string): boolean {
    const count = this.#underWay.get(key) ?? 0;
    if (count >= MAX_UNDER_WAY) return false;
    this.#underWay.set(key, count + 1);
    return true;
  }

  #leave(key: string): void {
    const count = (this.#underWay.get(key) ?? 0) - 1;
    if (count > 0) this.#underWay.set(key, count);
    else this.#underWay.delete(key);
  }
}

/** What the host gave, or deep equality. */
export function readCompare<T>(compare: Compare<T> | undefined): Compare<T> {
  return typeof compare === 'function' ? compare : isDeepStrictEqual;
}
