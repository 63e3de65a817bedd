import { explain, type JsonType } from './explain.ts';
import { Exposures } from './exposures.ts';
import type {
  EvaluationDetails,
  Flags,
  FlagsEventName,
  FlagsEvents,
  FlagsListener,
  FlagsState,
  IdentifyOptions,
  Readiness,
  WaitOptions,
} from './flags.ts';
import { FlagsError, type FlagsErrorCode } from './flags-error.ts';
import { Link, type LinkOwner, TIMING, type Timing } from './link.ts';
import { Listeners } from './listeners.ts';
import type { Remembered } from './local-cache.ts';
import { readContext, readOptions, type Settings } from './options.ts';
import {
  type Ages,
  type EvaluatedValue,
  type EvaluationContext,
  isRecord,
  type Json,
  type Revision,
  type ValuesMessage,
} from './protocol.ts';
import { TrackedEvents } from './tracked-events.ts';
import { Values } from './values.ts';
import { SDK } from './version.ts';

/** See `Flags` for what each member does. */
export class Client implements Flags, LinkOwner {
  readonly #settings: Settings;
  readonly #instance: { readonly id: string; readonly app: string | undefined };
  readonly #link: Link | undefined;
  readonly #listeners: Listeners;
  readonly #values = new Values();
  readonly #exposures = new Exposures();
  readonly #events = new TrackedEvents();
  /** Ends the waits of `ready()`. */
  readonly #waiting = new Set<() => void>();
  /** Problems said since the last success: each is said once. */
  readonly #said = new Set<FlagsErrorCode>();
  #context: EvaluationContext = {};
  #contextHash: unknown;
  /** Where the values came from when they are the present context's and the server did not send them. */
  #source: 'bootstrapped' | 'cached' | undefined;
  /** Whether the values are the present context's, from the server. */
  #isCurrent = false;
  /** When the values, as of now, were what the origin had. */
  #confirmedAtMs: number | undefined;
  #staleTimer: ReturnType<typeof setTimeout> | undefined;
  /** When a server vouched for what is leased. */
  #vouchedAtMs = 0;
  /** What was last told by `ready` or `stale`. */
  #toldFresh: boolean | undefined;
  #problem: FlagsError | undefined;
  #isClosed = false;

  constructor(options: unknown, timing: Timing = TIMING) {
    this.#settings = readOptions(options);
    const { app, bootstrap, context, contextHash, socket, url, warn } = this.#settings;
    this.#instance = { id: randomId(), app };
    this.#listeners = new Listeners(warn);
    this.#adopt(context, contextHash);
    if (bootstrap !== undefined) this.#recall(bootstrap, 'bootstrapped');
    else this.#recallCached();
    if (url === undefined) {
      const detail = 'connect() was given options that it cannot use';
      this.#problem = new FlagsError('options_invalid', detail);
      // A moment later, so that listeners can be there.
      queueMicrotask(() => this.report('options_invalid', detail));
    } else if (socket !== undefined) {
      this.#link = new Link(url, this, timing, socket);
      this.#link.restart();
    }
  }

  // ---- answers

  isEnabled(key: string, defaultValue = false): boolean {
    return this.#answer('boolean', key, defaultValue);
  }

  getBooleanValue(key: string, defaultValue: boolean): boolean {
    return this.#answer('boolean', key, defaultValue);
  }

  getStringValue<T extends string = string>(key: string, defaultValue: NoInfer<T>): T {
    return this.#answer<T>('string', key, defaultValue);
  }

  getNumberValue<T extends number = number>(key: string, defaultValue: NoInfer<T>): T {
    return this.#answer<T>('number', key, defaultValue);
  }

  getObjectValue<T extends Json = Json>(key: string, defaultValue: T): T {
    return this.#answer('object', key, defaultValue);
  }

  getBooleanDetails(key: string, defaultValue: boolean): EvaluationDetails<boolean> {
    return this.#explain('boolean', key, defaultValue);
  }

  getStringDetails<T extends string = string>(key: string, defaultValue: NoInfer<T>): EvaluationDetails<T> {
    return this.#explain<T>('string', key, defaultValue);
  }

