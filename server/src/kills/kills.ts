import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Static } from '@sinclair/typebox';
import type { FastifyBaseLogger } from 'fastify';
import type { Caller } from '../audit/actor.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { notFound } from '../http/api-error.ts';
import { toTimestamp } from '../http/key-schema.ts';
import { DEFAULT_LIMIT, type Page, type PageRequest, readCursor, toPage } from '../http/page.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';
import { coalesce } from '../store/coalesce.ts';
import { readCounter } from '../store/counters.ts';
import type { Store } from '../store/store.ts';
import { KillBook } from './kill-book.ts';
import type { KillCause } from './kill-cause.ts';
import type { KillJournal } from './kill-journal.ts';
import type { EnvironmentKeys, KillPlace } from './kill-place.ts';
import { type KillRecord, newRecord } from './kill-record.ts';
import { neverKilled, requireFlag } from './refusals.ts';
import { findKill, findKillsAfter, saveKill, storeKills } from './repository.ts';
import type { KillAnswerSchema, KilledSchema, KillSchema } from './schemas.ts';
import { tellPeers, tellPeersOfAll, unstoredOfPeers } from './tell-peers.ts';
import { type Timeline, timelineOf } from './timeline.ts';
import { UnstoredKills } from './unstored-kills.ts';
import { within } from './within.ts';

export type Kill = Static<typeof KillSchema>;
export type KillAnswer = Static<typeof KillAnswerSchema>;
export type Killed = Static<typeof KilledSchema>;

/** How long an answer waits for the database, in milliseconds. The kill is in force all along. */
const PATIENCE_MS = 2_000;

/**
 * How long a kill that is on disk waits before it is stored in SQLite, in milliseconds: that keeps this thread from writing to
 * sockets and from reading receipts.
 */
const SOCKETS_FIRST_MS = 50;

/** How long a kill waits for this server's disk before it is pushed, in milliseconds: it must not depend on one that hangs. */
const DISK_PATIENCE_MS = 20;

export interface KillsDependencies {
  readonly store: Store;
  readonly rulesets: Rulesets;
  readonly journal: KillJournal;
  readonly cluster: Pick<Cluster, 'post' | 'get'>;
  readonly metrics: Pick<Metrics, 'unstoredKills'>;
  readonly log: FastifyBaseLogger;
  readonly now: () => number;
}

/**
 * The kill switch. A kill is on this server's disk, in force in memory and on its way to SDKs before anything else happens:
 * the database only makes it everyone's. A re-arm is stored first, for that a flag is killed must never be lost.
 */
export class Kills {
  readonly #dependencies: KillsDependencies;
  readonly #book = new KillBook();
  readonly #unstored: UnstoredKills;
  readonly #engageListeners: ((timeline: Timeline) => void)[] = [];
  readonly #storedListeners: ((record: KillRecord) => void)[] = [];
  /** Whether the disk has it: of kills that it is writing, by the id of their audit event. */
  readonly #keeping = new Map<string, Promise<boolean>>();
  /** All that was stored up to this number is known. */
  #knownNumber = 0;
  /** What earlier processes have left on the disk and nobody has looked at yet. */
  #left: KillRecord[];
  readonly #read = coalesce(() => this.#readStored());

  constructor(dependencies: KillsDependencies) {
    this.#dependencies = dependencies;
    const { store, journal, cluster, metrics, log } = dependencies;
    this.#left = journal.records();
    this.#unstored = new UnstoredKills({
      store,
      journal,
      gauge: metrics.unstoredKills,
      log,
      onStored: (record) => {
        for (const listener of this.#storedListeners) listener(record);
      },
      refresh: () => this.catchUp().catch(() => {}),
      onWaiting: (records) => void tellPeersOfAll(cluster, records),
    });
    // Kills of an environment that is gone can never be stored.
    dependencies.rulesets.onRemove(({ environmentId }) => this.#unstored.forgetEnvironment(environmentId));
  }

  /** How many kills are in force and not in the database yet. */
  get unstored(): number {
    return this.#unstored.size;
  }

