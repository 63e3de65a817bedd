import type { Decisions } from './flags.ts';
import type { Visitor } from './visitor.ts';

type Step = 'list' | 'product' | 'basket' | 'checkout' | 'order';

/** One page view, with what the flags decided for it. */
export interface Visit {
  readonly visitor: Visitor;
  readonly step: Step;
  readonly decisions: Decisions;
  /** Of the shop that answered. */
  readonly version: string;
  readonly atMs: number;
}

const maxVisitors = 120;
const maxRecent = 12;

/** Who was here and what they got, in memory and bounded: what the visitors page shows. */
export class VisitLog {
  /** Each visitor's latest visit, longest ago first. */
  readonly #latest = new Map<string, Visit>();
  #recent: readonly Visit[] = [];

  add(visit: Visit): void {
    this.#recent = [visit, ...this.#recent.slice(0, maxRecent - 1)];
    this.#latest.delete(visit.visitor.id);
    this.#latest.set(visit.visitor.id, visit);
    const longestAgo = this.#latest.size > maxVisitors ? this.#latest.keys().next().value : undefined;
    if (longestAgo !== undefined) this.#latest.delete(longestAgo);
  }

  /** The latest page views, newest first. */
  get recent(): readonly Visit[] {
    return this.#recent;
  }

  /** Each visitor's latest visit, by visitor id, so that everyone keeps their place on the page. */
  get latest(): Visit[] {
    return [...this.#latest.values()].sort((a, b) => (a.visitor.id < b.visitor.id ? -1 : 1));
  }
}