  getNumberDetails<T extends number = number>(key: string, defaultValue: NoInfer<T>): EvaluationDetails<T> {
    return this.#explain<T>('number', key, defaultValue);
  }

  getObjectDetails<T extends Json = Json>(key: string, defaultValue: T): EvaluationDetails<T> {
    return this.#explain('object', key, defaultValue);
  }

  #answer<T extends Json>(type: JsonType, key: string, defaultValue: T): T {
    const found = this.#find(key);
    const isServed = typeof found?.value === type;
    this.#exposures.add(key, isServed ? found : undefined);
    return isServed ? (found?.value as T) : defaultValue;
  }

  #find(key: string): EvaluatedValue | undefined {
    const found = this.#values.get(key);
    const lease = found?.lease;
    return lease && !(performance.now() - this.#vouchedAtMs <= lease.seconds * 1000) ? lease : found;
  }

  #explain<T extends Json>(type: JsonType, key: string, defaultValue: T): EvaluationDetails<T> {
    const { revision, state, dataAgeMs } = this;
    const circumstances = { key, state, dataAgeMs, hasValues: revision !== undefined, problem: this.#problem };
    const found = this.#find(key);
    const details = explain(type, defaultValue, found, circumstances);
    this.#exposures.add(key, details.errorCode === undefined ? found : undefined);
    return details;
  }

  track(name: string, details?: { readonly value?: number }): void {
    this.#events.add(name, details?.value);
  }

  // ---- state

  ready(options?: WaitOptions): Promise<Readiness> {
    const startedMs = performance.now();
    const describe = (): Readiness => {
      const { state, revision } = this;
      const error = this.#isCurrent ? undefined : this.#problem;
      return { state, revision, waitedMs: Math.round(performance.now() - startedMs), error };
    };
    if (this.#isSettled) return Promise.resolve(describe());
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        resolve(describe());
      };
      const timer = setTimeout(done, readTimeout(options));
      this.#waiting.add(done);
    });
  }

  identify(context: EvaluationContext, options?: IdentifyOptions): Promise<Readiness> {
    if (this.#adopt(context, options?.contextHash) && !this.#isClosed) {
      this.#isCurrent = false;
      this.#source = undefined;
      if (this.#said.delete('context_refused')) this.#problem = undefined;
      this.#recallCached();
      this.#link?.restart();
      this.#tellFreshness();
    }
    return this.ready(options);
  }

  get state(): FlagsState {
    if (this.revision === undefined) return 'default';
    if (this.#source !== undefined) return this.#source;
    return this.#isFresh ? 'live' : 'stale';
  }

  get revision(): Revision | undefined {
    return this.#values.revision;
  }

  get dataAgeMs(): number | undefined {
    return this.#confirmedAtMs === undefined ? undefined : Math.max(0, performance.now() - this.#confirmedAtMs);
  }

  on<Name extends FlagsEventName>(name: Name, listener: FlagsListener<Name>): () => void {
    return this.#listeners.on(name, listener, this.#current(name));
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#staleTimer);
    this.#link?.stop();
    this.#settle();
  }

  // ---- for the link

  introduce(): object {
    this.#values.awaitWhole();
    return {
      key: this.#settings.clientKey,
      sdk: SDK,
      instance: this.#instance,
      context: this.#context,
      contextHash: this.#contextHash,
      // A server that is behind this waits until it is not.
      have: this.#isCurrent || this.#source ? this.revision : null,
    };
  }

  receive(message: ValuesMessage): boolean {
    const isFirst = this.revision === undefined;
    const keys = this.#values.apply(message);
    if (keys === undefined) return false;
    this.#settings.cache?.write(this.#context, { message: { ...message, values: this.#values.all }, atMs: Date.now() });
    this.#isCurrent = true;
    this.#source = undefined;
    this.#problem = undefined;
    this.#said.clear();
    this.confirm(message);
    this.#settle();
    if (!isFirst) this.#tellChange(message, keys);
    return true;
  }

  confirm(ages: Ages): void {
    this.#date(ages, performance.now());
    clearTimeout(this.#staleTimer);
    const leftMs = this.#settings.staleAfterMs - (ages.dataAgeMs ?? 0) + 1;
    this.#staleTimer = setTimeout(() => this.#tellFreshness(), Math.min(2 ** 31 - 1, Math.max(0, leftMs)));
    this.#tellFreshness();
  }

  report(code: FlagsErrorCode, detail: string): void {
    const error = new FlagsError(code, detail);
    this.#problem = error;
    if (error.fatal) this.#settle();
    if (this.#said.has(code)) return;
    this.#said.add(code);
    this.#settings.warn(error.message);
    this.#listeners.emit('error', error);
  }

  takeCounts(): object | undefined {
    const exposures = this.#exposures.take();
    const events = this.#events.take();
    return exposures.length + events.length > 0 ? { exposures, events } : undefined;
  }

  // ----

  #recallCached(): void {
    const remembered = this.#settings.cache?.read(this.#context);
    if (remembered !== undefined) this.#recall(remembered, 'cached');
  }

  /** Answers by values that the server did not send just now. */
  #recall({ message, atMs }: Remembered, source: 'bootstrapped' | 'cached'): void {
    const isFirst = this.revision === undefined;
    const keys = this.#values.apply(message) ?? [];
    this.#source = source;
    this.#date(message, performance.now() - Math.max(0, Date.now() - atMs));
    if (!isFirst) this.#tellChange(message, keys);
  }

  #tellChange({ revision, committedAtMs }: ValuesMessage, keys: readonly string[]): void {
    if (keys.length > 0) this.#listeners.emit('change', { revision, keys, committedAtMs });
  }

  /** @param atMs when the values were that old, by `performance.now()` */
  #date({ dataAgeMs = 0, vouchAgeMs = dataAgeMs }: Ages, atMs: number): void {
    this.#confirmedAtMs = atMs - dataAgeMs;
    this.#vouchedAtMs = atMs - vouchAgeMs;
  }

  /** False when the context cannot be sent: the one before stays. */
  #adopt(context: unknown, contextHash: unknown): boolean {
    const copy = readContext(context);
    if (copy === undefined)
      this.#settings.warn('the context must be a plain object that can be written as JSON; ignored');
    else {
      this.#context = copy;
      this.#contextHash = typeof contextHash === 'string' ? contextHash : undefined;
    }
    return copy !== undefined;
  }

  /** The event that tells of the state that already is. */
  #current<Name extends FlagsEventName>(name: Name): FlagsEvents[Name] | undefined {
    const { revision, state, dataAgeMs } = this;
    let event: FlagsEvents['ready'] | FlagsEvents['stale'] | undefined;
    if (name === 'ready' && state === 'live' && revision !== undefined) event = { revision };
    if (name === 'stale' && state === 'stale' && dataAgeMs !== undefined) event = { dataAgeMs };
    return event as FlagsEvents[Name] | undefined;
  }

  get #isFresh(): boolean {
    return this.#isCurrent && (this.dataAgeMs ?? Number.POSITIVE_INFINITY) <= this.#settings.staleAfterMs;
  }

  /** Nothing more to wait for. */
  get #isSettled(): boolean {
    return this.#isCurrent || this.#isClosed || this.#link === undefined || this.#problem?.fatal === true;
  }

  #settle(): void {
    for (const done of this.#waiting) done();
  }

  #tellFreshness(): void {
    const { revision, dataAgeMs = 0 } = this;
    const isFresh = this.#isFresh;
    if (revision === undefined || this.#source !== undefined || this.#toldFresh === isFresh) return;
    this.#toldFresh = isFresh;
    if (isFresh) this.#listeners.emit('ready', { revision });
    else this.#listeners.emit('stale', { dataAgeMs });
  }
}

function readTimeout(options: unknown): number {
  const { timeoutMs } = isRecord(options) ? options : {};
  return typeof timeoutMs === 'number' && timeoutMs >= 0 ? Math.min(timeoutMs, 2 ** 31 - 1) : 5000;
}

function randomId(): string {
  // Pages that were not served over https have no randomUUID.
  return globalThis.crypto?.randomUUID?.() ?? `page-${Math.random().toString(36).slice(2)}`;
}
