import type { Services } from '@bunting/server';
import { Boundary } from './boundary.ts';

/** Where a process dies: at its nth call to something outside, before it is made, or after it was done and not yet heard of. */
export interface Death {
  /** From 1; 0: never. */
  readonly atCall: number;
  readonly when: 'before' | 'after';
}

export const NEVER: Death = { atCall: 0, when: 'before' };

/** A process that dies: from then on nothing that it tries has any effect. */
export class Mortal extends Boundary {
  calls = 0;
  isDead = false;
  readonly #death: Death;

  constructor(death: Death) {
    super();
    this.#death = death;
  }

  async do<T>(work: () => Promise<T>): Promise<T> {
    const isLast = this.#begin();
    const result = await work();
    if (isLast || this.isDead) this.#die();
    return result;
  }

  /** Each statement that writes is such a call. */
  override wrapDatabase(database: Services['database']): Services['database'] {
    const last = new WeakSet<object>();
    return database.withPlugin({
      transformQuery: ({ node, queryId }) => {
        if (this.isDead) this.#die();
        if (node.kind !== 'SelectQueryNode' && this.#begin()) last.add(queryId);
        return node;
      },
      transformResult: async ({ result, queryId }) => {
        if (last.has(queryId) || this.isDead) this.#die();
        return result;
      },
    });
  }

  /** @returns whether it dies when the call is done */
  #begin(): boolean {
    if (this.isDead) throw new Error('the process is dead');
    this.calls += 1;
    const isLast = this.calls === this.#death.atCall;
    if (isLast && this.#death.when === 'before') this.#die();
    return isLast;
  }

  #die(): never {
    this.isDead = true;
    throw new Error('the process dies here');
  }
}
