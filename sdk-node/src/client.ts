import type { Evaluation, EvaluationContext, FlagType, Json, Revision } from '@bunting/core';
import { type AllOptions, type AllValues, type Answers, evaluateAll } from './all-values.ts';
import { BoundFlags } from './bound-flags.ts';
import { detailsOf, notReady } from './details.ts';
import {
  type FlagsEventName,
  type FlagsEvents,
  type FlagsListener,
  type ListenerOptions,
  Listeners,
} from './events.ts';
import type { EvaluationDetails, Evaluations, Flags, FlagsState, Readiness, TrackingDetails } from './flags.ts';
import { type Hook, Hooks, withHooks } from './hooks.ts';
import { type Logger, log } from './logger.ts';
import { attribute } from './paths/attribute.ts';
import type { Choice } from './paths/choice.ts';
import type { PathArgs, Sides } from './paths/code-paths.ts';
import type { Migration, MigrationOptions } from './paths/migration.ts';
import { PathRunner } from './paths/path-runner.ts';
import type { PathSink } from './paths/path-window.ts';
import type { ShadowOptions } from './paths/shadow.ts';
import type { Sync } from './sync.ts';
import type { TransportName } from './transports/transport.ts';

const READY_TIMEOUT_MS = 5000;

/** A stage is taken for the present one for so long. Servers wait longer for an instance that has fallen silent. */
const CONFIRMED_MS = 60_000;

/** Stands in when the caller gives no context. */
const NO_CONTEXT: EvaluationContext = Object.freeze({});

/** Where a client's ruleset comes from: a server, or memory in tests. */
export interface Source extends Pick<Sync, 'source' | 'problem' | 'transport' | 'start' | 'stop'> {
  readonly ruleset: Answers | undefined;
  readonly exposures: Pick<Sync['exposures'], 'countDefault'>;
  readonly events: Pick<Sync['events'], 'count'>;
  readonly paths: PathSink;
  readonly freshness: Pick<Sync['freshness'], 'isStale' | 'ageMs'>;
  readonly samples: Pick<Sync['samples'], 'isDue' | 'take'>;
}

/** See `Flags` for what each member does. */
export class Client implements Flags {
  readonly #logger: Logger;
  readonly #hooks: Hooks;
  readonly #listeners: Listeners;
  readonly #sync: Source;
  readonly #samples: Source['samples'];
  readonly #paths: PathRunner;
  /** Ends the waits of `ready()`. */
  readonly #waiting = new Set<() => void>();
  #closed: Promise<void> | undefined;

