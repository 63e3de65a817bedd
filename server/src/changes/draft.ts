import type { Item, ItemName, Revision } from '@bunting/core';
import { type Caller, isAutomatic } from '../audit/actor.ts';
import { appendEvents } from '../audit/chain.ts';
import { type AuditEntry, type EventRevision, type NewEvent, newEvent } from '../audit/event.ts';
import { insertRevision } from '../history/repository.ts';
import { touchedItems } from '../history/touched.ts';
import { ApiError } from '../http/api-error.ts';
import { addHashes } from '../rulesets/content-hash.ts';
import { type CommittedChange, type EnvironmentName, MAX_RECENT_CHANGES } from '../rulesets/live-ruleset.ts';
import { lockEnvironment } from '../rulesets/repository.ts';
import { fromBit } from '../store/booleans.ts';
import { type CounterName, countOn } from '../store/counters.ts';
import { type Note, notify } from '../store/note.ts';
import type { Store } from '../store/store.ts';
import type { DatabaseTransaction } from '../store/tables.ts';
import { type Protected, refuseUnprotected } from './protection.ts';
import { appendToLog, saveRevision } from './repository.ts';
import { type Edits, nameOf, stageItems } from './stage-items.ts';

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
  readonly #events: NewEvent[] = [];
  /** Environments in which something that is served changes, and those in which that was approved. */
  readonly #guarded = new Set<string>();
  readonly #approved = new Set<string>();
  /** What was counted on: see `count`. */
  readonly counted = new Set<CounterName>();
  readonly removedEnvironments: string[] = [];
  /** Hears how many of an environment's items are compared and written, of how many, then that they are being published. */
  onProgress: (phase: 'storing' | 'publishing', done: number, of: number) => void = () => {};
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

  /** Says that the transaction deleted this environment, with its keys. */
  async removeEnvironment(environmentId: string): Promise<void> {
    this.removedEnvironments.push(environmentId);
    this.#edits.delete(environmentId);
    await this.count('keys');
    await this.#notify({ environment: environmentId });
  }

  /** The environment serves `item` from now on. An item that it serves already is no change. */
  put(environmentId: string, item: Item): void {
    this.#guarded.add(environmentId);
    this.add(environmentId, item);
  }

  /** As `put`, of what moves nobody (what is new and off, a ramp that stops): so it needs no approval. */
  add(environmentId: string, item: Item): void {
    const edits = this.#editsOf(environmentId);
    edits.deletes.delete(nameOf(item));
    edits.puts.set(nameOf(item), item);
  }

  /** Whether this change touches an item already. */
  touches(environmentId: string, name: ItemName): boolean {
    const edits = this.#edits.get(environmentId);
    return edits !== undefined && (edits.puts.has(nameOf(name)) || edits.deletes.has(nameOf(name)));
  }

  /** The environment stops serving an item. */
  delete(environmentId: string, name: ItemName): void {
    this.#guarded.add(environmentId);
    const edits = this.#editsOf(environmentId);
    edits.puts.delete(nameOf(name));
    edits.deletes.set(nameOf(name), name);
  }

  /** Says that those who had to have approved all that this transaction changes in the environment. */
  approve(environmentId: string): void {
    this.#approved.add(environmentId);
  }

  /** Says what the transaction does. Events are written at its end, when it is known which revisions it makes. */
  async audit(entry: AuditEntry): Promise<void> {
    this.#events.push(newEvent(this.#caller, entry, this.atMs));
  }

  /** Says that what is counted under this name changed. @returns the count that stands for the transaction */
  async count(counter: CounterName): Promise<number> {
    this.counted.add(counter);
    const number = await countOn(this.tx, counter);
    await this.#notify({ counter });
    return number;
  }

  /**
   * Writes the edits: each environment whose items differ gets its next revision and its change-log entry. Then the audit
   * events, which name these revisions. Comes last in the transaction.
   */
  async stage(): Promise<StagedChange[]> {
    const staged: StagedChange[] = [];
    const revisions: EventRevision[] = [];
    // In one order everywhere, so that two transactions never wait for each other's environments.
    for (const [environmentId, edits] of [...this.#edits].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const before = await lockEnvironment(this.tx, environmentId);
      if (before === undefined) throw new Error(`there is no environment ${environmentId}`);
      const { key: environment, require_comment, project_id, required_approvals, ...revision } = before;
      const change = await this.#stageEnvironment(environmentId, revision, edits);
      if (change === undefined) continue;
      if (fromBit(require_comment) && !this.#isNew(environmentId)) this.#refuseSilence(environment);
      await this.#protect({ id: environmentId, project_id, key: environment, required_approvals });
      staged.push(change);
      revisions.push({ environment, ...change.revision });
    }
    await appendEvents(this.tx, this.#describe(revisions));
    return staged;
  }

  #isNew(environmentId: string): boolean {
    return this.newEnvironments.some((environment) => environment.environmentId === environmentId);
  }

  async #protect(environment: Protected): Promise<void> {
    const { id } = environment;
    if (this.#isNew(id) || !this.#guarded.has(id)) return;
    const isApproved = this.#approved.has(id);
    const bypass = await refuseUnprotected(this.tx, this.#caller, environment, isApproved, this.atMs);
    if (bypass === undefined) return;
    const { obstacles, ...place } = bypass;
    await this.audit({
      ...{ action: 'environment.glass-broken', ...place, target: { kind: 'environment', key: place.environment } },
      after: { break_glass: true, obstacles, reason: this.#caller.comment },
    });
  }

  #refuseSilence(environment: string): void {
    const { actor, comment } = this.#caller;
    if (comment !== undefined || isAutomatic(actor)) return;
    const message = `What changes environment "${environment}" must say why: send a comment in the header Bunting-Comment, percent-encoded UTF-8.`;
    throw new ApiError('comment_required', message);
  }

  /** The events with what they led to: one in an environment names its revision, others those of all environments. */
  #describe(revisions: readonly EventRevision[]): NewEvent[] {
    const change = this.#events[0]?.id ?? null;
    return this.#events.map((event) => {
      const own = revisions.filter(({ environment }) => (event.environment ?? environment) === environment);
      return { ...event, change_id: change, revisions: own.length === 0 ? null : JSON.stringify(own) };
    });
  }

  async #stageEnvironment(environmentId: string, before: Revision, edits: Edits): Promise<StagedChange | undefined> {
    const { tx, atMs } = this;
    const tell = (done: number, of: number) => this.onProgress('storing', done, of);
    const { puts, deletes, hashDifference } = await stageItems(tx, environmentId, edits, before.number + 1, tell);
    if (puts.length === 0 && deletes.length === 0 && !this.#isNew(environmentId)) return undefined;
    const number = before.number + 1;
    const revision = { ...before, number, hash: addHashes(before.hash, hashDifference) };
    await saveRevision(tx, environmentId, revision, atMs);
    const change = { environmentId, from: before.number, revision, committedAtMs: atMs, puts, deletes };
    await appendToLog(tx, this.#engine, change, MAX_RECENT_CHANGES);
    const changeId = this.#events[0]?.id ?? null;
    const items = touchedItems(puts, deletes);
    await insertRevision(tx, { environmentId, revision, committedAtMs: atMs, changeId, items });
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
