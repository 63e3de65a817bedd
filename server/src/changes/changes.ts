import type { Revision } from '@bunting/core';
import type { Attempt, Caller } from '../audit/actor.ts';
import { ApiError } from '../http/api-error.ts';
import { markCommitted } from '../idempotency/repository.ts';
import type { CatchUp } from '../rulesets/catch-up.ts';
import { EMPTY_HASH } from '../rulesets/content-hash.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';
import type { CounterName } from '../store/counters.ts';
import type { Slots } from '../store/slots.ts';
import type { Store } from '../store/store.ts';
import { isBusy, isCollision, isPassing, isStoreFailure } from '../store/store-failure.ts';
import type { DatabaseTransaction } from '../store/tables.ts';
import { Draft, type StagedChange } from './draft.ts';

interface CommittedRevision {
  readonly revision: Revision;
  readonly committedAtMs: number;
}

export interface Commit<T> {
  readonly result: T;
  /** The new revisions by environment id; environments that serve the same as before are not in it. */
  readonly revisions: ReadonlyMap<string, CommittedRevision>;
}

export interface ChangesDependencies {
  readonly store: Store;
  readonly rulesets: Rulesets;
  readonly catchUp: CatchUp;
  readonly now: () => number;
  /** How many transactions may run at once, and how long others wait for their turn. Default: no bound. */
  readonly slots?: Slots | undefined;
  /** Hears how long each commit took, in milliseconds, until it was stored. */
  readonly onCommit?: (ms: number) => void;
}

/** A transaction that collided with others is done again this often. */
const MAX_ATTEMPTS = 4;

/** The one way to write: state, audit events, revisions and change log in one transaction, then memory. */
export class Changes {
  readonly #dependencies: ChangesDependencies;
  readonly #running = new Set<Promise<unknown>>();
  readonly #countListeners = new Map<CounterName, () => Promise<void>>();
  #onStored: () => void = () => {};
  #failure: 'passing' | 'lasting' | undefined;

  constructor(dependencies: ChangesDependencies) {
    this.#dependencies = dependencies;
  }

  /** True while the last commit could not be written because of the database itself. */
  get failing(): boolean {
    return this.#failure !== undefined;
  }

  /** Says that the database answers, and takes changes. A full disk answers too: that failure lasts until a commit. */
  noteAnswer(): void {
    if (this.#failure === 'passing') this.#failure = undefined;
  }

  /** `listener` hears that something was committed. */
  onStored(listener: () => void): void {
    this.#onStored = listener;
  }

  /** `listener` brings memory to what was counted on, before who committed it hears of it. It must not fail. */
  onCount(counter: CounterName, listener: () => Promise<void>): void {
    this.#countListeners.set(counter, listener);
  }

  /**
   * Runs `work` in a transaction. When it throws, nothing was written. It may be run again when it collides with another
   * transaction, so all that it does is done through the draft.
   */
  commit<T>(caller: Caller, work: (draft: Draft) => Promise<T>): Promise<Commit<T>> {
    const commit = this.#commit(caller, work).finally(() => this.#running.delete(commit));
    this.#running.add(commit);
    return commit;
  }

  /** Resolves when all commits begun so far have ended. */
  async settle(): Promise<void> {
    await Promise.allSettled(this.#running);
  }

  async #commit<T>(caller: Caller, work: (draft: Draft) => Promise<T>): Promise<Commit<T>> {
    const startMs = performance.now();
    try {
      const { slots } = this.#dependencies;
      const store = () => this.#store(caller, work);
      const { result, draft, staged } = await (slots === undefined ? store() : slots.run(store));
      this.#failure = undefined;
      const committedTickMs = performance.now();
      this.#dependencies.onCommit?.(committedTickMs - startMs);
      this.#onStored();
      draft.onProgress('publishing', 0, 0);
      await this.#publish(draft, staged, committedTickMs);
      for (const counter of draft.counted) await this.#countListeners.get(counter)?.();
      return { result, revisions: new Map(staged.map((change) => [change.environmentId, change])) };
    } catch (error) {
      if (isStoreFailure(error) && !isBusy(error)) this.#failure = isPassing(error) ? 'passing' : 'lasting';
      throw error;
    }
  }

  async #store<T>(
    caller: Caller,
    work: (draft: Draft) => Promise<T>,
  ): Promise<{ result: T; draft: Draft; staged: StagedChange[] }> {
    const { store, now } = this.#dependencies;
    for (let attempt = 1; ; attempt++) {
      try {
        return await store.database.transaction().execute(async (tx) => {
          const draft = new Draft(tx, store.engine, caller, now());
          const result = await work(draft);
          if (caller.attempt !== undefined) await refuseReplaced(tx, caller.attempt);
          return { result, draft, staged: await draft.stage() };
        });
      } catch (error) {
        if (!isCollision(error)) throw error;
        if (attempt === MAX_ATTEMPTS) {
          throw new ApiError(
            'conflict',
            'Others change the same at the same moment. Look at it again, then try again.',
          );
        }
      }
    }
  }

  /** Brings memory to what was committed, so that whoever committed it finds it there. */
  async #publish(draft: Draft, staged: readonly StagedChange[], committedTickMs: number): Promise<void> {
    const { rulesets, catchUp } = this.#dependencies;
    for (const environmentId of draft.removedEnvironments) rulesets.remove(environmentId);
    for (const { incarnation, ...environment } of draft.newEnvironments) {
      if (rulesets.get(environment.environmentId) !== undefined) continue;
      const revision = { incarnation, number: 0, hash: EMPTY_HASH };
      rulesets.add({ ...environment, revision, committedAtMs: draft.atMs, items: [], recent: [], kills: [] });
    }
    for (const change of staged) {
      const known = rulesets.get(change.environmentId)?.revision;
      const isSameCount = known?.incarnation === change.revision.incarnation;
      if (isSameCount && known.number === change.from) rulesets.apply({ ...change, committedTickMs });
      // Another commit came in between, of this server or another one, and is not in memory yet.
      else if (!isSameCount || known.number < change.from) await catchUp.tryEnvironment(change.environmentId);
    }
  }
}

/** @throws {ApiError} when another try of the same request has taken this one's place: it must not be done twice */
async function refuseReplaced(tx: DatabaseTransaction, attempt: Attempt): Promise<void> {
  if (await markCommitted(tx, attempt)) return;
  throw new ApiError('idempotency_in_progress', 'The request was repeated meanwhile, and this try was given up.');
}
