import type { Json } from '@bunting/core';
import {
  ErrorCode,
  type EvaluationContext,
  GeneralError,
  type JsonValue,
  OpenFeatureEventEmitter,
  type Provider,
  ProviderEvents,
  ProviderFatalError,
  type ResolutionDetails,
  type TrackingEventDetails,
} from '@openfeature/server-sdk';
import { connect } from '../connect.ts';
import type { EvaluationDetails, Flags } from '../flags.ts';
import type { FlagsError } from '../flags-error.ts';
import type { ConnectOptions } from '../options.ts';

export interface ProviderOptions {
  /** How long `initialize` waits for the first ruleset, in milliseconds. Default 5 000. */
  readonly readyTimeoutMs?: number;
}

/** What OpenFeature was last told of this provider. */
type Told = 'nothing' | 'ready' | 'stale' | 'error';

/**
 * An OpenFeature provider for servers that answers from memory.
 *
 * ```ts
 * await OpenFeature.setProviderAndWait(new BuntingProvider({ url: 'https://flags.example.com', sdkKey }));
 * const on = await OpenFeature.getClient().getBooleanValue('new-checkout', false, { targetingKey: user.id });
 * ```
 *
 * `initialize` fails when there is no ruleset in time, for good when the key is refused; either way a ruleset that comes
 * later makes the provider ready.
 */
export class BuntingProvider implements Provider {
  readonly metadata = { name: 'bunting' } as const;
  readonly runsOn = 'server';
  readonly events = new OpenFeatureEventEmitter();
  /** Of a connection of its own; undefined with flags that are used elsewhere, too. */
  readonly #options: ConnectOptions | undefined;
  readonly #readyTimeoutMs: number;
  #flags: Flags;
  #isClosed = false;
  #told: Told = 'nothing';
  #unsubscribe: (() => void)[] = [];

  /** @param source options for a connection of its own, which ends with the provider; or flags that are used elsewhere, too */
  constructor(source: ConnectOptions | Flags, { readyTimeoutMs = 5_000 }: ProviderOptions = {}) {
    this.#options = 'isEnabled' in source ? undefined : source;
    this.#flags = 'isEnabled' in source ? source : connect(source);
    this.#readyTimeoutMs = readyTimeoutMs;
  }

  async initialize(): Promise<void> {
    if (this.#isClosed && this.#options !== undefined) this.#flags = connect(this.#options);
    this.#isClosed = false;
    const { state, error } = await this.#flags.ready({ timeoutMs: this.#readyTimeoutMs });
    const failure = state === 'default' ? (error ?? 'no ruleset came in time; it is still waited for') : undefined;
    // What this promise settles to is told by OpenFeature itself; a second event for it would be one too many.
    this.#told = failure !== undefined ? 'error' : state === 'live' ? 'ready' : 'stale';
    if (this.#unsubscribe.length === 0) this.#follow();
    // After OpenFeature has said that the provider is ready, or that would stand.
    if (this.#told === 'stale') {
      setImmediate(() => this.#told === 'stale' && this.events.emit(ProviderEvents.Stale));
    }
    if (failure !== undefined) throw toOpenFeatureError(failure);
  }

  async onClose(): Promise<void> {
    for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe();
    this.#isClosed = true;
    if (this.#options !== undefined) await this.#flags.close();
  }

  async resolveBooleanEvaluation(
    key: string,
    defaultValue: boolean,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<boolean>> {
    return this.#resolve(this.#flags.getBooleanDetails(key, defaultValue, context));
  }

  async resolveStringEvaluation(
    key: string,
    defaultValue: string,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<string>> {
    return this.#resolve(this.#flags.getStringDetails<string>(key, defaultValue, context));
  }

  async resolveNumberEvaluation(
    key: string,
    defaultValue: number,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<number>> {
    return this.#resolve(this.#flags.getNumberDetails<number>(key, defaultValue, context));
  }

  async resolveObjectEvaluation<T extends JsonValue>(
    key: string,
    defaultValue: T,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<T>> {
    return this.#resolve(this.#flags.getObjectDetails(key, defaultValue, context)) as ResolutionDetails<T>;
  }

  track(name: string, context?: EvaluationContext, details?: TrackingEventDetails): void {
    this.#flags.track(name, context, details);
  }

  /** Metadata carries the revision as `version`, which telemetry conventions ask for. */
  #resolve<T extends Json>(details: EvaluationDetails<T>): ResolutionDetails<T> {
    const { value, variant, reason, errorCode, errorMessage, flagMetadata } = details;
    const version = this.#flags.revision?.number;
    return {
      value,
      reason,
      flagMetadata: version === undefined ? flagMetadata : { ...flagMetadata, version: String(version) },
      ...(variant === undefined ? {} : { variant }),
      ...(errorCode === undefined ? {} : { errorCode: errorCode as ErrorCode, errorMessage: errorMessage ?? '' }),
    };
  }

  /** Tells OpenFeature what changes from here on. */
  #follow(): void {
    const tell = (told: Told, emit: () => void) => {
      if (this.#told === told) return;
      this.#told = told;
      emit();
    };
    this.#unsubscribe = [
      this.#flags.on('ready', () => tell('ready', () => this.events.emit(ProviderEvents.Ready))),
      this.#flags.on('stale', () => tell('stale', () => this.events.emit(ProviderEvents.Stale))),
      this.#flags.on('change', ({ keys }) =>
        this.events.emit(ProviderEvents.ConfigurationChanged, { flagsChanged: [...keys] }),
      ),
      this.#flags.on('error', ({ fatal, message }) => {
        // Answers from an old ruleset are worth more than none: only without one a refused key is the end.
        if (!fatal || this.#flags.state !== 'default') return;
        tell('error', () => this.events.emit(ProviderEvents.Error, { message, errorCode: ErrorCode.PROVIDER_FATAL }));
      }),
    ];
  }
}

function toOpenFeatureError(failure: FlagsError | string): Error {
  if (typeof failure === 'string') return new GeneralError(failure);
  return failure.fatal ? new ProviderFatalError(failure.message) : new GeneralError(failure.message);
}
