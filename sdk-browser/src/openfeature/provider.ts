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
} from '@openfeature/web-sdk';
import { connect } from '../connect.ts';
import type { EvaluationDetails, Flags } from '../flags.ts';
import type { FlagsError } from '../flags-error.ts';
import type { ConnectOptions } from '../options.ts';
import type { Json } from '../protocol.ts';

export interface WebProviderOptions {
  /** How long to wait for the first values, and for those of another context, in milliseconds. Default 5 000. */
  readonly readyTimeoutMs?: number;
  /**
   * Asks the page's own server for the `contextHash` of a context, where the environment requires contexts to be proved:
   * what `signContext` of `@bunting/node` made of exactly this context.
   */
  readonly proveContext?: (context: EvaluationContext) => Promise<string> | string;
}

/** What OpenFeature was last told of this provider. */
type Told = 'ready' | 'stale' | 'error';

/**
 * An OpenFeature provider for pages. The context is OpenFeature's: `OpenFeature.setContext` makes the page someone else's.
 *
 * ```ts
 * await OpenFeature.setContext({ targetingKey: user.id });
 * await OpenFeature.setProviderAndWait(new BuntingWebProvider({ url: 'https://flags.example.com', clientKey: 'bnt_cli_...' }));
 * ```
 *
 * With bootstrapped or cached values it is ready at once.
 */
export class BuntingWebProvider implements Provider {
  readonly metadata = { name: 'bunting' } as const;
  readonly runsOn = 'client';
  readonly events = new OpenFeatureEventEmitter();
  readonly #options: Omit<ConnectOptions, 'context'>;
  readonly #readyTimeoutMs: number;
  readonly #prove: WebProviderOptions['proveContext'];
  /** Counts contexts: a proof that comes late is of no use any more. */
  #generation = 0;
  #flags: Flags | undefined;
  #told: Told | undefined;
  #unsubscribe: (() => void)[] = [];

  constructor(
    options: Omit<ConnectOptions, 'context'>,
    { readyTimeoutMs = 5_000, proveContext }: WebProviderOptions = {},
  ) {
    this.#options = options;
    this.#prove = proveContext;
    this.#readyTimeoutMs = readyTimeoutMs;
  }

  async initialize(context: EvaluationContext = {}): Promise<void> {
    this.#flags?.close();
    const proof = await this.#proofOf(context);
    const flags = connect({ ...this.#options, ...proof, context });
    this.#flags = flags;
    if (flags.state === 'default') await flags.ready({ timeoutMs: this.#readyTimeoutMs });
    const { state, error } = await flags.ready({ timeoutMs: 0 });
    const failure = state === 'default' ? (error ?? 'no values came in time; they are still waited for') : undefined;
    // What this promise settles to is told by OpenFeature itself; a second event for it would be one too many.
    this.#told = failure === undefined ? 'ready' : 'error';
    this.#follow(flags);
    if (failure !== undefined) throw toOpenFeatureError(failure);
  }

  async onContextChange(_old: EvaluationContext, context: EvaluationContext): Promise<void> {
    const flags = this.#flags;
    if (flags === undefined) return;
    // OpenFeature says itself that it reconciles, and how that ended.
    this.#told = 'ready';
    const generation = ++this.#generation;
    const proof = await this.#proofOf(context);
    if (generation !== this.#generation) return;
    const { state, error } = await flags.identify(context, { timeoutMs: this.#readyTimeoutMs, ...proof });
    if (state === 'live' || state === 'cached') return;
    this.#told = 'error';
    const why = error?.message ?? 'the values of the new context did not come in time';
    throw new GeneralError(`${why}; those of the one before are served`);
  }

  async onClose(): Promise<void> {
    for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe();
    this.#flags?.close();
    this.#flags = undefined;
  }

  track(name: string, _context: EvaluationContext, details?: TrackingEventDetails): void {
    this.#flags?.track(name, details);
  }

  resolveBooleanEvaluation(key: string, defaultValue: boolean): ResolutionDetails<boolean> {
    return resolve(defaultValue, this.#flags?.getBooleanDetails(key, defaultValue));
  }

  resolveStringEvaluation(key: string, defaultValue: string): ResolutionDetails<string> {
    return resolve(defaultValue, this.#flags?.getStringDetails<string>(key, defaultValue));
  }

  resolveNumberEvaluation(key: string, defaultValue: number): ResolutionDetails<number> {
    return resolve(defaultValue, this.#flags?.getNumberDetails<number>(key, defaultValue));
  }

  resolveObjectEvaluation<T extends JsonValue>(key: string, defaultValue: T): ResolutionDetails<T> {
    const details = this.#flags?.getObjectDetails(key, defaultValue as Json);
    return resolve<Json>(defaultValue as Json, details) as ResolutionDetails<T>;
  }

  /** Without a proof the server says what is missing. */
  async #proofOf(context: EvaluationContext): Promise<Pick<ConnectOptions, 'contextHash'>> {
    if (this.#prove === undefined) return {};
    try {
      return { contextHash: await this.#prove(context) };
    } catch {
      return {};
    }
  }

  /** Tells OpenFeature what changes from here on. */
  #follow(flags: Flags): void {
    for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe();
    const tell = (told: Told, emit: () => void) => {
      if (this.#told === told) return;
      this.#told = told;
      emit();
    };
    this.#unsubscribe = [
      flags.on('ready', () => tell('ready', () => this.events.emit(ProviderEvents.Ready))),
      flags.on('stale', () => tell('stale', () => this.events.emit(ProviderEvents.Stale))),
      flags.on('change', ({ keys }) =>
        this.events.emit(ProviderEvents.ConfigurationChanged, { flagsChanged: [...keys] }),
      ),
      flags.on('error', ({ fatal, message }) => {
        if (!fatal || flags.state !== 'default') return;
        tell('error', () => this.events.emit(ProviderEvents.Error, { message, errorCode: ErrorCode.PROVIDER_FATAL }));
      }),
    ];
  }
}

function resolve<T extends Json>(defaultValue: T, details: EvaluationDetails<T> | undefined): ResolutionDetails<T> {
  if (details === undefined) return { value: defaultValue, errorCode: ErrorCode.PROVIDER_NOT_READY };
  const { value, variant, reason, errorCode, errorMessage, flagMetadata, state } = details;
  return {
    value,
    reason,
    flagMetadata: { ...flagMetadata, state },
    ...(variant === undefined ? {} : { variant }),
    ...(errorCode === undefined ? {} : { errorCode: errorCode as ErrorCode, errorMessage: errorMessage ?? '' }),
  };
}

function toOpenFeatureError(failure: FlagsError | string): Error {
  if (typeof failure === 'string') return new GeneralError(failure);
  return failure.fatal ? new ProviderFatalError(failure.message) : new GeneralError(failure.message);
}
