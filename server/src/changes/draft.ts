import type { Item, ItemName, Json } from '@bunting/core';
import type { Caller } from '../audit/actor.ts';
import { insertAuditEvent } from '../audit/repository.ts';
import { addHashes } from '../rulesets/content-hash.ts';
import { type CommittedChange, type EnvironmentName, MAX_RECENT_CHANGES } from '../rulesets/live-ruleset.ts';
import { lockEnvironment } from '../rulesets/repository.ts';
import { type CounterName, countOn } from '../store/counters.ts';
import { newId } from '../store/new-id.ts';
import { type Note, notify } from '../store/note.ts';
import type { Store } from '../store/store.ts';
import type { DatabaseTransaction } from '../store/tables.ts';
import { appendToLog, saveRevision } from './repository.ts';
import { type Edits, nameOf, stageItems } from './stage-items.ts';

/** What an audit event says. Secrets have no place in it. */
export interface AuditEntry {
  /** Such as `flag.created`. */
  readonly action: string;
  readonly project?: string;
  readonly environment?: string;
  readonly target: { readonly kind: string; readonly key: string };
  readonly before?: unknown;
  readonly after?: unknown;
}

/** A change on its way to being committed but for `committedTickMs`. */
export type StagedChange = Omit<CommittedChange, 'committedTickMs'>;

/** A transaction in which state, audit events and what environments serve change together. */
export class Draft {
  readonly tx: DatabaseTransaction;
  /** The moment that everything in this transaction is dated. */
  readonly atMs: number;
  readonly #engine: Store['engine'];
  readonly #caller: Caller;
  readonly #edits = new Map<string, Edits>();
  readonly newEnvironments: (EnvironmentName & { readonly incarnation: string })[] = [];

  constructor(tx: DatabaseTransaction, engine: Store['engine'], caller: Caller, atMs: number) {
    this.tx = tx;
    this.#engine = engine;
    this.atMs = atMs;
    this.#caller = caller;
  }

  /** Says that the transaction made this environment; it gets its first revision even without items. */
  addEnvironment(environment: EnvironmentName & { readonly incarnation: string }): void {
    this.newEnvironments.push(environment);
    this.#editsOf(environment.environmentId);
  }

  /** The environment serves `item` from now on. An item that it serves already is no change. */
  put(environmentId: string, item: Item): void {
    const edits = this.#editsOf(environmentId);
    edits.deletes.delete(nameOf(item));
    edits.puts.set(nameOf(item), item);
  }

  /** The environment stops serving an item. */
  delete(environmentId: string, name: ItemName): void {
    const edits = this.#editsOf(environmentId);
    edits.puts.delete(nameOf(name));
    edits.deletes.set(nameOf(name), name);
  }

  async audit(entry: AuditEntry): Promise<void> {
    const { actor, requestId } = this.#caller;
    await insertAuditEvent(this.tx, {
      id: newId(this.atMs),
      at: this.atMs,
      actor_kind: actor.kind,
      actor_id: actor.id,
      actor_name: actor.name,
      action: entry.action,
      project: entry.project ?? null,
      environment: entry.environment ?? null,
      target_kind: entry.target.kind,
      target_key: entry.target.key,
      before: toJson(entry.before),
      after: toJson(entry.after),
      request_id: requestId ?? null,
    });
  }

  /** Says that what is counted under this name changed. @returns the count that stands for the transaction */
  async count(counter: CounterName): Promise<number> {
    const number = await countOn(this.tx, counter);
    await this.#notify({ counter });
    return number;
  }

  /** Writes the edits: each environment whose items differ gets its next revision and its change-log entry. */
  async stage(): Promise<StagedChange[]> {
    const staged: StagedChange[] = [];
    // In one order everywhere, so that two transactions never wait for each other's environments.
    for (const [environmentId, edits] of [...this.#edits].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const change = await this.#stageEnvironment(environmentId, edits);
      if (change !== undefined) staged.push(change);
    }
    return staged;
  }

  async #stageEnvironment(environmentId: string, edits: Edits): Promise<StagedChange | undefined> {
    const { tx, atMs } = this;
    const before = await lockEnvironment(tx, environmentId);
    if (before === undefined) throw new Error(`there is no environment ${environmentId}`);
    const { puts, deletes, hashDifference } = await stageItems(tx, environmentId, edits);
    const isNew = this.newEnvironments.some((environment) => environment.environmentId === environmentId);
    if (puts.length === 0 && deletes.length === 0 && !isNew) return undefined;
    const number = before.number + 1;
    const revision = { ...before, number, hash: addHashes(before.hash, hashDifference) };
    await saveRevision(tx, environmentId, revision, atMs);
    const change = { environmentId, from: before.number, revision, committedAtMs: atMs, puts, deletes };
    await appendToLog(tx, this.#engine, change, MAX_RECENT_CHANGES);
    await this.#notify({ environment: environmentId, number });
    return change;
  }

  async #notify(note: Note): Promise<void> {
    if (this.#engine === 'postgres') await notify(this.tx, note);
  }

  #editsOf(environmentId: string): Edits {
    let edits = this.#edits.get(environmentId);
    if (edits === undefined) {
      edits = { puts: new Map(), deletes: new Map() };
      this.#edits.set(environmentId, edits);
    }
    return edits;
  }
}

function toJson(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value as Json);
}
