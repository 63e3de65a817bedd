import type { Test } from '../conditions/step.ts';
import type { EvaluationContext } from '../model.ts';
import { UNKNOWN } from '../truth.ts';
import type { Scope } from './scope.ts';
import { NEVER, type Span } from './span.ts';

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
  /** When time changes what the code itself answers, and what the segments do that it leads to at the moment. */
  #own = NEVER;
  #linked = NEVER;
  readonly #steps: { readonly follow: (scope: Scope) => void; readonly clear: () => void }[] = [];

  constructor(ambient?: EvaluationContext) {
    this.ambient = ambient;
  }

  get isEmpty(): boolean {
    return this.#steps.length === 0;
  }

  /** When the code's answer may change by time alone. */
  get spans(): readonly Span[] {
    return this.#linked.length === 0 ? this.#own : [...this.#own, ...this.#linked];
  }

  /** The code itself depends on the time: its answer changes in these spans. */
  needTime(spans: readonly Span[]): void {
    this.#own = [...this.#own, ...spans];
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
      if (segment !== undefined && segment.spans.length > 0) {
        this.isTimed = true;
        this.#linked = [...this.#linked, ...segment.spans];
      }
      return segment?.test ?? unknown;
    });
  }

  follow(scope: Scope): void {
    this.isTimed = this.#own.length > 0;
    this.#linked = NEVER;
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