  /** @param open makes the source, which tells the listeners what happens */
  constructor(logger: Logger, open: (listeners: Listeners) => Source) {
    this.#logger = logger;
    this.#hooks = new Hooks(logger);
    this.#listeners = new Listeners(logger);
    this.#sync = open(this.#listeners);
    this.#samples = this.#sync.samples;
    this.#paths = new PathRunner({
      logger,
      sink: this.#sync.paths,
      choose: (...call) => this.#choose(...call),
      typeOf: (key) => this.#sync.ruleset?.typeOf(key),
      isConfirmed: () => this.state === 'live' && (this.dataAgeMs ?? Number.POSITIVE_INFINITY) <= CONFIRMED_MS,
    });
    const settle = () => this.#settle();
    this.#listeners.on('ready', settle);
    this.#listeners.on('stale', settle);
    this.#listeners.on('error', (error) => error.fatal && settle());
    this.#sync.start();
  }

  // ---- evaluation: the first few lines of each are all that runs when the flag exists and is of the type asked for

  isEnabled(key: string, context?: EvaluationContext, defaultValue = false): boolean {
    return this.getBooleanValue(key, defaultValue, context);
  }

  getBooleanValue(key: string, defaultValue: boolean, context?: EvaluationContext): boolean {
    const evaluation = this.#evaluate(key, context);
    if (evaluation !== undefined && typeof evaluation.value === 'boolean') {
      evaluation.exposures++;
      return evaluation.value;
    }
    return this.#serveDefault(key, defaultValue);
  }

  getStringValue<T extends string = string>(key: string, defaultValue: NoInfer<T>, context?: EvaluationContext): T {
    const evaluation = this.#evaluate(key, context);
    if (evaluation !== undefined && typeof evaluation.value === 'string') {
      evaluation.exposures++;
      return evaluation.value as T;
    }
    return this.#serveDefault(key, defaultValue);
  }

  getNumberValue<T extends number = number>(key: string, defaultValue: NoInfer<T>, context?: EvaluationContext): T {
    const evaluation = this.#evaluate(key, context);
    if (evaluation !== undefined && typeof evaluation.value === 'number') {
      evaluation.exposures++;
      return evaluation.value as T;
    }
    return this.#serveDefault(key, defaultValue);
  }

  getObjectValue<T extends Json = Json>(key: string, defaultValue: T, context?: EvaluationContext): T {
    const evaluation = this.#evaluate(key, context);
    if (evaluation !== undefined && typeof evaluation.value === 'object') {
      evaluation.exposures++;
      return evaluation.value as T;
    }
    return this.#serveDefault(key, defaultValue);
  }

  getBooleanDetails(key: string, defaultValue: boolean, context?: EvaluationContext): EvaluationDetails<boolean> {
    return this.#explain('boolean', key, defaultValue, context);
  }

  getStringDetails<T extends string = string>(
    key: string,
    defaultValue: NoInfer<T>,
    context?: EvaluationContext,
  ): EvaluationDetails<T> {
    return this.#explain<T>('string', key, defaultValue, context);
  }

  getNumberDetails<T extends number = number>(
    key: string,
    defaultValue: NoInfer<T>,
    context?: EvaluationContext,
  ): EvaluationDetails<T> {
    return this.#explain<T>('number', key, defaultValue, context);
  }

  getObjectDetails<T extends Json = Json>(
    key: string,
    defaultValue: T,
    context?: EvaluationContext,
  ): EvaluationDetails<T> {
    return this.#explain('object', key, defaultValue, context);
  }

  run<T>(key: string, ...args: PathArgs<Sides<T>>): T {
    return this.#paths.run(key, ...args);
  }

  migrate<R extends readonly unknown[], V, W extends readonly unknown[], T>(
    key: string,
    ...args: PathArgs<MigrationOptions<R, V, W, T>>
  ): Migration<R, V, W, T> {
    return this.#paths.migrate(key, ...args);
  }

  shadow<T>(key: string, ...args: PathArgs<ShadowOptions<T>>): T {
    return this.#paths.shadow(key, ...args);
  }

  all(context: EvaluationContext = NO_CONTEXT, options?: AllOptions): AllValues | undefined {
    const { ruleset, freshness } = this.#sync;
    if (ruleset?.revision === undefined) return undefined;
    const values = evaluateAll(ruleset, context, readField(options, 'clientVisibleOnly') !== false);
    return { revision: ruleset.revision, values, timeMs: Math.round(Date.now() - (freshness.ageMs ?? 0)) };
  }

  withContext(context: EvaluationContext): Evaluations {
    return new BoundFlags(this, () => context);
  }

  track(name: string, context?: EvaluationContext, details?: TrackingDetails): void {
    let value: unknown;
    let flags: unknown;
    try {
      ({ value, flags } = details ?? {});
    } catch {
      value = null;
    }
    this.#sync.events.count(name, value);
    const event = { name, value, flags, context: context ?? NO_CONTEXT };
    if (flags !== undefined) attribute(event, this.#sync.ruleset, this.#sync.paths);
  }

  addHook(hook: Hook): () => void {
    if (typeof hook !== 'object' || hook === null) {
      log(this.#logger, 'warn', 'addHook() takes an object with some of before, after, error and finally; not added');
      return () => {};
    }
    const remove = this.#hooks.add(hook);
    if (this.#hooks.size === 1) this.#evaluateWithHooks();
    return () => {
      remove();
      if (this.#hooks.size === 0) this.#evaluateWithoutHooks();
    };
  }

  // ---- state

  ready(options?: { readonly timeoutMs?: number }): Promise<Readiness> {
    const startedMs = performance.now();
    if (this.#isSettled) return Promise.resolve(this.#describe(startedMs));
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        resolve(this.#describe(startedMs));
      };
      const timer = setTimeout(done, readTimeout(options));
      this.#waiting.add(done);
    });
  }

  get state(): FlagsState {
    const { source, freshness } = this.#sync;
    return source === 'live' && freshness.isStale ? 'stale' : source;
  }

  get revision(): Revision | undefined {
    return this.#sync.ruleset?.revision;
  }

  get dataAgeMs(): number | undefined {
    return this.#sync.freshness.ageMs;
  }

  get transport(): TransportName | undefined {
    return this.#sync.transport;
  }

  on<Name extends FlagsEventName>(name: Name, listener: FlagsListener<Name>, options?: ListenerOptions): () => void {
    return this.#listeners.on(name, listener, options, this.#current(name));
  }

  close(): Promise<void> {
    this.#closed ??= this.#sync.stop();
    this.#settle();
    return this.#closed;
  }

  /** The event that tells of the state that already is. */
  #current<Name extends FlagsEventName>(name: Name): FlagsEvents[Name] | undefined {
    const { revision, state, dataAgeMs } = this;
    let event: FlagsEvents['ready'] | FlagsEvents['stale'] | undefined;
    if (name === 'ready' && state === 'live' && revision !== undefined) event = { revision };
    if (name === 'stale' && state === 'stale' && dataAgeMs !== undefined) event = { dataAgeMs };
    return event as FlagsEvents[Name] | undefined;
  }

  /** Nothing more to wait for. */
  get #isSettled(): boolean {
    return this.#sync.source === 'live' || this.#closed !== undefined || this.#sync.problem?.fatal === true;
  }

  #settle(): void {
    for (const done of this.#waiting) done();
  }

  #describe(startedMs: number): Readiness {
    const { state, revision, transport } = this;
    const error = this.#sync.source === 'live' ? undefined : this.#sync.problem;
    return { state, revision, transport, waitedMs: Math.round(performance.now() - startedMs), error };
  }

  /** Lays other methods over those that evaluate: who has no hooks does not even pay for the question. */
  #evaluateWithHooks(): void {
    Object.assign(
      this,
      withHooks(this.#hooks, (...call) => this.#explain(...call)),
    );
  }

  #evaluateWithoutHooks(): void {
    const { isEnabled, getBooleanValue, getStringValue, getNumberValue, getObjectValue } = Client.prototype;
    const { getBooleanDetails, getStringDetails, getNumberDetails, getObjectDetails } = Client.prototype;
    Object.assign(this, { isEnabled, getBooleanValue, getStringValue, getNumberValue, getObjectValue });
    Object.assign(this, { getBooleanDetails, getStringDetails, getNumberDetails, getObjectDetails });
  }

  /** Undefined before the first ruleset. */
  #evaluate(key: string, context: EvaluationContext | undefined): Evaluation | undefined {
    if (this.#samples.isDue && context !== undefined) this.#samples.take(context);
    return this.#sync.ruleset?.evaluate(key, context === undefined ? NO_CONTEXT : context);
  }

  #serveDefault<T>(key: string, defaultValue: T): T {
    if (this.#sync.ruleset !== undefined) this.#sync.exposures.countDefault(key);
    return defaultValue;
  }

  /** What code paths go by. */
  #choose<T extends Json>(type: FlagType, key: string, defaultValue: T, context?: EvaluationContext): Choice<T> {
    if (this.#hooks.size > 0) return this.#chooseWithHooks(type, key, defaultValue, context);
    const answers = this.#sync.ruleset;
    const seen = context === undefined ? NO_CONTEXT : context;
    const evaluation = this.#evaluate(key, context);
    if (evaluation !== undefined && typeof evaluation.value === type) {
      evaluation.exposures++;
      return { key, value: evaluation.value as T, isServed: true, evaluation, context: seen, answers };
    }
    const value = this.#serveDefault(key, defaultValue);
    return { key, value, isServed: false, evaluation, context: seen, answers };
  }

  #chooseWithHooks<T extends Json>(
    type: FlagType,
    key: string,
    defaultValue: T,
    context: EvaluationContext | undefined,
  ): Choice<T> {
    const answers = this.#sync.ruleset;
    let seen = context;
    let evaluation: Evaluation | undefined;
    const { value, errorCode } = this.#hooks.run({ key, type, defaultValue, context }, (merged) => {
      seen = merged;
      evaluation = this.#evaluate(key, merged);
      return this.#explainOutcome(type, key, defaultValue, evaluation);
    });
    return { key, value, isServed: errorCode === undefined, evaluation, context: seen ?? NO_CONTEXT, answers };
  }

  #explain<T extends Json>(
    type: FlagType,
    key: string,
    defaultValue: T,
    context: EvaluationContext | undefined,
  ): EvaluationDetails<T> {
    return this.#explainOutcome(type, key, defaultValue, this.#evaluate(key, context));
  }

  #explainOutcome<T extends Json>(
    type: FlagType,
    key: string,
    defaultValue: T,
    outcome: Evaluation | undefined,
  ): EvaluationDetails<T> {
    const evaluation = outcome ?? notReady(this.#sync.problem, this.#closed !== undefined);
    const details = detailsOf({ type, key, defaultValue }, evaluation, this);
    if (details.errorCode === undefined) evaluation.exposures++;
    else this.#serveDefault(key, defaultValue);
    return details;
  }
}

function readTimeout(options: unknown): number {
  const timeoutMs = readField(options, 'timeoutMs');
  return typeof timeoutMs === 'number' && timeoutMs >= 0 ? Math.min(timeoutMs, 2 ** 31 - 1) : READY_TIMEOUT_MS;
}

/** Of options of a caller without types; undefined when it cannot be read. */
function readField(options: unknown, name: string): unknown {
  try {
    return (options as Readonly<Record<string, unknown>> | null | undefined)?.[name];
  } catch {
    return undefined;
  }
}
