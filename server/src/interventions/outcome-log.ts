import type { FastifyBaseLogger } from 'fastify';
import { appendEvents, lockChainsOf } from '../audit/chain.ts';
import { type NewEvent, newEvent } from '../audit/event.ts';
import { findAuditEvents, hasAuditEvent } from '../audit/repository.ts';
import type { Journal } from '../journal/journal.ts';
import { coalesce } from '../store/coalesce.ts';
import { isStoreFailure } from '../store/store-failure.ts';
import type { Database, DatabaseTransaction } from '../store/tables.ts';
import type { Cause, Mode, Outcome } from './intervention.ts';
import { fromKept, toKept } from './kept-event.ts';

/** In the journal. */
const KIND = 'intervention';

/** Before the first attempt again, in milliseconds; it doubles with each that fails. */
const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 5_000;

const MAX_BATCH = 100;
/** While the database fails. Beyond it what comes is in the server's log alone. */
const MAX_WAITING = 10_000;
/** Of one flag, one result and one actor within `SAME_MS`. */
const MAX_COMPARED = 100;
const MAX_EVIDENCE_LENGTH = 4_096;

/**
 * A kill or a safeguard waits for no other server, so that several may do the same at the same moment. What came of it within
 * this time of each other is one event, in milliseconds.
 */
const SAME_MS = 60_000;

export interface OutcomeLogOptions {
  readonly database: Database;
  readonly journal: Pick<Journal, 'keep' | 'forget' | 'entries'>;
  /** Shows how many wait. */
  readonly gauge: { set(value: number): void };
  readonly log: FastifyBaseLogger;
  /** Hears that some were stored. */
  readonly onStored: () => void;
}

/**
 * Writes outcomes to the audit log, as events `intervention.<result>` of their flags: from there lists, exports, webhooks
 * and proofs have them, once of all servers. What the database does not take waits until it does, on the local disk, too.
 */
export class OutcomeLog {
  readonly #options: OutcomeLogOptions;
  /** By id. */
  readonly #waiting = new Map<string, NewEvent>();
  /** Those that the disk was given. */
  readonly #kept = new Set<string>();
  readonly #attempt = coalesce(() => this.#flush());
  #retry: NodeJS.Timeout | undefined;
  #retryMs = FIRST_RETRY_MS;
  #isClosed = false;

