import type { Revision } from '@bunting/core';
import type { Caller } from '../audit/actor.ts';
import { EMPTY_HASH } from '../rulesets/content-hash.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';
import { isStoreFailure } from '../store/store-failure.ts';
import type { Database } from '../store/tables.ts';
import { Draft, type StagedChange } from './draft.ts';

export interface CommittedRevision {
  readonly revision: Revision;
  readonly committedAtMs: number;
}

export interface Commit<T> {
  readonly result: T;
  /** The new revisions by environment id; environments that serve the same as before are not in it. */
  readonly revisions: ReadonlyMap<string, CommittedRevision>;
}

/** The one way to write: state, audit events, revisions and change log in one transaction, then memory. */
export class Changes {
  readonly #database: Database;
  readonly #rulesets: Rulesets;
  readonly #now: () => number;
  /** The commit before, whatever became of it. */
  #previous: Promise<unknown> = Promise.resolve();
  #failing = false;

  constructor(database: Database, rulesets: Rulesets, now: () => number) {
    this.#database = database;
    this.#rulesets = rulesets;
    this.#now = now;
  }

  /** True while the last commit could not be written because of the database itself. */
  get failing(): boolean {
    return this.#failing;
  }

  /**
   * Runs `work` in a transaction. When it throws, nothing was written. One commit runs at a time, so memory and
   * listeners see changes in the order of their commits.
   */
  commit<T>(caller: Caller, work: (draft: Draft) => Promise<T>): Promise<Commit<T>> {
    const commit = this.#previous.then(() => this.#commit(caller, work));
    this.#previous = commit.catch(() => {});
    return commit;
  }

  /** Resolves when all commits begun so far have ended. */
  async settle(): Promise<void> {
    await this.#previous;
  }

  async #commit<T>(caller: Caller, work: (draft: Draft) => Promise<T>): Promise<Commit<T>> {
    try {
      const { result, draft, staged } = await this.#database.transaction().execute(async (tx) => {
        const draft = new Draft(tx, caller, this.#now());
        const result = await work(draft);
        return { result, draft, staged: await draft.stage() };
      });
      this.#failing = false;
      return { result, revisions: this.#publish(draft, staged) };
    } catch (error) {
      if (isStoreFailure(error)) this.#failing = true;
      throw error;
    }
  }

  #publish(draft: Draft, staged: readonly StagedChange[]): Map<string, CommittedRevision> {
    const committedTickMs = performance.now();
    for (const { incarnation, ...environment } of draft.newEnvironments) {
      const revision = { incarnation, number: 0, hash: EMPTY_HASH };
      this.#rulesets.add({ ...environment, revision, committedAtMs: draft.atMs, items: [], recent: [], kills: [] });
    }
    const revisions = new Map<string, CommittedRevision>();
    for (const change of staged) {
      this.#rulesets.apply({ ...change, committedTickMs });
      revisions.set(change.environmentId, change);
    }
    return revisions;
  }
}