  /**
   * Kills a flag. One that is killed stays killed as it is, and the other servers are told again.
   * @param cause what made the server do so by itself
   * @throws {ApiError} `not_found`
   */
  async engage(caller: Caller, place: KillPlace, reason: string, cause?: KillCause): Promise<KillAnswer> {
    const { log, now } = this.#dependencies;
    const receivedAtMs = cause?.receivedAtMs ?? now();
    const ruleset = this.#requireEnvironment(place);
    const known = this.#book.get(ruleset.environmentId, place.flag);
    if (known?.engaged === true) {
      await this.#isKept(known, DISK_PATIENCE_MS);
      return this.#spread(known, !this.#unstored.has(known));
    }
    requireFlag(ruleset, place);
    // What came with a whole ruleset from the database may not be in the book yet.
    const inForce = ruleset.kills.find(({ flag }) => flag === place.flag);
    const epoch = Math.max(known?.epoch ?? 0, inForce?.epoch ?? 0) + 1;
    const record = newRecord(caller, ruleset, { flag: place.flag, epoch, engaged: true, reason }, now(), cause);
    // From now on the flag counts as killed, so that nobody makes another kill of it.
    this.#book.take(record);
    this.#unstored.add(record);
    this.#keep(record);
    const isKept = await this.#isKept(record, DISK_PATIENCE_MS);
    const journalledAtMs = now();
    this.#push(record);
    const times = { receivedAtMs, ...(isKept ? { journalledAtMs } : {}), pushedAtMs: now() };
    for (const listener of this.#engageListeners) listener({ ...timelineOf(record), ...times });
    log.warn({ ...place, epoch, actor: record.actor.name, reason, isKept }, 'flag killed');
    return this.#spread(record, false);
  }

  /**
   * Ends a kill. A flag that was re-armed stays so.
   * @throws {ApiError} `not_found`; `conflict` when the flag was never killed
   */
  async rearm(caller: Caller, place: KillPlace, reason: string): Promise<KillAnswer> {
    const ruleset = this.#requireEnvironment(place);
    const { environmentId } = ruleset;
    const record = await storeKills(this.#dependencies.store, async (batch) => {
      const stored = await findKill(batch.tx, environmentId, place.flag);
      if (stored !== undefined) this.#take(stored);
      const known = this.#book.get(environmentId, place.flag);
      if (known === undefined) throw neverKilled(place);
      if (!known.engaged) return known;
      const epoch = known.epoch + 1;
      const rearmed = newRecord(
        caller,
        ruleset,
        { flag: place.flag, epoch, engaged: false, reason },
        this.#dependencies.now(),
      );
      await saveKill(batch, rearmed);
      return rearmed;
    });
    if (this.#take(record)) {
      this.#dependencies.log.warn({ ...place, epoch: record.epoch, actor: record.actor.name, reason }, 'flag re-armed');
    }
    return this.#spread(record, true);
  }