  constructor(options: OutcomeLogOptions) {
    this.#options = options;
    for (const { id, document } of options.journal.entries(KIND)) {
      const event = fromKept(document);
      if (event === undefined) continue;
      this.#waiting.set(id, event);
      this.#kept.add(id);
    }
    options.gauge.set(this.#waiting.size);
    if (this.#waiting.size > 0) void this.#attempt();
  }

  /** Never waits for the database. */
  add(outcome: Outcome, cause: Cause, mode: Mode): void {
    if (this.#waiting.size >= MAX_WAITING) {
      this.#options.log.error(
        { outcome, cause },
        'too many interventions wait for the database: this one is lost to it',
      );
      return;
    }
    this.#waiting.set(outcome.id, toEvent(outcome, cause, mode));
    this.#options.gauge.set(this.#waiting.size);
    void this.#attempt();
  }

  /** Resolves when all that were added so far are stored, or could not be. */
  settle(): Promise<void> {
    return this.#attempt();
  }

  /** Tries once more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    await this.#attempt();
    const { size } = this.#waiting;
    if (size > 0) this.#options.log.error({ size }, 'stopped before these interventions could be stored');
  }

  async #flush(): Promise<void> {
    const events = [...this.#waiting.values()];
    for (let at = 0; at < events.length; at += MAX_BATCH) {
      if (!(await this.#write(events.slice(at, at + MAX_BATCH)))) return this.#scheduleRetry();
    }
    this.#retryMs = FIRST_RETRY_MS;
  }

  async #write(events: readonly NewEvent[]): Promise<boolean> {
    const { database, log, gauge, onStored } = this.#options;
    try {
      await database.transaction().execute(async (tx) => {
        await lockChainsOf(tx, events);
        const added: NewEvent[] = [];
        // A commit whose answer was lost is done again.
        for (const event of events) {
          if (!(await hasAuditEvent(tx, event.id)) && !(await isTold(tx, event))) added.push(event);
        }
        await appendEvents(tx, added);
      });
    } catch (error) {
      if (isStoreFailure(error)) {
        log.warn({ err: error, waiting: this.#waiting.size }, 'interventions could not be stored yet');
        this.#keepAll();
        return false;
      }
      // One that can never be stored must not keep the others out.
      if (events.length > 1) {
        for (const event of events) if (!(await this.#write([event]))) return false;
        return true;
      }
      log.error({ err: error, event: events[0] }, 'an intervention cannot be stored');
    }
    for (const { id } of events) {
      this.#waiting.delete(id);
      if (this.#kept.delete(id)) this.#options.journal.forget(KIND, id);
    }
    gauge.set(this.#waiting.size);
    onStored();
    return true;
  }

  /** So that they outlive this process, if it ends before the database is back. */
  #keepAll(): void {
    for (const [id, event] of this.#waiting) {
      if (this.#kept.has(id)) continue;
      this.#kept.add(id);
      void this.#options.journal.keep(KIND, id, toKept(event)).then((isKept) => {
        if (!isKept) this.#kept.delete(id);
      });
    }
  }

  #scheduleRetry(): void {
    if (this.#isClosed || this.#retry !== undefined) return;
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      void this.#attempt();
    }, this.#retryMs).unref();
    this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS);
  }
}

/** What an event says of an outcome, besides where it was and who asked. */
export interface Told extends Pick<Outcome, 'action' | 'reason' | 'killEpoch'> {
  readonly mode: Mode;
  readonly cause: Omit<Cause, 'actor'>;
}

/** The action of an outcome's audit event. */
export function actionOf(result: string): string {
  return `intervention.${result}`;
}

/**
 * Whether another server told the same: of one cause, and of a signal one episode. Only kills and safeguards wait for no other
 * server, and there are few of them: a flood of alerts costs no look.
 */
async function isTold(tx: DatabaseTransaction, event: NewEvent): Promise<boolean> {
  const { killEpoch, cause } = toldOf(event);
  if (killEpoch === undefined && cause?.kind !== 'safeguard') return false;
  const found = await findAuditEvents(tx, {
    ...{ project: event.project ?? '', environment: event.environment ?? '', action: event.action },
    ...{ targetKind: event.target_kind, targetKey: event.target_key, actor: event.actor_id },
    ...{ fromMs: event.at - SAME_MS, untilMs: event.at + SAME_MS, limit: MAX_COMPARED },
  });
  return found.some((other) => whatOf(other) === whatOf(event));
}

function toldOf({ after }: Pick<NewEvent, 'after'>): Partial<Told> {
  return JSON.parse(after ?? '{}');
}

function whatOf(event: Pick<NewEvent, 'after'>): string {
  const { action, mode, killEpoch, cause } = toldOf(event);
  return JSON.stringify([action, mode, killEpoch, cause?.kind, cause?.id, cause?.episode]);
}

function toEvent(outcome: Outcome, { actor, evidence, ...cause }: Cause, mode: Mode): NewEvent {
  const { id, action, target, atMs, result, reason, killEpoch } = outcome;
  const isSmall = evidence !== undefined && JSON.stringify(evidence).length <= MAX_EVIDENCE_LENGTH;
  const after: Told = { action, mode, reason, killEpoch, cause: { ...cause, ...(isSmall ? { evidence } : {}) } };
  const entry = {
    action: actionOf(result),
    project: target.project,
    environment: target.environment,
    target: { kind: 'flag', key: target.flag },
    after,
  };
  return { ...newEvent({ actor }, entry, atMs), id };
}
