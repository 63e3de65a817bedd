import { setImmediate, setTimeout as wait } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import type { RequestRates } from '../access/request-rates.ts';
import { ApiError, notFound } from '../http/api-error.ts';
import type { Certificates, Delivery, Finding, Message, Trust } from './adapter.ts';
import type { AlertTaker } from './binding-outcome.ts';
import type { Episodes } from './episodes.ts';
import type { KeptSignals } from './kept-signals.ts';
import type { SignalMetrics } from './metrics.ts';
import { isMatched, type Judged, toRecord, withOutcome } from './signal-record.ts';
import { type KnownSource, type SourceBook, secretsOf } from './source-book.ts';
import { deliveryIdOf, toAlert } from './to-alert.ts';
import { ADAPTERS } from './vendors.ts';

export interface InboxDependencies {
  readonly book: SourceBook;
  readonly taker: AlertTaker;
  readonly episodes: Episodes;
  readonly kept: KeptSignals;
  readonly certificates: Certificates;
  readonly rates: Pick<RequestRates, 'take'>;
  readonly metrics: Pick<SignalMetrics, 'count'>;
  readonly log: Pick<FastifyBaseLogger, 'error'>;
}

/** What the sender is told. */
export interface Taken {
  /** What is kept of the signal has it, too. */
  readonly deliveryId: string;
  readonly alerts: number;
  /** Alerts that a binding matched, as far as that is known already. */
  readonly matched: number;
  readonly note?: string;
}

/** How long an answer waits for what comes of the alerts, in milliseconds. They are acted upon all along. */
const ANSWER_MS = 500;

/** Alerts that are handed over before others have their turn. */
const AT_ONCE = 50;

/** Where other systems say that things go wrong. What should act acts first; then it is kept, then answered. */
export class Inbox {
  readonly #dependencies: InboxDependencies;

  constructor(dependencies: InboxDependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * @param key of the source
   * @param address of the sender
   * @throws {ApiError} `unauthenticated`, `forbidden`; `signal_malformed` of what is authentic; `rate_limited`;
   *   `signal_unkept` when neither the database nor the journal took it: then it is to be sent again
   */
  async take(key: string, message: Message, address: string): Promise<Taken> {
    const { book, rates, metrics } = this.#dependencies;
    const source = book.get(key);
    if (source === undefined) {
      rates.take('address', address);
      throw notFound(`source of signals "${key.slice(0, 100)}"`);
    }
    const trust = this.#trustOf(source, message.atMs);
    try {
      await ADAPTERS[source.vendor].verify(message, trust);
    } catch (error) {
      metrics.count(source.vendor, 'refused');
      // Only what is not authentic counts: forgers must not keep out who is.
      rates.take('address', address);
      throw error;
    }
    const delivery = await this.#read(source, message, trust);
    const judged = await this.#judge(source, message, delivery);
    return this.#keep(source, message, delivery, judged);
  }

  #trustOf(source: KnownSource, atMs: number): Trust {
    const { certificates } = this.#dependencies;
    return {
      secrets: secretsOf(source, atMs),
      topics: source.topics,
      certificates,
      ...(source.compiledMapping === undefined ? {} : { mapping: source.compiledMapping }),
    };
  }

  /** What nothing can be made of is kept, too, so that people see what is wrong with it. */
  async #read(source: KnownSource, message: Message, trust: Trust): Promise<Delivery> {
    const { kept, metrics, rates } = this.#dependencies;
    try {
      return ADAPTERS[source.vendor].read(message, trust);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      metrics.count(source.vendor, 'malformed');
      rates.take('signals', source.id);
      const deliveryId = deliveryIdOf({ findings: [] }, message.raw);
      const what = { sourceId: source.id, deliveryId, message, state: 'malformed', judged: [] } as const;
      await kept.keep(toRecord({ ...what, note: error.message }));
      throw error;
    }
  }

  /** Hands all alerts over at once; what each comes to is known when it is. */
  async #judge(source: KnownSource, message: Message, delivery: Delivery): Promise<Promise<Judged>[]> {
    const deliveryId = deliveryIdOf(delivery, message.raw);
    const judged: Promise<Judged>[] = [];
    for (const [at, finding] of delivery.findings.entries()) {
      if (at > 0 && at % AT_ONCE === 0) await setImmediate();
      judged.push(this.#handOver(source, message, finding, deliveryId));
    }
    return judged;
  }

  async #handOver(source: KnownSource, message: Message, finding: Finding, deliveryId: string): Promise<Judged> {
    const { taker, episodes, log } = this.#dependencies;
    const isKnown = finding.startsAtMs !== undefined || finding.cycle !== undefined;
    const begun = isKnown ? undefined : await episodes.latest(source.id, finding.fingerprint, finding.occurredAtMs);
    const alert = toAlert(source, finding, message, deliveryId, begun);
    if (alert.status === 'firing') episodes.note(source.id, alert.fingerprint, alert);
    // Neither firing nor resolved: it acts in no way.
    if (alert.status === 'unknown') return { alert, outcomes: [] };
    try {
      return { alert, outcomes: await taker.take(source, alert) };
    } catch (error) {
      log.error({ err: error, source: source.key, episode: alert.episode }, 'an alert could not be acted upon');
      return { alert, outcomes: [] };
    }
  }

  async #keep(
    source: KnownSource,
    message: Message,
    delivery: Delivery,
    judging: readonly Promise<Judged>[],
  ): Promise<Taken> {
    const { kept, metrics, rates } = this.#dependencies;
    const { judged, isWhole } = await settledWithin(ANSWER_MS, judging);
    // What takes its time matched something: nothing else has anything to wait for.
    const matched = judged.filter(isMatched).length + (judging.length - judged.length);
    const state = matched > 0 ? 'matched' : 'unmatched';
    metrics.count(source.vendor, state);
    // A source that has run wild is told to slow down, but never before what should act has acted.
    if (matched === 0) rates.take('signals', source.id);
    const deliveryId = deliveryIdOf(delivery, message.raw);
    const record = toRecord({ sourceId: source.id, deliveryId, message, state, note: delivery.note, judged });
    if (!(await kept.keep(record))) {
      metrics.count(source.vendor, 'unkept');
      const text =
        'The signal was acted upon if it matched, but could not be kept: neither the database nor the disk takes it. Send it again.';
      throw new ApiError('signal_unkept', text, undefined, { 'retry-after': '5' });
    }
    if (!isWhole) void Promise.all(judging).then((all) => kept.complete(withOutcome(record, all)));
    const note = delivery.note === undefined ? {} : { note: delivery.note };
    return { deliveryId, alerts: delivery.findings.length, matched, ...note };
  }
}

/** Those that are there in time; none of them rejects. */
async function settledWithin<T>(
  patienceMs: number,
  work: readonly Promise<T>[],
): Promise<{ judged: T[]; isWhole: boolean }> {
  const judged: T[] = [];
  const patience = new AbortController();
  const all = Promise.all(work.map((one) => one.then((value) => judged.push(value)))).then(() => patience.abort());
  await Promise.race([all, wait(patienceMs, undefined, { signal: patience.signal }).catch(() => {})]);
  return { judged: [...judged], isWhole: judged.length === work.length };
}
