import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';
import type { Static } from '@sinclair/typebox';
import { requirePermission } from '../access/guard.ts';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import { ApiError, notFound, validationFailed } from '../http/api-error.ts';
import { toTimestamp } from '../http/key-schema.ts';
import { DEFAULT_LIMIT, type Page, readCursor, toPage } from '../http/page.ts';
import type { SignalRow } from '../store/tables/signals.ts';
import type { Database } from '../store/tables.ts';
import type { Delivery } from './adapter.ts';
import type { AlertTaker } from './binding-outcome.ts';
import type { SourceWithProject } from './repository.ts';
import { sampleOf } from './samples.ts';
import { describeAlert, MAX_KEPT_ALERTS } from './signal-record.ts';
import { findSignal, findSignals } from './signal-repository.ts';
import type {
  ConfirmedSchema,
  SampleSignalInput,
  SignalQuery,
  SignalSchema,
  TriedSignalSchema,
  WholeSignalSchema,
} from './signal-schemas.ts';
import type { Sns } from './sns.ts';
import type { SourceBook } from './source-book.ts';
import { placeOf, type SignalSources } from './sources.ts';
import { deliveryIdOf, toAlert } from './to-alert.ts';
import { ADAPTERS } from './vendors.ts';

export interface SignalsDependencies {
  readonly database: Database;
  readonly changes: Changes;
  readonly sources: Pick<SignalSources, 'require'>;
  readonly book: SourceBook;
  readonly taker: Pick<AlertTaker, 'foresee'>;
  readonly sns: Pick<Sns, 'find' | 'confirm'>;
  readonly now: () => number;
}

/** What came, as people look at it: what it was, what it led to, and what it would lead to now. */
export class Signals {
  readonly #dependencies: SignalsDependencies;

  constructor(dependencies: SignalsDependencies) {
    this.#dependencies = dependencies;
  }

