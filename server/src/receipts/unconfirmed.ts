import type { ItemName } from '@bunting/core';
import type { Rulesets } from '../rulesets/rulesets.ts';
import type { EnvironmentRow } from '../store/tables/flags.ts';
import type { Installation } from './installation.ts';
import type { InstanceView } from './list.ts';
import type { InstanceName } from './part.ts';

/** Who is not known to run an item as it is now. */
export interface Lacking {
  /** How many instances: connected ones that said nothing of it, and those that were lost without a goodbye. */
  readonly instances: number;
  /** Some of them. */
  readonly names: readonly InstanceName[];
  /** Servers that did not answer: nobody knows what their instances run. */
  readonly servers: readonly string[];
  /** For so long, in milliseconds, instances that a server knew before it was started again may be on their way back. */
  readonly returningMs: number;
}

export interface UnconfirmedOptions {
  readonly rulesets: Rulesets;
  readonly installation: Pick<Installation, 'ask' | 'list'>;
  /** When the latest start was of a server that may have followed another one; milliseconds since 1970, UTC. */
  readonly latestStartMs: () => number;
  readonly returnMs: number;
  readonly now: () => number;
}

/** Of a crowd this many are named. */
const MAX_NAMES = 20;
/** So many instances are looked at for names. */
const MAX_LISTED = 999;

/** Asks all servers of the installation whether every instance has what is served. */
export class Unconfirmed {
  readonly #options: UnconfirmedOptions;

  constructor(options: UnconfirmedOptions) {
    this.#options = options;
  }

  /**
   * Takes up to two times as long as other servers may take to answer.
   * @param environment as the database has it: memory may be behind
   */
  async find(environment: Pick<EnvironmentRow, 'id' | 'incarnation' | 'number'>, item: ItemName): Promise<Lacking> {
    const { rulesets, installation, latestStartMs, returnMs, now } = this.#options;
    const ruleset = rulesets.get(environment.id);
    const returningMs = Math.max(0, latestStartMs() + returnMs - now());
    // Made a moment ago, by another server: nobody can be connected here.
    if (ruleset === undefined) return { instances: 0, names: [], servers: [], returningMs };
    const { incarnation, number: newest } = environment;
    const { revision } = ruleset;
    const isCurrent = revision.incarnation === incarnation && revision.number === newest;
    // Other changes since then are of no matter.
    const number = isCurrent ? ruleset.lastChangeOf(item) : newest;
    const { pending, unknown, incomplete } = await installation.ask(ruleset, { incarnation, number, kill: null });
    const instances = pending + unknown;
    if (instances === 0) return { instances, names: [], servers: incomplete, returningMs };
    const { items } = await installation.list(ruleset, { list: 'instances', after: null, limit: MAX_LISTED });
    const lacking = items.filter((instance) => !has(instance, incarnation, number));
    return { instances, names: lacking.slice(0, MAX_NAMES).map(nameOf), servers: incomplete, returningMs };
  }
}

function has({ state, revision }: InstanceView, incarnation: string, number: number): boolean {
  return state !== 'unknown' && revision?.incarnation === incarnation && revision.number >= number;
}

function nameOf({ id, app, host, deploy }: InstanceView): InstanceName {
  return { id, app, host, version: deploy?.version ?? null };
}