  /**
   * Takes a kill or re-arm from another server.
   * @param isStored false: this server stores it, too, if the other one does not come to it
   * @returns false when the environment is not known here yet
   */
  receive(record: KillRecord, isStored: boolean): boolean {
    if (this.#dependencies.rulesets.get(record.environmentId) === undefined) return false;
    if (this.#take(record) && !isStored) this.#unstored.keep(record);
    return true;
  }

  /**
   * The flags that are killed in an environment, by key.
   * @throws {ApiError} `not_found`
   */
  list(place: EnvironmentKeys, { cursor, limit = DEFAULT_LIMIT }: PageRequest): Page<Kill> {
    const [after = ''] = readCursor(cursor, ['string']) ?? [];
    const { environmentId } = this.#requireEnvironment(place);
    const records = this.#book.engaged(environmentId).filter(({ flag }) => flag > after);
    const page = toPage(records.slice(0, limit + 1), limit, ({ flag }) => [flag]);
    return { ...page, items: page.items.map((record) => this.#show(record)) };
  }

  /** The keys of the flags that are killed in an environment. */
  engagedIn(environmentId: string): string[] {
    return this.#book.engaged(environmentId).map(({ flag }) => flag);
  }

  /** A flag's latest kill or re-arm that this server knows. */
  latest({ project, environment, flag }: KillPlace): KillRecord | undefined {
    const ruleset = this.#dependencies.rulesets.named(project, environment);
    return ruleset && this.#book.get(ruleset.environmentId, flag);
  }

  /** The kills in force in an environment, or everywhere. */
  inForce(place?: EnvironmentKeys): KillRecord[] {
    const { rulesets } = this.#dependencies;
    const all = place === undefined ? rulesets.all() : [rulesets.named(place.project, place.environment)];
    return [...all].flatMap((ruleset) => (ruleset === undefined ? [] : this.#book.engaged(ruleset.environmentId)));
  }

  /** How a flag is killed; undefined when it is not. */
  find({ project, environment, flag }: KillPlace): Killed | undefined {
    const ruleset = this.#dependencies.rulesets.named(project, environment);
    const record = ruleset && this.#book.get(ruleset.environmentId, flag);
    if (record?.engaged !== true) return undefined;
    const { flag: _, engaged, ...killed } = this.#show(record);
    return killed;
  }

  /** Calls `listener` with each kill that this server made, once it is pushed. */
  onEngage(listener: (timeline: Timeline) => void): void {
    this.#engageListeners.push(listener);
  }

  /** Calls `listener` with each kill that the database did not have and has now. */
  onStored(listener: (record: KillRecord) => void): void {
    this.#storedListeners.push(listener);
  }

  /** Takes what was stored, by other servers too, since the last time. @throws when the database cannot be read */
  catchUp(): Promise<void> {
    return this.#read();
  }

  /** What this server has in force and the database may not have. */
  unstoredRecords(): KillRecord[] {
    return this.#unstored.records();
  }

  /** Takes what the other servers have in force and the database does not: for a server that has just started. */
  async askPeers(): Promise<void> {
    for (const record of await unstoredOfPeers(this.#dependencies.cluster)) this.receive(record, false);
  }

  /** Tries once more to store what is not stored. */
  close(): Promise<void> {
    return this.#unstored.close();
  }

  async #readStored(): Promise<void> {
    const { store, rulesets } = this.#dependencies;
    const { database } = store;
    // A database that was restored counts from where it was then.
    if ((await readCounter(database, 'kills')) < this.#knownNumber) this.#knownNumber = 0;
    let isKnown = true;
    for (const { record, number } of await findKillsAfter(database, this.#knownNumber)) {
      this.#take(record);
      this.#unstored.forget(record);
      // A kill in an environment that another server has just made is read again, until the environment is known.
      isKnown &&= rulesets.get(record.environmentId) !== undefined;
      if (isKnown) this.#knownNumber = number;
    }
    this.#replay();
  }

  /**
   * Puts in force and stores what earlier processes have left on the disk. What was done to a flag since stands: a kill
   * replaces only what has a lower epoch. One whose environment is not known yet waits until it is.
   */
  #replay(): void {
    const { rulesets, log } = this.#dependencies;
    const left = this.#left;
    this.#left = [];
    for (const record of left) {
      if (rulesets.get(record.environmentId) === undefined) {
        this.#left.push(record);
        continue;
      }
      const isInForce = this.#take(record);
      const { environmentId, flag, epoch } = record;
      log.warn({ environmentId, flag, epoch, isInForce }, 'found a kill on the disk that had not been stored');
      // One that was overtaken, too: the audit log is to tell of it.
      void this.#unstored.store(record);
    }
  }

  /** Puts a kill or re-arm in force. @returns false when the same or a later one is */
  #take(record: KillRecord): boolean {
    const isKnown = this.#dependencies.rulesets.get(record.environmentId) !== undefined;
    if (!isKnown || !this.#book.take(record)) return false;
    this.#push(record);
    return true;
  }

  /** Whatever comes late, the latest stands: rulesets go by epochs as well. */
  #push({ environmentId, flag, epoch, engaged }: KillRecord): void {
    const { rulesets } = this.#dependencies;
    if (rulesets.get(environmentId) !== undefined) rulesets.applyKill(environmentId, { flag, epoch, engaged });
  }

  #keep(record: KillRecord): void {
    const keeping = this.#dependencies.journal.keep(record);
    this.#keeping.set(record.eventId, keeping);
    void keeping.then(() => this.#keeping.delete(record.eventId));
  }

  /** Whether the disk has it within so many milliseconds. */
  async #isKept(record: KillRecord, patienceMs: number): Promise<boolean> {
    const keeping = this.#keeping.get(record.eventId);
    if (keeping === undefined) return this.#dependencies.journal.has(record);
    return (await within(keeping, patienceMs)) ?? false;
  }

  /** Tells the other servers, then stores what is not stored. */
  async #spread(record: KillRecord, isStored: boolean): Promise<KillAnswer> {
    const telling = tellPeers(this.#dependencies.cluster, { kills: [record], isStored });
    if (!isStored) {
      const { store, journal } = this.#dependencies;
      if (store.engine === 'sqlite' && journal.has(record)) await setTimeout(SOCKETS_FIRST_MS);
      else await setImmediate();
      await within(this.#unstored.store(record), PATIENCE_MS);
    }
    const peers = await telling;
    const shown = this.#show(record);
    return { ...shown, kept: shown.stored || (await this.#isKept(record, PATIENCE_MS)), peers };
  }

  #show(record: KillRecord): Kill {
    const { flag, engaged, epoch, atMs, actor, reason } = record;
    return { flag, engaged, epoch, at: toTimestamp(atMs), by: actor, reason, stored: !this.#unstored.has(record) };
  }

  #requireEnvironment({ project, environment }: EnvironmentKeys): LiveRuleset {
    const ruleset = this.#dependencies.rulesets.named(project, environment);
    if (ruleset === undefined) throw notFound(`environment "${environment}" in project "${project}"`);
    return ruleset;
  }
}
