import type { Revision } from '@bunting/core';
import type { FastifyBaseLogger } from 'fastify';
import { coalesce } from '../store/coalesce.ts';
import { inSnapshot } from '../store/snapshot.ts';
import type { Store } from '../store/store.ts';
import type { DatabaseTransaction } from '../store/tables.ts';
import { updateHash } from './content-hash.ts';
import { isBehind, renewIfBehind, renewIfChanged } from './incarnation.ts';
import type { CommittedChange, EnvironmentName, LiveRuleset, LiveRulesetState } from './live-ruleset.ts';
import { findRevision, loadChange, loadRuleset } from './repository.ts';
import type { Rulesets } from './rulesets.ts';

export interface CatchUpDependencies {
  readonly store: Store;
  readonly rulesets: Rulesets;
  readonly log: Pick<FastifyBaseLogger, 'warn' | 'error'>;
  /** Hears of each environment that was behind: it got the changes that it missed, or was loaded as a whole. */
  readonly onCaughtUp?: (how: 'changes' | 'whole') => void;
}

/** A ruleset in memory, and the revision that it had when the look at the database began. */
interface Known {
  readonly ruleset: LiveRuleset;
  readonly revision: Revision;
}

/** What is to be done to a ruleset in memory. */
type News =
  | { readonly change: CommittedChange }
  | { readonly state: LiveRulesetState }
  | { readonly isBehind: true }
  | { readonly isDeleted: true }
  | undefined;

/**
 * Brings rulesets in memory to what the database holds, wherever the commits came from. What is applied always leads from
 * the very revision that is in memory, so nothing is published twice or out of order, however often this is asked for.
 */
export class CatchUp {
  readonly #dependencies: CatchUpDependencies;
  readonly #runs = new Map<string, () => Promise<void>>();

  constructor(dependencies: CatchUpDependencies) {
    this.#dependencies = dependencies;
  }

  /** Resolves when memory has all that was committed in the environment before the call. */
  environment(environmentId: string): Promise<void> {
    let run = this.#runs.get(environmentId);
    if (run === undefined) {
      run = coalesce(() => this.#catchUp(environmentId));
      this.#runs.set(environmentId, run);
    }
    return run();
  }

  /** The same, but a failure is only logged: the next look at the database will find what is missing. */
  async tryEnvironment(environmentId: string): Promise<void> {
    try {
      await this.environment(environmentId);
    } catch (error) {
      this.#dependencies.log.error({ err: error, environmentId }, 'could not read a change; looking again soon');
    }
  }

  async #catchUp(environmentId: string): Promise<void> {
    const { store, rulesets, log, onCaughtUp } = this.#dependencies;
    for (;;) {
      const ruleset = rulesets.get(environmentId);
      // Taken before the database is read: then what is read is at least as new.
      const known = ruleset && { ruleset, revision: ruleset.revision };
      const news = await inSnapshot(store.database, (tx) => this.#read(tx, environmentId, known));
      if (news === undefined) return;
      // A commit of this server was published meanwhile.
      if (rulesets.get(environmentId)?.revision !== known?.revision) continue;
      if ('isDeleted' in news) {
        rulesets.remove(environmentId);
        this.#runs.delete(environmentId);
        return;
      }
      if ('isBehind' in news) {
        if (known === undefined || !(await renewIfBehind(store, environmentId, known.revision))) return;
        log.warn(
          { ...nameOf(ruleset), known },
          'the database lost revisions that were served; it has a new incarnation',
        );
      } else if ('change' in news) {
        rulesets.apply(news.change);
        return onCaughtUp?.('changes');
      } else if (await renewIfChanged(store, news.state)) {
        log.warn(nameOf(news.state), 'the ruleset was changed outside of this server; it has a new incarnation');
      } else {
        if (ruleset === undefined) rulesets.add(news.state);
        else rulesets.replace(news.state);
        return onCaughtUp?.('whole');
      }
    }
  }

  async #read(tx: DatabaseTransaction, environmentId: string, known: Known | undefined): Promise<News> {
    const head = await findRevision(tx, environmentId);
    if (head === undefined) return known && { isDeleted: true };
    if (known !== undefined) {
      const { ruleset, revision } = known;
      if (isBehind(head, revision)) return { isBehind: true };
      if (head.incarnation === revision.incarnation) {
        if (head.number === revision.number) return undefined;
        const change = await loadChange(tx, this.#dependencies.store.engine, environmentId, revision);
        if (change !== undefined && leadsTo(change, ruleset)) return { change };
      }
    }
    const state = await loadRuleset(tx, environmentId);
    return state && { state };
  }
}

function nameOf(place: EnvironmentName | undefined) {
  return { project: place?.project, environment: place?.environment };
}

/** True when the change makes of what is in memory what its revision says. */
function leadsTo({ puts, deletes, revision }: CommittedChange, ruleset: LiveRuleset): boolean {
  const removed = [...puts, ...deletes].flatMap(({ kind, key }) => ruleset.item(kind, key) ?? []);
  return updateHash(ruleset.revision.hash, removed, puts) === revision.hash;
}
