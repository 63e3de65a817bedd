import { explain, type JsonType } from '../explain.ts';
import type {
  EvaluationDetails,
  Flags,
  FlagsEventName,
  FlagsEvents,
  FlagsListener,
  FlagsState,
  IdentifyOptions,
  Readiness,
} from '../flags.ts';
import { Listeners } from '../listeners.ts';
import type { EvaluatedValue, EvaluationContext, Json, Revision } from '../protocol.ts';
import { Values } from '../values.ts';

/** One evaluation that the code under test made. */
export interface RecordedExposure {
  readonly key: string;
  readonly value: Json;
  /** Undefined: the caller's default was served. */
  readonly variant: string | undefined;
}

/** One call of `track`. */
export interface TrackedEvent {
  readonly name: string;
  readonly details: { readonly value?: number } | undefined;
}

/** Flags that a test sets. Answers, details and events are as of a page that is live. */
export interface TestFlags extends Flags {
  /**
   * Sets what a flag answers. Takes effect at once; `change` is told.
   * @throws TypeError when that is no JSON value
   */
  set(key: string, value: Json): void;
  /** Goes back to the initial values, and forgets what was recorded. */
  reset(): void;
  /** The evaluations since the start or the last `reset`, in order. */
  readonly exposures: readonly RecordedExposure[];
  /** The events that the code under test tracked since then, in order. */
  readonly tracked: readonly TrackedEvent[];
  /** The contexts that it identified since then, in order. */
  readonly identified: readonly EvaluationContext[];
  /** @throws Error that says what was evaluated instead, unless the flag was evaluated (and answered that value) */
  expectExposed(key: string, ...value: [] | [Json]): void;
}

/**
 * Flags in memory, for tests of pages and components. No server, no timers, nothing to close. A flag that is not set answers
 * the caller's default, with FLAG_NOT_FOUND.
 *
 * ```tsx
 * const flags = createTestFlags({ 'new-checkout': true });
 * render(<FlagsProvider flags={flags}><Checkout /></FlagsProvider>);
 * flags.expectExposed('new-checkout', true);
 * ```
 *
 * @throws TypeError when a value is no JSON value
 */
export function createTestFlags(initial: Readonly<Record<string, Json>> = {}): TestFlags {
  return new MemoryFlags(initial);
}

/** As of `connect`, when it is given none. */
const logger: { warn(message: string): void } = console;

class MemoryFlags implements TestFlags {
  readonly #initial: Readonly<Record<string, EvaluatedValue>>;
  readonly #listeners = new Listeners((message) => logger.warn(`bunting: ${message}`));
  readonly #values = new Values();
  #number = 0;
  #exposures: RecordedExposure[] = [];
  #tracked: TrackedEvent[] = [];
  #identified: EvaluationContext[] = [];
  readonly state: FlagsState = 'live';
  readonly dataAgeMs = 0;

  constructor(initial: Readonly<Record<string, Json>>) {
    this.#initial = Object.fromEntries(Object.entries(initial).map(([key, value]) => [key, served(key, value)]));
    this.#take(true, this.#initial);
  }

  get revision(): Revision {
    return { incarnation: 'test', number: this.#number, hash: '' };
  }

  get exposures(): readonly RecordedExposure[] {
    return this.#exposures;
  }

  get tracked(): readonly TrackedEvent[] {
    return this.#tracked;
  }

  get identified(): readonly EvaluationContext[] {
    return this.#identified;
  }

  set(key: string, value: Json): void {
    this.#take(false, { [key]: served(key, value) });
  }

  reset(): void {
    this.#exposures = [];
    this.#tracked = [];
    this.#identified = [];
    this.#take(true, this.#initial);
  }

  expectExposed(key: string, ...value: [] | [Json]): void {
    const own = this.#exposures.filter((exposure) => exposure.key === key);
    const wanted = value.map((each) => JSON.stringify(each));
    if (own.some((exposure) => wanted.length === 0 || JSON.stringify(exposure.value) === wanted[0])) return;
    const answered = own.map((exposure) => JSON.stringify(exposure.value)).join(', ');
    const others = [...new Set(this.#exposures.map((exposure) => exposure.key))].join(', ') || 'nothing';
    throw new Error(
      own.length === 0
        ? `The flag '${key}' was not evaluated; evaluated were: ${others}`
        : `The flag '${key}' answered ${answered}, never ${wanted[0]}`,
    );
  }

  isEnabled(key: string, defaultValue = false): boolean {
    return this.#explain('boolean', key, defaultValue).value;
  }

  getBooleanValue(key: string, defaultValue: boolean): boolean {
    return this.#explain('boolean', key, defaultValue).value;
  }

  getStringValue<T extends string = string>(key: string, defaultValue: NoInfer<T>): T {
    return this.#explain<T>('string', key, defaultValue).value;
  }

  getNumberValue<T extends number = number>(key: string, defaultValue: NoInfer<T>): T {
    return this.#explain<T>('number', key, defaultValue).value;
  }

  getObjectValue<T extends Json = Json>(key: string, defaultValue: T): T {
    return this.#explain('object', key, defaultValue).value;
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

  ready(): Promise<Readiness> {
    return Promise.resolve({ state: this.state, revision: this.revision, waitedMs: 0, error: undefined });
  }

  /** Values are of nobody in particular: they stay. */
  identify(context: EvaluationContext, _options?: IdentifyOptions): Promise<Readiness> {
    this.#identified.push(context);
    return this.ready();
  }

  track(name: string, details?: { readonly value?: number }): void {
    this.#tracked.push({ name, details });
  }

  on<Name extends FlagsEventName>(name: Name, listener: FlagsListener<Name>): () => void {
    // They are ready already.
    const current = { revision: this.revision } as FlagsEvents[Name];
    return this.#listeners.on(name, listener, name === 'ready' ? current : undefined);
  }

  close(): void {}

  #explain<T extends Json>(type: JsonType, key: string, defaultValue: T): EvaluationDetails<T> {
    const { state, dataAgeMs } = this;
    const circumstances = { key, state, dataAgeMs, hasValues: true, problem: undefined };
    const details = explain(type, defaultValue, this.#values.get(key), circumstances);
    const { value, variant } = details;
    this.#exposures.push({ key, value, variant });
    return details;
  }

  #take(whole: boolean, values: Readonly<Record<string, EvaluatedValue>>): void {
    const isFirst = this.#number === 0;
    this.#number += 1;
    const { revision } = this;
    const committedAtMs = Date.now();
    const keys = this.#values.apply({ type: 'values', revision, committedAtMs, whole, values, delete: [] }) ?? [];
    if (!isFirst && keys.length > 0) this.#listeners.emit('change', { revision, keys, committedAtMs });
  }
}

/** What is sent is a copy, so a test's later changes to an object do nothing. */
function served(key: string, value: Json): EvaluatedValue {
  const isJson = ['boolean', 'string', 'object'].includes(typeof value) || Number.isFinite(value);
  if (!isJson) throw new TypeError(`The flag '${key}' cannot answer ${String(value)}; give a JSON value`);
  const variant = typeof value === 'boolean' ? (value ? 'on' : 'off') : 'set';
  return { value: JSON.parse(JSON.stringify(value)), variant, reason: 'STATIC' };
}
