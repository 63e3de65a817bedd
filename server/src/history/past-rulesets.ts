import { applyKill, applySnapshot, type CompiledRuleset, type Item, type Kill } from '@bunting/core';
import { ApiError } from '../http/api-error.ts';
import { hashOf } from '../rulesets/content-hash.ts';
import { inSnapshot } from '../store/snapshot.ts';
import type { RevisionRow } from '../store/tables/rulesets.ts';
import type { Database } from '../store/tables.ts';
import { findRevisionRow, loadItemsAt } from './repository.ts';

/** A ruleset as it was, and what is known of its revision. */
export interface PastRuleset {
  readonly row: RevisionRow;
  readonly items: readonly Item[];
}

interface CompiledPast {
  readonly past: PastRuleset;
  readonly compiled: CompiledRuleset;
}

/** Rulesets kept compiled, of the ones that were asked for last. A large one takes some 100 MB. */
const KEPT = 3;

/** Rulesets of past revisions, put together from the history and proven by their hashes. */
export class PastRulesets {
  readonly #database: Database;
  /** By what `nameOf` calls them, the one that was asked for last at the end. */
  readonly #kept = new Map<string, CompiledPast>();
  #lastLoad: Promise<unknown> = Promise.resolve();

  constructor(database: Database) {
    this.#database = database;
  }

  /** @throws {ApiError} `not_found`, `history_incomplete` */
  async get(environmentId: string, number: number): Promise<PastRuleset> {
    return (await this.#find(environmentId, number)).past;
  }

  /** Ready to evaluate, with these kills. The time must be given to each evaluation. */
  async compiled(environmentId: string, number: number, kills: readonly Kill[]): Promise<CompiledRuleset> {
    const { compiled } = await this.#find(environmentId, number);
    return kills.reduce(applyKill, compiled);
  }

  async #find(environmentId: string, number: number): Promise<CompiledPast> {
    const row = await findRevisionRow(this.#database, environmentId, number);
    if (row === undefined) throw noRevision(number);
    const kept = this.#recall(row);
    if (kept !== undefined) return kept;
    // One after the other: many who ask at once must not fill the memory.
    const load = this.#lastLoad.then(async () => {
      const found = this.#recall(row) ?? compilePast(await this.#load(row));
      this.#keep(row, found);
      return found;
    });
    this.#lastLoad = load.catch(() => {});
    return load;
  }

  #recall(row: RevisionRow): CompiledPast | undefined {
    const kept = this.#kept.get(nameOf(row));
    if (kept !== undefined) this.#keep(row, kept);
    return kept;
  }

  #keep(row: RevisionRow, found: CompiledPast): void {
    const name = nameOf(row);
    this.#kept.delete(name);
    this.#kept.set(name, found);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT && oldest !== undefined) this.#kept.delete(oldest);
  }

  async #load(row: RevisionRow): Promise<PastRuleset> {
    const items = await inSnapshot(this.#database, (tx) => loadItemsAt(tx, row.environment_id, row.number));
    if (hashOf(items) === row.hash) return { row, items };
    throw incomplete(row.number);
  }
}

/** What the history holds is not what was served. */
export function incomplete(number: number): ApiError {
  return new ApiError(
    'history_incomplete',
    `What was served up to revision ${number} is not known for certain: what the history holds has another hash. A server ` +
      'of a version without a history was running, or someone wrote into the database. Ask for other revisions.',
  );
}

function compilePast(past: PastRuleset): CompiledPast {
  const { incarnation, number, hash, committed_at: committedAtMs } = past.row;
  const header = { type: 'snapshot', revision: { incarnation, number, hash }, committedAtMs, kills: [] } as const;
  return { past, compiled: applySnapshot({ ...header, timeMs: committedAtMs, items: [...past.items] }) };
}

/** A revision that got another incarnation, or was forgotten and counted anew, is another one. */
function nameOf({ environment_id, incarnation, number, hash }: RevisionRow): string {
  return `${environment_id} ${incarnation} ${number} ${hash}`;
}

export function noRevision(number: number): ApiError {
  return new ApiError(
    'not_found',
    `The history has no revision ${number}: it was never made, or was before what is kept. List the revisions to see which there are.`,
  );
}
