import type { Test } from '../conditions/condition.ts';
import type { EvaluationContext } from '../model.ts';
import { UNKNOWN } from '../truth.ts';
import type { Scope } from './scope.ts';

/** A place in compiled code that another document fills. */
export interface Link<T> {
  target: T;
}

/**
 * What one piece of compiled code refers to in its ruleset. Links are followed anew whenever the ruleset is another
 * than before: one comparison of objects an evaluation, instead of a look-up at each use.
 */
export class Links {
  /** Attributes that stand in where a context lacks them. */
  readonly ambient: EvaluationContext | undefined;
  /** The ruleset that the links lead into at the moment. */
  generation: object | undefined;
  /** Whether the code depends on the time, by itself or through a segment. */
  isTimed = false;
  /** Set when the code itself depends on the time. */
  #ownTimed = false;
  readonly #steps: { readonly follow: (scope: Scope) => void; readonly clear: () => void }[] = [];

  constructor(ambient?: EvaluationContext) {
    this.ambient = ambient;
  }

  get isEmpty(): boolean {
    return this.#steps.length === 0;
  }

  needTime(): void {
    this.#ownTimed = true;
    this.isTimed = true;
  }

  /** A link to whatever `resolve` finds; `unlinked` until it is followed. */
  to<T>(unlinked: T, resolve: (scope: Scope) => T): Link<T> {
    const link = { target: unlinked };
    this.#steps.push({
      follow(scope) {
        link.target = resolve(scope);
      },
      clear() {
        link.target = unlinked;
      },
    });
    return link;
  }

  /** A link to a segment; one that is missing or malformed is unknown. */
  toSegment(key: string): Link<Test> {
    return this.to<Test>(unknown, (scope) => {
      const segment = scope.findSegment(key);
      if (segment?.isTimed === true) this.isTimed = true;
      return segment?.test ?? unknown;
    });
  }

  follow(scope: Scope): void {
    this.isTimed = this.#ownTimed;
    for (const step of this.#steps) step.follow(scope);
    this.generation = scope.generation;
  }

  /** Lets go of what the links lead to, so that code which is seldom run keeps no replaced document in memory. */
  clear(): void {
    if (this.generation === undefined) return;
    this.generation = undefined;
    for (const step of this.#steps) step.clear();
  }
}

const unknown: Test = () => UNKNOWN;