  /** Newest first. */
  async list(
    caller: Caller,
    key: string,
    { cursor, limit = DEFAULT_LIMIT, state, search }: Static<typeof SignalQuery>,
  ): Promise<Page<Static<typeof SignalSchema>>> {
    const [beforeId] = readCursor(cursor, ['string']) ?? [];
    const { id } = await this.#require(caller, key);
    const rows = await findSignals(this.#dependencies.database, id, { state, search, beforeId, limit: limit + 1 });
    const page = toPage(rows, limit, (row) => [row.id]);
    return { ...page, items: page.items.map(show) };
  }

  async get(caller: Caller, key: string, id: string): Promise<Static<typeof WholeSignalSchema>> {
    const { row, raw } = await this.#find(caller, key, id);
    const isText = isUtf8(raw);
    return {
      ...show(row),
      headers: JSON.parse(row.headers),
      body: raw.toString(isText ? 'utf8' : 'base64'),
      encoding: isText ? 'utf8' : 'base64',
      isWhole: raw.length === row.body_bytes,
    };
  }

  /** What a signal would lead to, were it to come for the first time now. Nothing is done. */
  async evaluate(caller: Caller, key: string, id: string): Promise<Static<typeof TriedSignalSchema>> {
    const { row, raw } = await this.#find(caller, key, id);
    if (raw.length < row.body_bytes) {
      throw new ApiError('conflict', 'Of this signal only the first bytes are kept, so it cannot be read again.');
    }
    return this.#foresee(key, JSON.parse(row.headers), raw, row.received_at);
  }

  /** What a made-up signal would lead to. Nothing is done. @throws {ApiError} `signal_malformed` */
  async try(
    caller: Caller,
    key: string,
    { labels = {}, body }: Static<typeof SampleSignalInput>,
  ): Promise<Static<typeof TriedSignalSchema>> {
    const { vendor, mapping } = await this.#require(caller, key);
    if (body === undefined && mapping !== null) {
      const message = 'is needed: only you know what is sent to a source with a mapping';
      throw validationFailed([{ path: 'body', message }]);
    }
    const sample = sampleOf(vendor as keyof typeof ADAPTERS, labels, this.#dependencies.now());
    const raw = Buffer.from(body ?? sample.body);
    return this.#foresee(key, sample.headers, raw, this.#dependencies.now());
  }

  /** Tells SNS that its topic may send here. */
  async confirm(caller: Caller, key: string, id: string): Promise<Static<typeof ConfirmedSchema>> {
    const { changes, sns } = this.#dependencies;
    const source = await this.#dependencies.sources.require(caller, key, 'safeguard:write');
    const { raw } = await this.#find(caller, key, id);
    const { subscription } = this.#read(key, {}, raw);
    if (subscription === undefined) {
      throw new ApiError('conflict', 'This signal asks for no confirmation: take the SubscriptionConfirmation of SNS.');
    }
    const { topic, confirmUrl } = subscription;
    await sns.confirm(confirmUrl).catch((error: Error) => {
      throw new ApiError(
        'conflict',
        `SNS did not take the confirmation: ${error.message}. One is valid for 3 days: ask SNS for another.`,
      );
    });
    await changes.commit(caller, (draft) =>
      draft.audit({
        action: 'signal-source.subscription-confirmed',
        ...placeOf(source.project),
        target: { kind: 'signal-source', key },
        after: { topic },
      }),
    );
    return { topic };
  }

  #foresee(key: string, headers: IncomingHttpHeaders, raw: Buffer, atMs: number): Static<typeof TriedSignalSchema> {
    const { book, taker } = this.#dependencies;
    const source = book.get(key);
    if (source === undefined) throw notFound(`source of signals "${key}"`);
    const delivery = this.#read(key, headers, raw);
    const deliveryId = deliveryIdOf(delivery, raw);
    const alerts = delivery.findings.slice(0, MAX_KEPT_ALERTS).map((finding) => {
      const alert = toAlert(source, finding, { atMs }, deliveryId);
      const foreseen = taker.foresee(source, alert).map((one) => ({ ...one, targets: [...one.targets] }));
      return { ...describeAlert(alert), foreseen };
    });
    return { body: raw.toString('utf8'), note: delivery.note ?? null, alerts };
  }

  #read(key: string, headers: IncomingHttpHeaders, raw: Buffer): Delivery {
    const { book, sns, now } = this.#dependencies;
    const source = book.get(key);
    if (source === undefined) throw notFound(`source of signals "${key}"`);
    const { vendor, topics, compiledMapping: mapping } = source;
    const trust = { secrets: [], topics, certificates: sns, ...(mapping === undefined ? {} : { mapping }) };
    return ADAPTERS[vendor].read({ headers, raw, atMs: now() }, trust);
  }

  /** What came is for who may read it there; that an installation's source exists is for more. */
  async #require(caller: Caller, key: string): Promise<SourceWithProject> {
    const source = await this.#dependencies.sources.require(caller, key);
    requirePermission(caller, 'signal:read', placeOf(source.project));
    return source;
  }

  async #find(caller: Caller, key: string, id: string): Promise<{ row: SignalRow; raw: Buffer }> {
    const source = await this.#require(caller, key);
    const row = await findSignal(this.#dependencies.database, source.id, id);
    if (row === undefined) throw notFound(`signal "${id}" of source "${key}"`);
    return { row, raw: Buffer.from(row.body, 'base64') };
  }
}

function show(row: Omit<SignalRow, 'body' | 'headers'>): Static<typeof SignalSchema> {
  return {
    id: row.id,
    deliveryId: row.delivery_id,
    state: row.state as Static<typeof SignalSchema>['state'],
    note: row.note,
    receivedAt: toTimestamp(row.received_at),
    deliveries: row.deliveries,
    lastAt: toTimestamp(row.last_at),
    bodyBytes: row.body_bytes,
    alerts: JSON.parse(row.alerts),
  };
}
